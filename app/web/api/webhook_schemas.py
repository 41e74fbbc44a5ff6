"""The documents of webhooks; see schemas.py."""

from marshmallow import Schema, fields

from app.domain.webhooks import CHOICES, WebhookEvent, WebhookState
from app.web.api.list_schemas import a_moment, a_number, a_text, a_word


class ListedWebhook(Schema):
    """A program that is told what happens; never its secret."""

    name = a_text()
    url = a_text()
    events = fields.List(a_word(*CHOICES), required=True)
    is_active = fields.Boolean(required=True)
    created_at = a_moment()
    failing_since = a_moment(null=True)
    problem = a_text(about="Of the last attempt", null=True)


class NewWebhook(Schema):
    """Where to tell what."""

    name = fields.String(required=True, metadata={"pattern": "^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$"})
    url = fields.String(required=True, metadata={"format": "uri", "description": "https, and not in a private network"})
    events = fields.List(a_word(*CHOICES), required=True, metadata={"minItems": 1})


class MadeWebhook(ListedWebhook):
    """A new webhook with its secret, which is not shown again."""

    secret = a_text(about="`whsec_…`, of Standard Webhooks")


class AskedTest(Schema):
    """Under which id a test is sent."""

    message_id = a_text()


class ListedMessage(Schema):
    """One event on its way to a webhook."""

    message_id = a_text(about="`webhook-id` of every attempt")
    event = a_word(*WebhookEvent)
    state = a_word(*WebhookState)
    attempts = a_number()
    created_at = a_moment()
    delivered_at = a_moment(null=True)
    next_attempt_at = a_moment(null=True)
    status = a_number(null=True)
    error = a_text(null=True)
