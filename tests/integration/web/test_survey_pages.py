"""The requester's pages over HTTP: what each link shows, and that opening one writes nothing."""

import gzip
import re
from datetime import timedelta

import pytest

from app.domain.instruments import wording
from app.domain.states import InvitationState, ResponseState
from tests.integration.web.conftest import NOTHING, Link
from tests.servers.kinds import on_sqlite

ACCEPTED, ANSWERED = ResponseState.ACCEPTED, InvitationState.ANSWERED
SUBPAGES = ["", "?score=2", "?change=1", "?lang=de", "/who-sees-what", "/not-mine", "/opt-out", "/results"]


def _checked(html: str) -> list[tuple[str, str]]:
    return re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', html)


def test_the_page_shows_the_request_and_the_questions_and_chooses_nothing(link: Link) -> None:
    page = link.get()

    assert page.status_code == 200
    assert "VPN access from home drops every few minutes" in page.text
    assert 'IT Support · completed 16\u00a0November · <span class="whole">IT-4821</span>' in page.text
    assert "Until 29\u00a0January 2027 your answer can still be connected with you" in page.text
    assert wording("en").csat_overall in page.text
    assert _checked(page.text) == []


@on_sqlite
def test_the_rating_tapped_in_the_mail_is_filled_in(link: Link) -> None:
    expected = {score: [("csat_overall", score)] for score in ("1", "5")} | {
        score: [] for score in ("6", "0", "x", "²")
    }

    pages = {score: link.get(f"?score={score}").text for score in expected}

    assert {score: _checked(page) for score, page in pages.items()} == expected
    assert [score for score, page in pages.items() if "Filled in from your mail" in page] == ["1", "5"]


def test_opening_a_link_writes_nothing(link: Link, written: list[str]) -> None:
    written.clear()
    client = link.app.test_client()

    answers = [client.open(link.path + page, method=method) for page in SUBPAGES for method in ("GET", "HEAD")]

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert written == []
    assert link.result() == NOTHING
    assert link.invitation.remind_at is not None


@on_sqlite
def test_head_is_get_without_the_page(link: Link) -> None:
    for page in SUBPAGES:
        head, get = link.app.test_client().head(link.path + page), link.get(page)

        assert (head.status_code, head.data, head.content_type) == (get.status_code, b"", get.content_type), page


@on_sqlite
def test_every_page_is_private_and_strict(link: Link) -> None:
    for page in (*SUBPAGES, "x"):
        headers = link.get(page).headers

        assert headers["Cache-Control"] == "no-store", page
        assert headers["Referrer-Policy"] == "no-referrer", page
        assert headers["X-Robots-Tag"] == "noindex, nofollow", page
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'"), page
        assert "unsafe" not in policy, page


@on_sqlite
def test_who_answered_a_strangers_request_by_mistake_finds_what_can_be_done(link: Link) -> None:
    thanks = link.post({"csat_overall": "4"})

    page = link.get("/not-mine").text

    assert '/not-mine?lang=en">This was not my request</a>' in thanks.text
    assert "You have answered already, and your answer counts. You can still change it" in page
    assert '?change=1&amp;lang=en">Change my answer</a>' in page
    assert "Without an answer nothing is stored" not in page


def test_an_answer_is_stored_and_said_back(link: Link) -> None:
    fields = {"csat_overall": "2", "reason": ["too_slow", "had_to_ask_again"], "timeliness": "1", "communication": "na"}

    thanks = link.post({**fields, "comment": "Twice\r\nthe same", "contact": "1"})

    stored = link.response()
    assert thanks.status_code == 200
    assert "You said: Dissatisfied · Too slow · Had to ask again" in thanks.text
    assert "can now see your name and your request" in thanks.text
    assert link.result() == (ACCEPTED, ANSWERED, {"csat_overall": 2, "timeliness": 1, "communication": None})
    assert stored is not None
    assert (stored.comment, stored.has_consented) == ("Twice\nthe same", True)


def test_the_rotating_item_of_the_page_is_stored_and_no_other(link: Link) -> None:
    rotating = re.findall(r'id="(effort|trust|professionalism|cooperation)"', link.get().text)
    four = dict.fromkeys(["effort", "trust", "professionalism", "cooperation"], "3")

    link.post({"csat_overall": "4", **four})

    assert len(rotating) == 1
    assert link.result()[2] == {"csat_overall": 4, rotating[0]: 3}


def test_coming_back_shows_the_answer_and_a_way_to_change_it(link: Link) -> None:
    link.post({"csat_overall": "2", "reason": ["too_slow"], "timeliness": "na", "comment": "Slow"})

    seen, change = link.get(), link.get("?change=1")

    assert "You have answered already" in seen.text
    assert "You said: Dissatisfied · Too slow" in seen.text
    assert _checked(change.text) == [("csat_overall", "2"), ("reason", "too_slow"), ("timeliness", "na")]
    assert ">\nSlow</textarea>" in change.text


def test_tapping_another_rating_in_the_mail_opens_the_change(link: Link) -> None:
    link.post({"csat_overall": "2"})

    same, other = link.get("?score=2"), link.get("?score=4")

    assert "You said: Dissatisfied" in same.text
    assert _checked(other.text) == [("csat_overall", "4")]
    assert link.result()[2] == {"csat_overall": 2}


def test_an_answer_can_be_changed_until_the_link_expires(link: Link) -> None:
    link.post({"csat_overall": "2", "timeliness": "1"})

    link.post({"csat_overall": "4"}, query="?change=1")
    link.clock.moment = link.invitation.expires_at
    too_late = link.app.test_client().post(link.path, data={"csat_overall": "5"})

    assert link.result() == (ACCEPTED, ANSWERED, {"csat_overall": 4})
    assert too_late.status_code == 410


def test_the_language_can_be_changed_and_the_answer_remembers_it(link: Link) -> None:
    page = link.get("?lang=ru&score=4")
    thanks = link.post({"csat_overall": "4", "lang": "ru"})

    stored = link.response()
    assert '<html lang="ru">' in page.text
    assert wording("ru").csat_overall in page.text
    assert '<button form="answer" name="switch" value="de" lang="de">Deutsch</button>' in page.text
    assert wording("ru").csat_labels[3] in thanks.text
    assert stored is not None
    assert stored.language == "ru"


@on_sqlite
def test_another_language_keeps_what_was_typed_and_stores_nothing(link: Link) -> None:
    typed = {"csat_overall": "2", "reason": "too_slow", "contact": "1", "comment": "Slow & rude"}

    page = link.post({**typed, "lang": "en", "switch": "de"})

    assert page.status_code == 200
    assert '<html lang="de">' in page.text
    assert "Slow &amp; rude</textarea>" in page.text
    assert '<input type="hidden" name="lang" value="de">' in page.text
    assert link.result() == NOTHING


def test_a_correction_that_came_too_fast_says_that_the_earlier_answer_counts(link: Link) -> None:
    link.post({"csat_overall": "4"})

    page = link.post({"csat_overall": "2"}, read_for=0.5, query="?change=1")

    assert "Until then your earlier answer counts." in page.text
    assert link.result() == (ACCEPTED, ANSWERED, {"csat_overall": 4})


@on_sqlite
def test_an_unknown_language_is_the_invitations(link: Link) -> None:
    assert '<html lang="en">' in link.get("?lang=tlh").text


@on_sqlite
def test_an_altered_token_gets_a_kind_page(link: Link) -> None:
    spoilt = link.path[:-1] + ("A" if link.path[-1] != "A" else "B")

    page = link.app.test_client().get(spoilt, headers={"Accept-Language": "de-CH,de;q=0.9"})

    assert page.status_code == 404
    assert '<html lang="de">' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_an_expired_link_says_until_when_it_worked(link: Link) -> None:
    link.clock.moment = link.invitation.expires_at + timedelta(days=30)

    for page in ("", "/who-sees-what", "/not-mine", "/results"):
        answer = link.get(page)

        assert answer.status_code == 410, page
        assert "This link has expired" in answer.text, page
        assert "It worked until 24\u00a0November 2026." in answer.text, page
        assert "“IT Support” directly, with the number IT-4821" in answer.text, page


def test_a_withdrawn_invitation_says_that_the_request_was_opened_again(link: Link) -> None:
    link.invitation.state = InvitationState.WITHDRAWN
    link.database.session.commit()

    answer = link.get()

    assert answer.status_code == 410
    assert "Your request was opened again" in answer.text


@on_sqlite
def test_who_sees_what_names_the_days_and_the_group_sizes(link: Link) -> None:
    page = link.get("/who-sees-what").text

    assert "a group of at least 5 people" in page
    assert "results of groups of 5 or more. Comments, if they are shown at all" in page
    assert "the link in your mail until 24\u00a0November" in page
    assert "<b>29\u00a0January 2027</b>" in page
    assert "scorecard for 1\u00a0October to 31\u00a0December" in page


@on_sqlite
def test_the_token_never_reaches_a_log(link: Link, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    for page in SUBPAGES:
        link.get(page)
    link.post({"csat_overall": "7"})
    link.post({"csat_overall": "4"})
    link.get(link.path + "x")

    access = [record.getMessage() for record in caplog.records if record.name == "parity.access"]
    assert access[0].startswith("GET /s/<token> 200 ")
    assert any(line.startswith("POST /s/<token> 422 ") for line in access)
    assert [record for record in caplog.records if link.token[:20] in record.getMessage()] == []


@on_sqlite
def test_a_first_load_is_small(link: Link) -> None:
    client = link.app.test_client()
    page = client.get(link.path, query_string={"lang": "ru"})
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    bodies = {"page": page.data}
    for file in files:
        with client.get(file) as answer:
            bodies[file] = answer.data

    assert len(files) == 4
    assert sum(len(gzip.compress(body)) for body in bodies.values()) <= 60_000
    assert len(bodies["/static/survey.css"]) <= 15_000
