"""The figures of /metrics: counts of work and how long it waits, never of answers or of people.

Nor does a figure move when an answer comes in: whoever reads them every second would know the moment of each, and where
a single invitation is open, who answered.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.decisions import DecisionReason
from app.domain.states import TAKES_ANSWERS, DeliveryState, MessageState
from app.foundations.version import version
from app.models.deliveries import FAILED, Delivery
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.run_marks import RunMark
from app.models.service_requests import RequestCycle
from app.upkeep.running import readiness


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure with the sentence that explains it."""

    name: str
    about: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def gauges(session: Session, *, now: datetime) -> Iterator[Gauge]:
    """Yield every figure; of a database that cannot be used only that."""
    yield Gauge("parity_info", "The version that answers.", 1, (("version", version()),))
    usable = readiness.trouble_with_database(session) is None
    yield Gauge("parity_database_usable", "1 if the database answers and has this version's tables.", usable)
    if usable:
        yield from _of_mail(session, now)
        yield from _of_work(session, now)


def _of_mail(session: Session, now: datetime) -> Iterator[Gauge]:
    waiting = Message.state == MessageState.WAITING
    oldest = session.scalar(select(func.min(Message.due_at)).where(waiting, Message.due_at <= now))
    yield Gauge("parity_messages_waiting", "Mails not sent yet.", _count(session, waiting))
    failed = _count(session, Message.state == MessageState.FAILED)
    yield Gauge("parity_messages_failed", "Mails given up or returned.", failed)
    overdue = readiness.overdue_messages(session, now)
    yield Gauge("parity_messages_overdue", "Mails that should have left more than an hour ago.", overdue)
    yield Gauge("parity_messages_oldest_due_seconds", "How long the oldest due mail has waited.", _age(oldest, now, 0))


def _of_work(session: Session, now: datetime) -> Iterator[Gauge]:
    stored = Delivery.state == DeliveryState.STORED
    oldest = session.scalar(select(func.min(Delivery.received_at)).where(stored))
    yield Gauge("parity_deliveries_stored", "Events of trackers not read yet.", _count(session, stored))
    unread = _count(session, FAILED)
    yield Gauge("parity_deliveries_failed", "Events of trackers that could not be read.", unread)
    yield Gauge(
        "parity_deliveries_oldest_seconds", "How long the oldest unread event has waited.", _age(oldest, now, 0)
    )
    waiting = _count(session, RequestCycle.decision == DecisionReason.WAITING)
    yield Gauge("parity_requests_waiting", "Completed requests whose sending moment has not come.", waiting)
    still_open = _count(session, Invitation.state.in_(TAKES_ANSWERS), Invitation.expires_at > now)
    yield Gauge(
        "parity_invitations_open", "Invitations that can be answered, or corrected, until they end.", still_open
    )
    added_up = session.scalar(select(RunMark.at).where(RunMark.name == "job:roll_up"))
    yield Gauge(
        "parity_roll_up_seconds", "Since answers were last added up; +Inf before.", _age(added_up, now, math.inf)
    )
    silent = _age(readiness.worker_seen_at(session), now, math.inf)
    yield Gauge("parity_worker_silent_seconds", "Since the worker's last sweep; +Inf before the first.", silent)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0


def _age(since: Any, now: datetime, never: float) -> float:
    return never if since is None else max((now - since).total_seconds(), 0)


def exposition(found: Iterator[Gauge]) -> str:
    """Return the figures in Prometheus' text format (exposition format 0.0.4)."""
    return "".join(map(_lines, found))


def _lines(gauge: Gauge) -> str:
    labels = ",".join(f'{name}="{value}"' for name, value in gauge.labels)
    told = f"{gauge.name}{{{labels}}}" if labels else gauge.name
    return f"# HELP {gauge.name} {gauge.about}\n# TYPE {gauge.name} gauge\n{told} {_written(gauge.value)}\n"


def _written(value: float) -> str:
    if math.isinf(value):
        return "+Inf"
    return str(int(value)) if float(value).is_integer() else repr(float(value))
