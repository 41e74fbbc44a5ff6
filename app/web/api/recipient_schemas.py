"""The documents of who gets scorecards by mail; see schemas.py."""

from marshmallow import Schema, fields

from app.mail.content.reasons import Why
from app.web.api.list_schemas import a_text, a_word


class Recipient(Schema):
    """Who gets a scorecard by mail, and why: as its head, a head above, HR or a deputy."""

    email = a_text()
    language = a_text()
    time_zone = a_text()
    why = a_word(*(why.value for why in Why))


class ListedRecipients(Schema):
    """Who would get the next scorecard of a department today."""

    department = a_text(about="Its code")
    is_small = fields.Boolean(required=True, metadata={"description": "Too small for a scorecard of its own"})
    mails_head = fields.Boolean(required=True, metadata={"description": "Whom the rule names gets it"})
    recipients = fields.List(fields.Nested(Recipient), required=True)


class Deputy(Schema):
    """Somebody who may open the scorecard, and whether it comes by mail."""

    email = a_text()
    gets_mail = fields.Boolean(required=True)


class Recipients(ListedRecipients):
    """Who would get the next scorecard of a department today, and which deputies could."""

    deputies = fields.List(fields.Nested(Deputy), required=True)


class NewRecipients(Schema):
    """HR's choice for a department."""

    mails_head = fields.Boolean(required=True, metadata={"description": "Whom the rule names gets it"})
    deputies = fields.List(
        fields.String(), required=True, metadata={"description": "Addresses of those that the department has, or none"}
    )
