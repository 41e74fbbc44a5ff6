"""Where connections stand, for a list and a page: what works, what waits, and what needs an administrator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from app.connectors import find_connector
from app.connectors.connector import Connector
from app.connectors.score_mapping import UNSIGNED
from app.domain.states import ConnectionSide, DeliveryState
from app.foundations.languages import gettext, mark, ngettext
from app.foundations.retelling import retold
from app.models.connections import Connection
from app.models.deliveries import FAILED, REFUSED, Delivery

TROUBLE_FROM = 3  # failed polls in a row: one or two are a restart of the tool


class Standing(StrEnum):
    """How a connection is doing, in one word."""

    OFF = "off"
    NEEDS_YOU = "needs_you"
    BY_FILE = "by_file"  # its files are imported; it tells nothing by itself
    SILENT = "silent"  # nothing has come yet
    CONNECTED = "connected"


@dataclass(frozen=True)
class Counted:
    """How many deliveries of a connection are kept, wait, could not be read, and were refused."""

    all: int = 0
    waiting: int = 0
    failed: int = 0
    refused: int = 0


@dataclass(frozen=True, kw_only=True)
class Overview:
    """One connection in a list; `trouble` is a sentence for whoever it needs, else empty."""

    slug: str
    side: ConnectionSide
    kind: str
    standing: Standing
    trouble: str
    last_event_at: datetime | None
    counted: Counted


def overview(session: Session) -> list[Overview]:
    """Return all trackers and sources by slug, in three statements."""
    counted, refused = _counted(session), refused_last(session)
    found = session.scalars(select(Connection).where(Connection.removed_at.is_(None)).order_by(Connection.slug))
    return [_overview(one, counted.get(one.id, Counted()), refused.get(one.id, "")) for one in found]


def overview_of(session: Session, connection: Connection) -> Overview:
    """Return the same of one."""
    counted, refused = _counted(session, connection.id), refused_last(session, connection.id)
    return _overview(connection, counted.get(connection.id, Counted()), refused.get(connection.id, ""))


def refused_last(session: Session, connection_id: int | None = None) -> Mapping[int, str]:
    """Return the connections whose newest delivery was refused, each with the reason: whoever calls is not heard."""
    query = select(Delivery.connection_id, func.max(Delivery.received_at).label("at")).where(REFUSED)
    if connection_id is not None:
        query = query.where(Delivery.connection_id == connection_id)
    last, taken = query.group_by(Delivery.connection_id).subquery(), aliased(Delivery)
    since = select(taken.id).where(
        taken.connection_id == last.c.connection_id,
        taken.received_at > last.c.at,
        taken.state != DeliveryState.REFUSED,
    )
    reasons = (
        select(Delivery.connection_id, Delivery.error)
        .join(last, and_(last.c.connection_id == Delivery.connection_id, last.c.at == Delivery.received_at))
        .where(REFUSED, ~since.exists())
        .order_by(Delivery.id)
    )
    return {whose: reason or "" for whose, reason in session.execute(reasons).tuples()}


def refuses_all(connection: Connection, connector: Connector) -> bool:
    """True where no delivery can prove itself: no secret is set, and the kind takes no other proof."""
    has_way = connection.settings.get(UNSIGNED.name) is True or any(one.proves for one in connector.settings)
    return connector.verify is not None and connection.secret is None and not has_way


def is_made_by_hand(connection: Connection, *, delivers: bool) -> bool:
    """True where the tool calls a hook that it did not make for us: registering it may have failed before."""
    return connection.registration is None and delivers


def is_unregistered(connection: Connection, connector: Connector, *, delivers: bool) -> bool:
    """True where the tool should know our hook and does not; one made by hand is known by what it has delivered."""
    return connector.register is not None and connection.registration is None and not delivers


def _counted(session: Session, connection_id: int | None = None) -> Mapping[int, Counted]:
    waiting = func.sum(case((Delivery.state == DeliveryState.STORED, 1), else_=0))
    failed, refused = func.sum(case((FAILED, 1), else_=0)), func.sum(case((REFUSED, 1), else_=0))
    query = select(Delivery.connection_id, func.count(), waiting, failed, refused).group_by(Delivery.connection_id)
    if connection_id is not None:
        query = query.where(Delivery.connection_id == connection_id)
    return {whose: Counted(*numbers) for whose, *numbers in session.execute(query).tuples()}


def _overview(connection: Connection, counted: Counted, refused: str) -> Overview:
    connector = find_connector(connection.side, connection.kind)
    trouble = _trouble(connection, connector, refused, delivers=counted.all > counted.refused)
    return Overview(
        slug=connection.slug,
        side=connection.side,
        kind=connection.kind,
        standing=_standing(connection, connector, trouble),
        trouble=trouble,
        last_event_at=connection.last_event_at,
        counted=counted,
    )


def _standing(connection: Connection, connector: Connector | None, trouble: str) -> Standing:
    if not connection.is_active:
        return Standing.OFF
    if trouble:
        return Standing.NEEDS_YOU
    if connector is None or (connector.read is None and connector.poll is None):
        return Standing.BY_FILE
    return Standing.SILENT if connection.last_event_at is None and connection.polled_at is None else Standing.CONNECTED


def _trouble(connection: Connection, connector: Connector | None, refused: str, *, delivers: bool) -> str:
    if connector is None:
        return ""
    if connection.hook_problem and not is_made_by_hand(connection, delivers=delivers):
        return gettext("The hook does not work: %(problem)s", problem=retold(connection.hook_problem))
    if is_unregistered(connection, connector, delivers=delivers):
        return gettext("The tool does not know our hook yet: register it.")
    if not connector.is_hook_extra and refuses_all(connection, connector):
        sentence = mark(
            "Every event is refused, since nothing proves who sends it: fill in “%(setting)s” in its settings."
        )
        return gettext(sentence, setting=_label_of_secret(connector))
    if refused:
        sentence = mark("The last event was refused: %(reason)s. This line goes once an event is taken.")
        return gettext(sentence, reason=retold(refused))
    return _trouble_of_polls(connection)


def _label_of_secret(connector: Connector) -> str:
    """Return what the form calls the setting that proves who sends."""
    meaning = next((gettext(one.meaning) for one in connector.settings if one.name == connector.secret_name), "")
    return meaning[:1].upper() + meaning[1:] or connector.secret_name


def _trouble_of_polls(connection: Connection) -> str:
    if connection.poll_failures >= TROUBLE_FROM:
        return ngettext(
            "It could not be asked, %(num)s time in a row: %(problem)s",
            "It could not be asked, %(num)s times in a row: %(problem)s",
            connection.poll_failures,
            problem=retold(connection.poll_problem or "?"),
        )
    return _left_out(connection)


def _left_out(connection: Connection) -> str:
    if not connection.left_out:
        return ""
    if connection.side is ConnectionSide.TRACKER:
        return ngettext(
            "%(num)s request was left out: %(problem)s. Set it right in the tool, then ask for the past.",
            "%(num)s requests were left out: %(problem)s. Set it right in the tool, then ask for the past.",
            len(connection.left_out),
            problem=next(reversed(connection.left_out.values())),
        )
    return ngettext(
        "%(num)s score was left out: %(problem)s. Mend the scale in the settings, then ask for the past.",
        "%(num)s scores were left out: %(problem)s. Mend the scale in the settings, then ask for the past.",
        len(connection.left_out),
        problem=retold(next(reversed(connection.left_out.values()))),
    )
