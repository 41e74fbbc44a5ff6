"""Versions of the survey on their pages: written, looked at, published; and what happens to bad words."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.instruments import FIRST, ROTATING
from app.domain.instruments.wording_json import words_to_json
from app.domain.states import Role
from app.models.surveys import questionnaire_of
from app.upkeep import surveys
from app.upkeep.audit import log as audit
from tests.builders import surveys as surveys_of
from tests.builders.bad_input import BAD
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import CAROL, HELEN
from tests.servers.databases import Database

ENGLISH = words_to_json(FIRST.wording("en"))
QUESTION = "All in all: how content are you?"


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    """Carol and Dora keep the settings."""
    staff(database.session, CAROL.email, Role.ADMIN, now=now)
    staff(database.session, "dora@example.com", Role.ADMIN, now=now)
    staff(database.session, HELEN.email, Role.HR, now=now)
    database.session.commit()
    return Door(app, database, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    """Carol has begun a version."""
    client = door.signed_in(CAROL.email)
    begun = door.post(client, "/admin/surveys", {})
    assert begun.location == "/admin/surveys/2"
    return client


def saved(door: Door, language: str = "en") -> dict[str, str]:
    with door.database.sessions() as session:
        return words_to_json(surveys.version_of(session, 2).questionnaire.wording(language))


def acts(door: Door) -> list[tuple[str, str]]:
    with door.database.sessions() as session:
        return [(entry.action, entry.subject) for entry in audit.entries(session)]


def publish(door: Door, client: FlaskClient, reason: str = "plainer words") -> TestResponse:
    return door.post(client, "/admin/surveys/2/publish", {"reason": reason})


def test_a_version_is_written_looked_over_and_published_for_good(door: Door, carol: FlaskClient) -> None:
    door.post(carol, "/admin/surveys/2/en", {**ENGLISH, "csat_overall": QUESTION})
    door.post(carol, "/admin/surveys/2", {"rotating": ["trust", "effort"]})
    looked = carol.get("/admin/surveys/2/publish").text
    done = publish(door, carol)

    assert QUESTION in looked
    assert "From 1 October 2026 on, everybody is asked in these words." in looked.replace("\u00a0", " ")
    assert "Some languages stay as they were: Русский, Polski, Deutsch, Español." in looked
    assert done.location == "/admin/surveys/2?done=published"
    told = carol.get(done.location).text
    assert ("<b>Published.</b> From 1\u00a0October 2026 on" in told, "taken back" in told) == (True, False)
    with door.database.sessions() as session:
        asked = questionnaire_of(session, "2026-Q4")
        assert (asked.version, asked.rotating) == ("parity/2", ROTATING[:2])
    assert "asked now" in carol.get("/admin/surveys").text
    assert acts(door)[-4:] == [
        ("survey.begun", "survey:2"),
        ("survey.changed", "survey:2"),
        ("survey.changed", "survey:2"),
        ("survey.published", "survey:2"),
    ]


def test_a_published_version_takes_no_change_from_a_form_that_stood_open(door: Door, carol: FlaskClient) -> None:
    door.post(carol, "/admin/surveys/2", {"rotating": ["trust"]})
    fields = hidden_fields(carol.get("/admin/surveys/2/en"))
    publish(door, carol)

    late = carol.post("/admin/surveys/2/en", data={**fields, **ENGLISH, "kudos": "Well done"})

    assert late.status_code == 422
    assert "A published version never changes" in late.text
    assert saved(door)["kudos"] == ENGLISH["kudos"]
    whole = re.sub(r"<form class=\"who\".*?</form>", "", carol.get("/admin/surveys/2/en").text, flags=re.DOTALL)
    assert "<form" not in whole


NEXT_YEAR = "2027-Q1"


def asked_this_quarter(door: Door) -> None:
    """Somebody was asked this quarter, so that a version published now begins with the next one."""
    with door.database.sessions.begin() as session:
        provider = surveys_of.provider(session)
        surveys_of.survey(session, door.links.keys, provider, person(session, "p@example.com"), now=door.moment)


def test_a_version_that_has_not_begun_is_taken_back_and_another_tab_says_so(door: Door, carol: FlaskClient) -> None:
    asked_this_quarter(door)
    door.post(carol, "/admin/surveys/2", {"rotating": ["trust"]})
    fields = hidden_fields(carol.get("/admin/surveys/2/publish"))
    publish(door, carol)

    second_tab = carol.post("/admin/surveys/2/publish", data={**fields, "reason": "plainer words"})
    offered = carol.get("/admin/surveys/2").text
    listed, told = carol.get("/admin/surveys").text, carol.get("/admin/surveys/2?done=published").text
    taken = door.post(carol, "/admin/surveys/2/withdraw", {})

    assert second_tab.status_code == 422
    assert "It begins on 1 January 2027. Until then it can be taken back" in second_tab.text.replace("\u00a0", " ")
    assert 'href="/admin/surveys/2">To the version</a>' in second_tab.text
    assert all("/admin/surveys/2/withdraw" in page for page in (offered, listed, told))
    assert ("<b>Published.</b>" in told, '<span class="state">published</span>' in listed) == (True, True)
    assert taken.location == "/admin/surveys/2?done=withdrawn"
    assert "<b>Taken back.</b>" in carol.get(taken.location).text
    assert "<b>Published.</b>" not in carol.get("/admin/surveys/2?done=published").text
    with door.database.sessions() as session:
        assert questionnaire_of(session, NEXT_YEAR).version == "parity/1"
        assert surveys.open_draft(session) is not None
    assert acts(door)[-1] == ("survey.withdrawn", "survey:2")
    assert publish(door, carol).location == "/admin/surveys/2?done=published"


def test_what_has_begun_or_was_written_on_stays_published(door: Door, carol: FlaskClient) -> None:
    fields = hidden_fields(carol.get("/admin/surveys/2/drop"))
    door.post(carol, "/admin/surveys/2", {"rotating": ["trust"]})
    publish(door, carol)
    begun = carol.get("/admin/surveys/2/withdraw"), carol.post("/admin/surveys/2/withdraw", data=fields)

    asked_this_quarter(door)
    door.post(carol, "/admin/surveys", {})
    door.post(carol, "/admin/surveys/3", {"rotating": ["effort"]})
    door.post(carol, "/admin/surveys/3/publish", {"reason": "shorter"})
    door.post(carol, "/admin/surveys", {})
    written_on = carol.post("/admin/surveys/3/withdraw", data=fields)

    assert [one.status_code for one in (*begun, written_on)] == [404, 409, 409]
    assert "This version was not taken back" in written_on.text
    with door.database.sessions() as session:
        assert questionnaire_of(session, "2026-Q4").version == "parity/2"
        assert questionnaire_of(session, NEXT_YEAR).version == "parity/3"


def test_without_a_change_or_a_reason_nothing_is_published(door: Door, carol: FlaskClient) -> None:
    same = publish(door, carol)
    door.post(carol, "/admin/surveys/2", {"rotating": ["trust"]})
    silent = publish(door, carol, reason=" ")

    assert (same.status_code, silent.status_code) == (422, 422)
    assert "Nothing differs from the version before." in same.text
    assert "Say why." in silent.text
    with door.database.sessions() as session:
        assert questionnaire_of(session, "2026-Q4").version == "parity/1"


@pytest.mark.parametrize("field", ["csat_overall", "grid_question"])
def test_bad_words_come_back_as_they_were_typed(door: Door, carol: FlaskClient, field: str) -> None:
    path = "/admin/surveys/2/en"
    answers = {kind: door.post(carol, path, {**ENGLISH, field: typed}) for kind, typed in BAD.items()}

    assert {answer.status_code for answer in answers.values()} <= {303, 422}
    assert all("<script>alert" not in answer.text for answer in answers.values())
    refused = {kind for kind, answer in answers.items() if answer.status_code == 422}
    assert {"missing", "long", "other"} <= refused
    assert BAD["script"] not in carol.get(path).text


def test_two_points_may_not_read_the_same(door: Door, carol: FlaskClient) -> None:
    again = door.post(carol, "/admin/surveys/2/en", {**ENGLISH, "csat_labels.2": ENGLISH["csat_labels.1"]})

    assert again.status_code == 422
    assert "This stands here twice." in again.text
    assert saved(door) == ENGLISH


def test_the_second_of_two_sees_what_the_first_changed(door: Door, carol: FlaskClient) -> None:
    dora = door.signed_in("dora@example.com")
    fields = hidden_fields(dora.get("/admin/surveys/2/en"))
    door.post(carol, "/admin/surveys/2/en", {**ENGLISH, "kudos": "Thanks a lot"})

    second = dora.post("/admin/surveys/2/en", data={**fields, **ENGLISH, "kudos": "Cheers"})

    assert second.status_code == 409
    assert "Thanks: was Thank the team, now Thanks a lot, you wrote Cheers" in second.text
    assert saved(door)["kudos"] == "Thanks a lot"


def test_a_draft_is_thrown_away_after_a_second_question(door: Door, carol: FlaskClient) -> None:
    dropped = door.post(carol, "/admin/surveys/2/drop", {})

    assert "<b>The draft is thrown away.</b>" in carol.get(dropped.location).text
    assert carol.get("/admin/surveys/2").status_code == 404
    assert acts(door)[-1] == ("survey.dropped", "survey:2")


def test_the_preview_is_the_page_and_the_mail_that_a_requester_gets(door: Door, carol: FlaskClient) -> None:
    door.post(carol, "/admin/surveys/2/de", {**saved(door, "de"), "csat_overall": "Wie war es alles in allem?"})

    page, paper, text = (carol.get(f"/admin/surveys/2/de/preview?as={way}") for way in ("page", "paper", "text"))
    mail = carol.get("/admin/surveys/2/de/preview?as=mail")
    links = set(re.findall(r'href="https?://[^/]+([^"#?]*)', paper.text)) | set(
        re.findall(r'href="([^"#?]*)', page.text)
    )
    led = {link: carol.get(link) for link in links if "/surveys/" in link}

    for one in (page, paper, text):
        assert "Wie war es alles in allem?" in one.text
    assert all("/admin/surveys/2" in one.text for one in (page, mail, text))
    assert 'src="/admin/surveys/2/de/preview?as=paper"' in mail.text
    assert len(led) >= 4
    assert {(one.status_code, one.location) for link, one in led.items() if "/preview/" in link} == {
        (303, "/admin/surveys/2#de")
    }
    assert {one.status_code for link, one in led.items() if "/preview/" not in link} == {200}
    words = FIRST.wording("de")
    assert all(label in page.text for label in (*words.csat_labels, *words.grid_labels, *words.agree_labels))
    assert 'type="submit"' not in page.text
    assert "<button" not in page.text
    assert "sandbox" in paper.headers["Content-Security-Policy"]
    assert carol.get("/admin/surveys/2/de/preview?as=film").status_code == 404
    assert carol.get("/admin/surveys/2/fr").status_code == 404


def test_the_first_version_can_be_read_and_not_changed(door: Door, carol: FlaskClient) -> None:
    shown = carol.get("/admin/surveys/1/en")
    fields = hidden_fields(carol.get("/admin/surveys/2/en"))
    tried = carol.post("/admin/surveys/1/en", data={**fields, **ENGLISH, "kudos": "Cheers"})

    assert ENGLISH["csat_overall"] in shown.text
    assert tried.status_code == 404
