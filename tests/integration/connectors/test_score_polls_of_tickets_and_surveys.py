"""Zendesk and SurveyMonkey asked over real HTTP: pages, expired places, what is gone, whether the hook lives."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import HookHealth, Tool
from app.connectors.hooks import Hook, Verdict
from app.connectors.scores import surveymonkey, zendesk
from app.foundations.http import Client, Doors, Trouble
from app.pipeline.intake.concluding import Requesters, conclude
from tests.servers.vendor import Asked, Reply, Vendor

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SINCE = NOW - timedelta(hours=1)
WEEK_BEFORE = int((SINCE - timedelta(days=7)).timestamp())


def _tool(vendor: Vendor, settings: Mapping[str, Any]) -> Tool:
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None)
    known = {"touchpoint": "portal", "instrument": "csat5", "base_url": vendor.url, **settings}
    return Tool(http=http, settings=known, time_zone=ZoneInfo("UTC"), now=NOW)


def _zendesk(vendor: Vendor, csat: str = "legacy") -> Tool:
    return _tool(vendor, {"csat": csat, "email": "admin@example.com", "api_token": "t-secret"})


def _monkey(vendor: Vendor, surveys: str = "11,12") -> Tool:
    return _tool(vendor, {"survey_ids": surveys, "token": "t-secret", "api_key": "id"})


def _ratings(*numbers: int, after: str | None) -> Reply:
    rows = [{"id": number, "score": "good", "updated_at": "2026-11-17T09:00:00Z"} for number in numbers]
    return Reply({"satisfaction_ratings": rows, "meta": {"has_more": after is not None, "after_cursor": after}})


def test_zendesk_tells_all_pages_with_the_place_to_go_on_from(vendor: Vendor) -> None:
    pages = (_ratings(1, 2, after="c2"), _ratings(3, after=None))
    vendor.answer("GET", "/api/v2/satisfaction_ratings.json", *pages)

    found = list(zendesk.poll(_zendesk(vendor), None, SINCE))

    assert [(one.response_id, one.score) for page in found for one in page.scores] == [("1", 1), ("2", 1), ("3", 1)]
    assert [page.cursor for page in found] == [{"after": "c2"}, {}]
    first, second = vendor.asked
    assert (first.one("score"), first.one("start_time")) == ("received", str(WEEK_BEFORE))
    assert second.one("page[after]") == "c2"
    login = base64.b64encode(b"admin@example.com/token:t-secret").decode()
    assert first.headers["authorization"] == f"Basic {login}"


def test_a_place_that_zendesk_forgot_sends_the_poll_back_to_its_beginning(vendor: Vendor) -> None:
    vendor.answer("GET", "/api/v2/satisfaction_ratings.json", Reply({}, status=400), _ratings(1, after=None))

    (page,) = zendesk.poll(_zendesk(vendor), {"after": "old"}, SINCE)

    assert [one.response_id for one in page.scores] == ["1"]
    assert [asked.one("page[after]") for asked in vendor.asked] == ["old", ""]


def test_a_page_of_zendesk_that_repeats_ends_the_poll(vendor: Vendor) -> None:
    vendor.answer("GET", "/api/v2/satisfaction_ratings.json", _ratings(1, after="same"))

    assert len(list(zendesk.poll(_zendesk(vendor), None, SINCE))) == 2


def test_zendesk_is_asked_for_the_kind_of_ratings_that_the_account_has(vendor: Vendor) -> None:
    answer = {"type": "rating_scale", "rating": 4, "created_at": "2026-11-17T09:00:00Z"}
    surveyed = {"survey_responses": [{"id": "01J", "answers": [answer]}], "meta": {"has_more": False}}
    vendor.answer("GET", "/api/v2/guide/survey_responses", Reply(surveyed))
    vendor.answer("GET", "/api/v2/users/me.json", Reply({"user": {"name": "Admin"}}))

    (page,) = zendesk.poll(_zendesk(vendor, "survey"), None, SINCE)

    assert [(one.response_id, one.score) for one in page.scores] == [("01J", 4.0)]
    assert vendor.asked[0].one("filter[created_at_start]") == f"{WEEK_BEFORE}000"
    assert zendesk.check(_zendesk(vendor, "survey")) == "Zendesk knows us: Admin"
    with pytest.raises(Trouble, match="csat is 'both': set it to legacy or survey"):
        zendesk.check(_zendesk(vendor, "both"))
    with pytest.raises(Trouble):
        zendesk.check(_zendesk(vendor, "legacy"))


def _response(number: int, minute: int = 0) -> dict[str, Any]:
    answer = {"choice_id": "9", "row_id": "1", "choice_metadata": {"weight": "5"}}
    return {
        "id": str(number),
        "response_status": "completed",
        "date_modified": f"2026-11-17T09:{minute:02}:00+00:00",
        "pages": [{"questions": [{"id": "q1", "family": "matrix", "answers": [answer]}]}],
    }


def test_surveymonkey_tells_every_survey_to_its_last_page(vendor: Vendor) -> None:
    rows = [_response(number, minute=number // 10) for number in range(130)]

    def page(asked: Asked) -> Reply:
        at, number = asked.one("start_modified_at"), int(asked.one("page"))
        changed = [row for row in rows if row["date_modified"][:19] >= at]
        return Reply({"data": changed[(number - 1) * 100 : number * 100]})

    vendor.answer("GET", "/v3/surveys/11/responses/bulk", page)
    vendor.answer("GET", "/v3/surveys/12/responses/bulk", Reply({"data": [_response(900)]}))

    found = list(surveymonkey.poll(_monkey(vendor), None, SINCE))

    told = {one.response_id for page in found for one in page.scores}
    assert told == {*(str(number) for number in range(130)), "900"}
    assert found[0].cursor == {"survey": "11", "at": "2026-11-17T09:09:00"}
    assert found[-1].cursor == {}
    assert vendor.asked[0].one("start_modified_at") == "2026-11-17T08:30:00"
    assert vendor.asked[0].headers["authorization"] == "Bearer t-secret"


def test_a_poll_of_surveymonkey_goes_on_where_it_was_broken_off(vendor: Vendor) -> None:
    vendor.answer("GET", "/v3/surveys/12/responses/bulk", Reply({"data": []}))

    found = list(surveymonkey.poll(_monkey(vendor), {"survey": "12", "at": "2026-11-17T09:05:00"}, SINCE))

    assert found[-1].cursor == {}
    assert [asked.one("start_modified_at") for asked in vendor.asked] == ["2026-11-17T09:05:00"]


def test_a_named_response_is_asked_for_and_one_that_is_gone_is_no_score(vendor: Vendor) -> None:
    answers = (Reply(_response(77)), Reply({}, status=404))
    vendor.answer("GET", "/v3/surveys/11/responses/77/details", *answers)
    event = {"event_type": "response_completed", "object_id": "77", "resources": {"survey_id": "11"}}
    tool = _monkey(vendor)
    hook = Hook(body=json.dumps(event).encode(), headers={}, settings=tool.settings, received_at=NOW)

    told, gone = (conclude(surveymonkey.CONNECTOR, hook, tool, "surveys", Requesters()) for _ in range(2))

    assert (told.verdict, [one.score for one in told.scores]) == (Verdict.SCORE, [5.0])
    assert (gone.verdict, gone.scores, gone.events) == (Verdict.NO_SCORE, (), ())
    assert vendor.asked[0].one("simple") == "true"


def test_surveymonkey_gets_our_hook_and_says_whether_it_lives(vendor: Vendor) -> None:
    vendor.answer("GET", "/v3/users/me", Reply({"username": "parity"}))
    vendor.answer("POST", "/v3/webhooks", Reply({"id": "8"}, status=201))
    vendor.answer("GET", "/v3/webhooks/8", Reply({"id": "8"}), Reply({}, status=404), Reply({}, status=403))
    tool = _monkey(vendor)

    assert surveymonkey.check(tool) == "SurveyMonkey knows us: parity"
    kept = surveymonkey.register(tool, "https://parity.example.com/hooks/surveys/k", "")
    healths = [surveymonkey.look_after(tool, kept) for _ in range(2)]

    assert vendor.asked[1].json() == {
        "name": "Parity",
        "event_type": "response_completed",
        "object_type": "survey",
        "object_ids": ["11", "12"],
        "subscription_url": "https://parity.example.com/hooks/surveys/k",
    }
    gone = HookHealth(is_alive=False, problem="the tool does not know the hook any more.", is_gone=True)
    assert healths == [HookHealth(is_alive=True), gone]
    with pytest.raises(Trouble):
        surveymonkey.look_after(tool, kept)
