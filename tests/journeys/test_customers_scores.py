"""Customers' ratings of Zendesk: heard, changed, silent for an outage, asked for all of them, seen on the scorecard."""

import base64
import hmac
import json
import re
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError

from sqlalchemy import select

from app.domain.periods import Period
from app.domain.states import ConnectionSide
from app.imports.responses import ResponseRow
from app.jobs.deliveries import process_deliveries
from app.jobs.polling import poll_connections
from app.models.base import reading
from app.models.connections import Connection
from app.models.departments import Department
from app.models.external_scores import ExternalResponse
from app.pipeline.responses.history import record_history
from tests.builders.departments import touchpoint
from tests.builders.service_requests import connection
from tests.journeys.conftest import Company
from tests.journeys.told import flask, open_service_desk
from tests.servers.vendor import Asked, Reply, Vendor

QUARTER = Period(2025, 3)
BEGAN = datetime(2025, 8, 20, 9, tzinfo=UTC)
SECRET = "dGhpcyBpcyBub3Qgb25l"


class Desk:
    """A Zendesk account: tickets with their ratings, an API that may be down, and a webhook."""

    def __init__(self, vendor: Vendor) -> None:
        self.is_up = True
        self.ratings: dict[int, dict[str, Any]] = {}
        vendor.answer("GET", "/api/v2/.*", self._reply)

    def rate(self, ticket: int, score: str, minute: int, comment: str | None = None) -> dict[str, Any]:
        """Rate a ticket, or change its rating; return the event that Zendesk sends."""
        at = BEGAN + timedelta(minutes=minute)
        known = self.ratings.get(ticket, {"created_at": at.isoformat()})
        told = {"id": 500 + ticket, "ticket_id": ticket, "requester_id": 900 + ticket, "score": score}
        self.ratings[ticket] = {**known, **told, "comment": comment, "updated_at": at.isoformat()}
        return {
            "type": "zen:event-type:ticket.csat_received",
            "id": f"e-{ticket}-{minute}",
            "time": at.isoformat(),
            "detail": {"id": str(ticket), "requester_id": str(900 + ticket)},
            "event": {"satisfaction_score": {"score": score.upper(), "comment": comment}},
        }

    def _reply(self, asked: Asked) -> Reply:
        if not self.is_up:
            return Reply({"error": "down for maintenance"}, status=403)
        if asked.path == "/api/v2/users/me.json":
            return Reply({"user": {"name": "Anna Admin"}})
        if asked.path == "/api/v2/satisfaction_ratings.json":
            return Reply({"satisfaction_ratings": list(self.ratings.values()), "meta": {"has_more": False}})
        number = int(asked.path.removeprefix("/api/v2/tickets/").removesuffix(".json"))
        rating = {name: self.ratings[number][name] for name in ("id", "score", "comment")}
        ticket = {"id": number, "requester_id": 900 + number, "satisfaction_rating": rating}
        return Reply({"ticket": ticket})


def _add(company: Company, vendor: Vendor) -> str:
    """Add the source as an administrator does; return the address of its hook."""
    settings = {
        "csat": "legacy",
        "base_url": vendor.url,
        "email": "anna@example.com",
        "api_token": "t0ken",
        "secret": SECRET,
        "touchpoint": "tickets",
        "instrument": "thumbs",
    }
    pairs = [f"--setting={name}={value}" for name, value in settings.items()]
    printed = flask(company, "sources", "add", "customers", "--kind", "zendesk", *pairs)
    assert "Zendesk knows us: Anna Admin" in printed
    found = re.search(r"http://\S+/hooks/customers/[\w-]{32}", printed)
    assert found is not None, printed
    return found[0]


def _send(address: str, event: dict[str, Any], secret: str = SECRET) -> int:
    """Send an event as Zendesk signs it, over the wire; return the status."""
    body, stamp = json.dumps(event).encode(), datetime.now(UTC).isoformat()
    headers = {
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Signature": base64.b64encode(
            hmac.digest(secret.encode(), stamp.encode() + body, "sha256")
        ).decode(),
        "Content-Type": "application/json",
    }
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        refused.close()
        return refused.code


def _stored(company: Company) -> dict[str, tuple[float | None, str | None]]:
    """Return score and comment of each response by its id."""
    with reading(), company.database.sessions() as session:
        found = session.scalars(select(ExternalResponse).order_by(ExternalResponse.response_id))
        return {one.response_id: (one.score, one.comment) for one in found}


def test_ratings_from_the_first_hook_over_an_outage_to_the_scorecard(company: Company, vendor: Vendor) -> None:
    work, desk = company.installation, Desk(vendor)
    open_service_desk(company)
    _let_tickets_count_for_the_service_desk(company)
    address = _add(company, vendor)

    # rated: only who signs is heard, and the ticket is asked which rating it is
    first = desk.rate(1, "good", minute=0)
    assert [_send(address, first, "another"), _send(address, first), _send(address, first)] == [401, 202, 202]
    assert (process_deliveries(work, now=datetime.now(UTC)), _stored(company)) == (1, {"501": (1.0, None)})

    # thought better of it: the same response, told anew
    _send(address, desk.rate(1, "bad", minute=5, comment="It broke again"))
    process_deliveries(work, now=datetime.now(UTC))
    assert _stored(company) == {"501": (0.0, "It broke again")}

    # asked, not answered
    _send(address, {"type": "zen:event-type:ticket.csat_requested", "id": "e-9", "detail": {"id": "9"}})
    process_deliveries(work, now=datetime.now(UTC))

    _an_outage(company, desk, address)
    assert _external(company) == {"estimate": 0.98, "n": 40}


def _an_outage(company: Company, desk: Desk, address: str) -> None:
    """One rating is told while Zendesk answers nothing, the others are not told at all: afterwards all are there."""
    work, now = company.installation, datetime.now(UTC)
    desk.is_up = False
    assert _send(address, desk.rate(2, "good", minute=10)) == 202
    process_deliveries(work, now=now)
    for ticket in range(3, 41):
        desk.rate(ticket, "good", minute=10 + ticket)
    assert poll_connections(work, now=now) == 1
    assert company.rows(select(Connection.poll_failures).where(Connection.slug == "customers")) == [1]
    assert list(_stored(company)) == ["501"]

    desk.is_up = True
    later = now + timedelta(hours=2)
    assert poll_connections(work, now=later) == 1
    process_deliveries(work, now=later)
    poll_connections(work, now=later + timedelta(hours=2))
    everything = {str(500 + ticket): (1.0, None) for ticket in range(2, 41)} | {"501": (0.0, "It broke again")}
    assert (company.rows(select(Connection.poll_failures).where(Connection.slug == "customers")), _stored(company)) == (
        [0],
        everything,
    )


def _let_tickets_count_for_the_service_desk(company: Company) -> None:
    session = company.database.session
    department = session.scalars(select(Department).where(Department.code == "IT")).one()
    touchpoint(session, department, "tickets")
    session.commit()
    _colleagues_answered(company)


def _colleagues_answered(company: Company) -> None:
    """Twelve earlier answers from inside: a scorecard sets the two beside each other."""
    values = {"provider_department": "IT", "completed_at": BEGAN, "csat_overall": 4}
    given = frozenset({*values, "response_id", "requester"})
    rows = [
        ResponseRow(line=n, given=given, response_id=f"r{n}", requester=f"r{n}@example.com", **values)  # type: ignore[arg-type]
        for n in range(12)
    ]
    with company.database.sessions.begin() as session:
        source = connection(session, "forms", ConnectionSide.SCORES)
        record_history(
            session, rows, source=source, calendar=company.calendar, keys=company.keys, now=datetime.now(UTC)
        )


def _external(company: Company) -> dict[str, Any]:
    """Return what the service desk's scorecard says of its customers."""
    printed = flask(company, "scorecards", "build", str(QUARTER), "--preview")
    documents = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    card = next(one for one in documents if one["department"]["code"] == "IT")
    share = card["external"]["csat_overall"]["top_two_box"]
    return {name: share[name] for name in ("estimate", "n")}
