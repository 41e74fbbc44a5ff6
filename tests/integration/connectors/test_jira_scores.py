"""Ratings of Jira Service Management: asked for over real HTTP, stored as a source's scores."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.connectors.connector import Tool
from app.connectors.scores import jira
from app.domain.external_scores import ScoreEvent
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.foundations.http import Client, Doors, Trouble
from app.jobs.installation import Installation
from app.jobs.polling import poll_connections
from app.models.connections import Connection
from app.models.external_scores import ExternalResponse
from app.upkeep.connections.adding import add_connection
from tests.builders.jira import issue, user, written
from tests.servers.databases import Database
from tests.servers.vendor import Reply, Vendor

NOW = datetime.now(UTC).replace(microsecond=0)
RATED_AT = NOW - timedelta(minutes=5)
FIELDS = [
    {"id": "summary", "schema": {"system": "summary"}},
    {"id": "customfield_10070", "name": "Zufriedenheitsdatum", "schema": {"custom": jira.RATED_AT}},
]


@pytest.fixture
def site(vendor: Vendor) -> Vendor:
    """Three rated requests; the rating of one was taken back."""
    rated = [
        issue(number=number, customfield_10070=written(RATED_AT), project={"key": key})
        for number, key in ((1, "IT"), (2, "HR"), (3, "IT"))
    ]
    vendor.answer("GET", "/rest/api/3/myself", Reply({"displayName": "Parity"}))
    vendor.answer("GET", "/rest/api/3/field", Reply(FIELDS))
    vendor.answer("POST", "/rest/api/3/search/jql", Reply({"issues": [{}, *rated], "isLast": True}))
    told = {"type": "csat", "rating": 4, "comment": {"body": "schnell 👍"}}
    vendor.answer("GET", "/rest/servicedeskapi/request/1/feedback", Reply(told), Reply(told | {"rating": 2}))
    vendor.answer("GET", "/rest/servicedeskapi/request/2/feedback", Reply({"type": "csat", "rating": 5}))
    return vendor


def _settings(site: Vendor) -> dict[str, Any]:
    return {
        "base_url": site.url,
        "deployment": "cloud",
        "email": "parity@example.com",
        "api_token": "t",
        "touchpoint": "portal",
        "touchpoints": {"HR": "desk"},
    }


def _tool(site: Vendor, **settings: Any) -> Tool:
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None)
    return Tool(http=http, settings=_settings(site) | settings, time_zone=ZoneInfo("UTC"), now=NOW)


def test_ratings_are_told_with_their_touchpoint_and_comment(site: Vendor) -> None:
    (page,) = jira.poll(_tool(site, projects=["IT", "HR"]), None, NOW - timedelta(minutes=20))

    first = ScoreEvent(
        response_id="1",
        told_at=RATED_AT,
        answered_at=RATED_AT,
        touchpoint="portal",
        dimension="csat_overall",
        instrument="csat5",
        score=4.0,
        respondent=user()["accountId"],
        comment="schnell 👍",
    )
    assert page.scores == (first, replace(first, response_id="2", touchpoint="desk", score=5.0, comment=None))
    search, feedback = site.asked[1], site.asked[2]
    assert search.json()["jql"] == ('project in ("IT", "HR") AND cf[10070] >= "-21m" ORDER BY cf[10070] ASC')
    assert feedback.headers["x-experimentalapi"] == "opt-in"


@pytest.mark.parametrize("rating", [None, 0, 6, 3.5, True, "6", "x", [], {}])
def test_what_is_no_rating_of_one_to_five_is_no_score(rating: Any) -> None:
    assert jira.score_of({"touchpoint": "portal"}, issue(), {"type": "csat", "rating": rating}, NOW) is None


@pytest.mark.parametrize("rating", [4, 4.0, "4", " 4 "])
def test_a_rating_may_be_written_as_any_number(rating: Any) -> None:
    told = jira.score_of({"touchpoint": "portal"}, issue(), {"type": "csat", "rating": rating}, NOW)

    assert told is not None
    assert told.score == 4.0


def test_a_site_that_gathers_no_ratings_is_named(site: Vendor) -> None:
    assert jira.check(_tool(site)) == "Jira knows the account as Parity"

    site.answer("GET", "/rest/api/3/field", Reply(FIELDS[:1]))
    with pytest.raises(Trouble, match="gathers no ratings"):
        jira.check(_tool(site))


def test_a_rating_that_is_changed_is_told_again_and_stands_once(database: Database, site: Vendor) -> None:
    settings = replace(database.settings, private_hosts=("127.0.0.1",))
    installation = Installation(settings, Keys.of(settings), database.sessions)
    with database.sessions.begin() as session:
        add_connection(
            session,
            installation.keys,
            slug="csat",
            side=ConnectionSide.SCORES,
            kind="jira",
            settings=_settings(site),
            base_url="https://parity.example.com",
            now=NOW,
        )

    found = []
    for minutes in (0, 11):
        poll_connections(installation, now=NOW + timedelta(minutes=minutes))
        with database.sessions() as session:
            rows = select(ExternalResponse.response_id, ExternalResponse.touchpoint, ExternalResponse.score)
            found.append(sorted(tuple(row) for row in session.execute(rows)))
            problems = session.scalars(select(Connection.poll_problem)).all()

    assert found == [[("1", "portal", 4), ("2", "desk", 5)], [("1", "portal", 2), ("2", "desk", 5)]]
    assert problems == [None]
