"""A mail as everybody gets it, about a request that nobody made: what an administrator sends to oneself."""

from dataclasses import replace
from datetime import date, timedelta

from app.domain.instruments import Wording
from app.foundations.languages import gettext, speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import AskedRequest, SurveyLinks, invitation


def sample_invitation(links: SurveyLinks, words: Wording, *, recipient_name: str, today: date) -> Mail:
    """Return an invitation whose subject says test; its links should lead where nothing can be answered."""
    with speaking(links.language):
        asked = AskedRequest(
            recipient_name=recipient_name,
            title=gettext("The door to the bicycle cellar does not close"),
            reference="TEST-1",
            department=gettext("House and Services"),
            completed_on=today - timedelta(days=1),
            expires_on=today + timedelta(days=7),
            released_on=today + timedelta(days=100),
            minimum_group_size=5,
            quarter_cap=3,
        )
        mail = invitation(asked, links, words)
        return replace(mail, subject=gettext("Test: %(subject)s", subject=mail.subject), unsubscribe="")
