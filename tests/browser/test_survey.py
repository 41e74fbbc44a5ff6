"""The survey as people meet it: on a phone, by keyboard, without script, in the dark, in five languages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from app.domain.machines import Signal
from app.domain.states import ResponseState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.responses import HeldAnswer, HeldResponse
from tests.builders import surveys
from tests.servers.databases import Database

PHONE = {"width": 360, "height": 740}
NARROWEST = {"width": 320, "height": 640}
DESKTOP = {"width": 1440, "height": 900}
LANGUAGES = ["en", "ru", "pl", "de", "es"]
LONG_NAME = "Informationstechnik und Arbeitsplatzservice"
LONG_TITLE = "Zugriffsberechtigung für das Auftragsverwaltungssystem der Niederlassung Nord"
A_MOMENT = 2_200  # milliseconds: longer than the two seconds below which an answer is held back

OpenPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
KeepPicture = Callable[..., Path]


@dataclass
class Survey:
    """A survey link of the running application."""

    address: str
    database: Database

    def stored(self) -> HeldResponse | None:
        with self.database.sessions() as session:
            return session.scalars(select(HeldResponse)).one_or_none()

    def values(self) -> dict[str, int | None]:
        with self.database.sessions() as session:
            return dict(session.execute(select(HeldAnswer.item, HeldAnswer.value)).tuples().all())


@pytest.fixture
def survey(live: str, sqlite: Database) -> Survey:
    with sqlite.sessions() as session:
        keys = Keys.of(sqlite.settings)
        by = surveys.provider(session, LONG_NAME)
        _row, token = surveys.survey(session, keys, by, now=clock.now(), title=LONG_TITLE)
    return Survey(f"{live}/s/{token}", sqlite)


def test_a_tap_in_the_mail_and_one_press_on_a_phone_is_an_answer(open_page: OpenPage, survey: Survey) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)

    page.goto(survey.address + "?score=5")
    page.wait_for_timeout(A_MOMENT)
    page.get_by_role("button", name="Send answer").tap()

    page.get_by_text("Your answer is in. Thank you.").wait_for()
    stored = survey.stored()
    assert stored is not None
    assert (stored.state, survey.values()) == (ResponseState.ACCEPTED, {"csat_overall": 5})


def test_a_low_rating_opens_the_reasons_and_a_top_one_the_thanks(open_page: OpenPage, survey: Survey) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(survey.address)
    low, kudos = page.get_by_text("What went wrong?"), page.get_by_text("Thank the team")
    shown = []

    for label in ("Very dissatisfied", "Neither satisfied nor dissatisfied", "Very satisfied"):
        page.get_by_label(label, exact=True).check()
        shown.append((low.is_visible(), kudos.is_visible()))

    assert shown == [(True, False), (False, False), (False, True)]


def test_everything_can_be_answered_by_keyboard_alone(open_page: OpenPage, survey: Survey) -> None:
    page = open_page(viewport=DESKTOP)
    page.goto(survey.address)
    press, rotating = page.keyboard.press, page.locator("fieldset > legend.stem").inner_text()

    press("Tab")  # language
    for keys in (
        ["Tab", "Space", "ArrowDown"],  # overall: dissatisfied
        ["Tab", "Space", "Tab", "Tab", "Space"],  # reasons: the first and the third
        ["Tab", "Tab", "Tab", "Tab", "Space"],  # contact
        ["Tab", "Space", "ArrowRight", "ArrowRight"],  # timeliness: fair
        ["Tab", "Space", "ArrowLeft"],  # result: round to "cannot judge"
        ["Tab"],
        ["Tab", "Space"],  # rotating: strongly disagree
        ["Tab"],
    ):
        for key in keys:
            press(key)
    page.keyboard.type("Quicker next time")
    page.wait_for_timeout(A_MOMENT)
    press("Tab")  # who will see what
    press("Tab")
    press("Enter")

    page.get_by_text("Your answer is in. Thank you.").wait_for()
    stored, values = survey.stored(), survey.values()
    assert rotating
    assert stored is not None
    assert (stored.state, stored.has_consented, stored.comment) == (ResponseState.ACCEPTED, True, "Quicker next time")
    assert stored.reason_chips == ["too_slow", "too_little_information"]
    assert (values["csat_overall"], values["timeliness"], values["result_quality"]) == (2, 3, None)
    assert len(values) == 4


def test_an_answer_without_script_counts_and_can_be_changed(open_page: OpenPage, survey: Survey) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(survey.address + "?score=2")
    page.get_by_text("Too slow").click()
    page.wait_for_timeout(A_MOMENT)
    page.get_by_role("button", name="Send answer").click()
    page.get_by_role("link", name="Change my answer").click()
    first = survey.values()
    chosen = page.get_by_label("Too slow").is_checked()
    page.get_by_label("Cannot judge").first.check(force=True)
    page.wait_for_timeout(A_MOMENT)
    page.get_by_role("button", name="Send answer").click()

    page.get_by_text("Your answer is in. Thank you.").wait_for()
    assert (first, chosen) == ({"csat_overall": 2}, True)
    assert survey.values() == {"csat_overall": 2, "timeliness": None}


def test_a_script_that_clicks_is_told_from_a_person(open_page: OpenPage, survey: Survey) -> None:
    page = open_page(viewport=DESKTOP)
    page.goto(survey.address + "?score=1")
    page.wait_for_timeout(A_MOMENT)

    page.evaluate("document.querySelector('[name=csat_overall][value=\"5\"]').click()")
    page.evaluate("document.querySelector('.send button').click()")
    page.get_by_text("One more press, please.").wait_for()

    stored = survey.stored()
    assert stored is not None
    assert (stored.state, stored.signals["signals"]) == (ResponseState.HELD_BACK, [str(Signal.NO_TRUSTED_INPUT)])


def test_a_hurried_person_presses_once_more(open_page: OpenPage, survey: Survey) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(survey.address + "?score=4")
    page.get_by_role("button", name="Send answer").tap()
    page.get_by_text("One more press, please.").wait_for()
    held = survey.stored()

    page.wait_for_timeout(A_MOMENT)
    page.get_by_role("button", name="Send answer").tap()

    page.get_by_text("Your answer is in. Thank you.").wait_for()
    stored = survey.stored()
    assert held is not None
    assert stored is not None
    assert (held.state, stored.state) == (ResponseState.HELD_BACK, ResponseState.ACCEPTED)
