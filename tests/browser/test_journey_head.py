"""The head's way: home, the scorecard, somebody who waits for a word to the end, and what to do about the quarter."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.periods import Calendar
from app.domain.states import ActionResult, FollowUpState, Role
from app.foundations import clock
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.models.actions import QuarterAction
from app.models.follow_ups import FollowUp
from app.models.messages import Message
from app.upkeep.quarters.actions import Conclusion, Decision, conclude, decide
from app.upkeep.signing_in.links import make_sign_in_link
from tests.browser.walking import TakeWalk
from tests.builders.departments import department
from tests.builders.follow_ups import case
from tests.builders.issued import HOURS, issue, staff
from tests.builders.scorecards import figure
from tests.conftest import BOB
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
LOOP = {
    "low_ratings": 9,
    "consented": 6,
    "contacted": 5,
    "thanks": 8,
    "median_hours": 30.0,
    "loop_closure_rate": figure(0.8, 0.4, 1.0, 6, "wilson_coarse"),
}
WORDS = {
    "en": {
        "open": "Open the scorecard",
        "touched": "I got in touch",
        "note": "For yourselves",
        "word": "For the requester",
        "close": "Close and tell them",
        "home": "Home",
        "write": "Write down what you will do",
        "do": "What you will do",
        "take": "We do this",
    },
    "de": {
        "open": "Scorecard öffnen",
        "touched": "Ich habe mich gemeldet",
        "note": "Für Sie selbst",
        "word": "Für die anfragende Person",
        "close": "Abschließen und mitteilen",
        "home": "Start",
        "write": "Aufschreiben, was Sie tun werden",
        "do": "Was Sie tun werden",
        "take": "Das tun wir",
    },
}


def furnish(database: Database, address: str) -> str:
    """Post two quarters of Bob's department, let Ines wait for a word, and return a link that signs Bob in."""
    session, now = database.session, clock.now()
    desk = department(session, "IT", name="IT Support")
    staff(session, BOB.email, Role.HEAD, desk, now=now, name=BOB.name)
    for period in ("2026-Q2", "2026-Q3"):
        issue(session, desk, period, posted=now, calendar=CALENDAR, loop=LOOP, operations={"resolution_time": HOURS})
    decide(session, desk.id, "2026-Q2", Decision("communication", "Phone cover until 18:00."), now=now)
    conclude(session, desk.id, "2026-Q2", Conclusion(ActionResult.DONE, "Since August."), now=now)
    case(session, desk, now - timedelta(days=2), period="2026-Q4")
    links = Links(base_url=address, keys=Keys.of(database.settings))
    link = make_sign_in_link(session, links, BOB.email, now=now)
    session.commit()
    return link


def test_from_home_to_a_closed_case_and_a_decision(
    take_walk: TakeWalk,
    live: str,
    sqlite: Database,
) -> None:
    walk = take_walk("head")
    page, language = walk.page, walk.view.language
    words = WORDS[language]

    page.goto(furnish(sqlite, live))
    page.locator("main button").click()
    page.get_by_role("link", name=words["open"]).wait_for()
    walk.station("home")
    page.get_by_role("link", name=words["open"]).click()
    page.get_by_role("link", name="Ines Varga").first.wait_for()
    walk.station("scorecard")

    page.get_by_role("link", name="Ines Varga").first.click()
    page.get_by_role("button", name=words["touched"]).focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    page.get_by_label(words["note"]).fill("A new badge, on Monday.")
    page.get_by_label(words["word"]).fill("Your badge lies at the desk.")
    walk.station("case")
    page.get_by_role("button", name=words["close"]).click()
    page.get_by_text("Your badge lies at the desk.").wait_for()
    walk.station("closed")

    page.get_by_role("navigation").get_by_role("link", name=words["home"], exact=True).click()
    page.get_by_role("link", name=words["write"]).click()
    page.get_by_label(words["do"]).fill("Give each request a date within a day.")
    walk.station("action")
    page.get_by_role("button", name=words["take"]).click()
    page.get_by_role("navigation").get_by_role("link", name=words["home"], exact=True).click()
    page.get_by_text("Give each request a date within a day.").wait_for()
    walk.station("decided")

    assert walk.wrong == {}
    sqlite.session.expire_all()
    assert list(sqlite.session.scalars(select(FollowUp.state))) == [FollowUpState.DONE]
    assert list(sqlite.session.scalars(select(Message.recipient).where(Message.name == "closed_case"))) == [
        "ines@example.com"
    ]
    newest = select(QuarterAction.words).where(QuarterAction.period == "2026-Q3")
    assert sqlite.session.scalars(newest).all() == ["Give each request a date within a day."]
