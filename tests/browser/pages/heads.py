"""What a head works with: who waits for a word, each case to its end."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.states import ActionResult, FollowUpState, Role
from app.models.departments import find_department
from app.upkeep.quarters.actions import Conclusion, Decision, conclude, decide
from app.upkeep.quarters.follow_ups import Closing, mark_done
from tests.browser.looking import Look
from tests.builders.follow_ups import case
from tests.conftest import BOB

LOOKS = [
    Look("home", "/home", Role.HEAD),
    Look("home-hr", "/home", Role.HR),
    Look("home-admin", "/home", Role.ADMIN),
    Look("home-auditor", "/home", Role.AUDITOR),
    Look("action-new", "/actions/2025-Q4/IT", Role.HEAD),
    Look("action-decided", "/actions/2025-Q3/IT?kept=1", Role.HEAD),
    Look("scorecard-head", "/scorecards/2025-Q4/IT", Role.HEAD),
    Look("compare", "/scorecards/compare/IT?quarters=2024-Q4,2025-Q1,2025-Q2,2025-Q3,2025-Q4", Role.HEAD),
    Look("contacts", "/contacts", Role.HEAD),
    Look("case-waiting", "/contacts/1", Role.HEAD),
    Look("case-done", "/contacts/3?kept=1", Role.HEAD),
]
LONG_NAME = "Maximiliane Hohenberger-Lindström"


def furnish(session: Session, moment: datetime) -> None:
    """Let one colleague wait, one talk with the head, and close the case of a third."""
    owner = find_department(session, "IT")
    assert owner is not None
    decision = Decision("timeliness", "A date for each request, and a word when it moves.", moment.date())
    decide(session, owner.id, "2025-Q3", decision, now=moment)
    conclude(session, owner.id, "2025-Q3", Conclusion(ActionResult.PARTLY, "Since August; not by phone."), now=moment)
    asked = moment - timedelta(days=6)
    contacted, done = moment - timedelta(days=4), moment - timedelta(days=1)
    case(session, owner, asked, name=LONG_NAME, email="maximiliane.hohenberger-lindstroem@example.com")
    known = {"state": FollowUpState.CONTACTED, "contacted_at": contacted, "note": "Rang on Tuesday.\nBadge by Friday."}
    for number in (2, 3):
        case(session, owner, asked, name=f"Ines Varga {number}", email=f"ines{number}@example.com", **known)
    mark_done(session, 3, None, Closing("Your badge lies at the desk.", "Bob Head", BOB.email), now=done)
