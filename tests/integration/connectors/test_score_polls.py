"""Sources of scores asked over real HTTP: what is told, where a poll ends, whether the hook lives."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import HookHealth, Tool
from app.connectors.scores import chatwoot, typeform
from app.foundations.http import Client, Doors, Trouble
from tests.servers.vendor import Asked, Reply, Vendor

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SINCE = NOW - timedelta(hours=1)
PLACE = {"touchpoint": "portal", "instrument": "csat5"}


def _tool(vendor: Vendor, **settings: Any) -> Tool:
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None)
    return Tool(http=http, settings={**PLACE, "base_url": vendor.url, **settings}, time_zone=ZoneInfo("UTC"), now=NOW)


def _chatwoot(vendor: Vendor, **settings: Any) -> Tool:
    return _tool(vendor, **{"account": 7, "api_token": "t-secret", **settings})


def _typeform(vendor: Vendor, **settings: Any) -> Tool:
    return _tool(vendor, **{"form": "lT4Z3j", "token": "t-secret", **settings})


def _rating(message: int, rating: int) -> dict[str, Any]:
    return {"message_id": message, "rating": rating, "created_at": int(SINCE.timestamp()), "contact": {"id": 1}}


def test_chatwoot_tells_the_ratings_of_all_pages_and_those_that_may_have_changed(vendor: Vendor) -> None:
    pages: tuple[list[dict[str, Any]], ...] = ([_rating(1, 5), _rating(2, 3)], [_rating(3, 1), {}], [])
    vendor.answer("GET", "/api/v1/accounts/7/csat_survey_responses", *(Reply(page) for page in pages))

    found = list(chatwoot.poll(_chatwoot(vendor), None, SINCE))

    scores = [(one.response_id, one.score, one.told_at) for page in found for one in page.scores]
    assert scores == [("1", 5.0, NOW), ("2", 3.0, NOW), ("3", 1.0, NOW)]
    first = vendor.asked[0]
    assert first.headers["api_access_token"] == "t-secret"
    assert int(first.one("since")) == int((SINCE - timedelta(days=14)).timestamp())
    assert [asked.one("page") for asked in vendor.asked] == ["1", "2", "3"]


def test_a_page_of_chatwoot_that_repeats_ends_the_poll(vendor: Vendor) -> None:
    vendor.answer("GET", "/api/v1/accounts/7/csat_survey_responses", Reply([_rating(1, 5)]))

    assert len(list(chatwoot.poll(_chatwoot(vendor), None, SINCE))) == 1


def test_settings_that_cannot_be_meant_end_a_poll_with_a_sentence(vendor: Vendor) -> None:
    vendor.answer("GET", "/api/v1/accounts/7/csat_survey_responses", Reply([_rating(1, 5)]))

    with pytest.raises(Trouble, match="the setting dimension says 'speed'"):
        list(chatwoot.poll(_chatwoot(vendor, dimension="speed"), None, SINCE))


def test_chatwoot_says_how_many_ratings_it_shows_or_why_none(vendor: Vendor) -> None:
    vendor.answer("GET", "/api/v1/accounts/7/csat_survey_responses/metrics", Reply({"total_count": 12}))

    assert chatwoot.check(_chatwoot(vendor)) == "Chatwoot shows us the ratings of this account, 12 so far"
    with pytest.raises(Trouble):
        chatwoot.check(_chatwoot(vendor, account=8))


def _response(number: int) -> dict[str, Any]:
    answer = {"number": 4, "field": {"id": "f1", "type": "rating"}}
    return {"token": f"t{number}", "submitted_at": "2026-11-17T09:00:00Z", "answers": [answer]}


def test_typeform_pages_back_to_the_last_poll(vendor: Vendor) -> None:
    everything = [_response(number) for number in range(typeform.PAGE_SIZE + 3)]

    def page(asked: Asked) -> Reply:
        tokens = [one["token"] for one in everything]
        start = tokens.index(asked.one("before")) + 1 if asked.one("before") else 0
        return Reply({"items": everything[start : start + typeform.PAGE_SIZE]})

    vendor.answer("GET", "/forms/lT4Z3j/responses", page)

    found = [one.response_id for told in typeform.poll(_typeform(vendor), None, SINCE) for one in told.scores]

    assert found == [one["token"] for one in everything]
    assert (vendor.asked[0].one("since"), vendor.asked[0].one("completed")) == ("2026-11-17T08:30:00Z", "true")
    assert vendor.asked[0].headers["authorization"] == "Bearer t-secret"


def test_a_page_of_typeform_that_repeats_ends_the_poll(vendor: Vendor) -> None:
    items = [_response(number) for number in range(typeform.PAGE_SIZE)]
    vendor.answer("GET", "/forms/lT4Z3j/responses", Reply({"items": items}))

    assert len(list(typeform.poll(_typeform(vendor), None, SINCE))) == 2


def test_typeform_gets_our_hook_and_says_how_it_does(vendor: Vendor) -> None:
    vendor.answer("GET", "/forms/lT4Z3j", Reply({"title": "Wie war's?"}))
    vendor.answer("PUT", "/forms/lT4Z3j/webhooks/parity", Reply({"tag": "parity"}))
    states = (Reply({"enabled": True}), Reply({"enabled": False}), Reply({}, status=404), Reply({}, status=403))
    vendor.answer("GET", "/forms/lT4Z3j/webhooks/parity", *states)
    tool = _typeform(vendor)

    assert typeform.check(tool) == "Typeform shows us the form Wie war's?"
    kept = typeform.register(tool, "https://parity.example.com/hooks/forms/k", "s3cret")
    healths = [typeform.look_after(tool, kept) for _ in range(3)]

    assert vendor.asked[1].json() == {
        "url": "https://parity.example.com/hooks/forms/k",
        "secret": "s3cret",
        "enabled": True,
        "verify_ssl": True,
    }
    assert healths == [
        HookHealth(is_alive=True),
        HookHealth(is_alive=False, problem="the hook is switched off in the tool"),
        HookHealth(is_alive=False, problem="the tool does not know the hook any more.", is_gone=True),
    ]
    with pytest.raises(Trouble):
        typeform.look_after(tool, kept)
