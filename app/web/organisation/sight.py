"""Around whatever a page changes of departments and of heads: nobody comes to see more unseen."""

from contextlib import AbstractContextManager

from app.foundations.languages import spoken
from app.models.base import db
from app.upkeep.organisation.named_heads import telling_who_sees_more
from app.web.frame import staff as frame
from app.web.frame.installation import calendar, now


def sight_told(*, by: str = "", role_of: str = "") -> AbstractContextManager[None]:
    """Mail whoever sees more by the block; `role_of` is whose role it changes, `by` who does, if not who signed in."""
    who = by or frame.viewer().email
    return telling_who_sees_more(
        db.session(), by=who, role_of=role_of, language=spoken(), calendar=calendar(), now=now()
    )
