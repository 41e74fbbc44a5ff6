"""HR's choice of who gets a department's scorecard by mail, stored and noted, for the page and the API alike."""

from collections.abc import Collection

from app.domain.auditing import Act
from app.models.base import db
from app.upkeep.audit import log as audit
from app.upkeep.quarters.scorecard_readers import Choice, choose
from app.web.frame.installation import now


def change(department: int, choice: Choice, *, mails_head: bool, deputies: Collection[str], by: str) -> bool:
    """Store a choice, note it as of `by` and commit; False where it was the same. `deputies` are among the choice's."""
    session = db.session()
    if (mails_head, set(deputies)) == (choice.mails_head, set(choice.chosen)):
        return False
    choose(session, department, mails_head=mails_head, deputies=deputies)
    chosen = [one.subject for one in choice.deputies if one.email in deputies]
    told = {"head": mails_head, "deputies": chosen}
    audit.note(session, by, Act.RECIPIENTS_CHOSEN, f"department:{department}", told, now=now())
    session.commit()
    return True
