"""Read one department's rollups into figures. Rows read do not grow with the number of answers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.instruments import ALWAYS_ASKED, Item
from app.domain.scorecards.clock import WorkFigures
from app.domain.scorecards.cuts import CUT_BLOCKS
from app.domain.scorecards.funnel import FunnelFigures
from app.domain.scorecards.internal import ItemFigures, ProfileRow, item_figures
from app.domain.scorecards.loop import LoopFigures
from app.domain.statistics import kaplan_meier
from app.models.follow_ups import FollowUp
from app.models.rollups import (
    CellCount,
    FunnelCount,
    NotApplicableCount,
    OpenAge,
    ProfileCell,
    WorkCount,
    WorkDuration,
)

WHOLE = "all"
UNKNOWN = "unknown"  # what a cut calls a request without a type


@dataclass(frozen=True)
class Place:
    """A department's subtree in a quarter."""

    department_id: int
    period: str
    subtree: frozenset[int]


def read_items(session: Session, place: Place) -> dict[Item, ItemFigures]:
    """Return the figures of every item over the whole department."""
    rows = _profiles(session, place, cut=WHOLE)
    consenting = _consenting(session, place, WHOLE).get("", 0)
    found = {Item(item): item_figures(Item(item), profiles, consenting) for (_, item), profiles in rows.items()}
    return {item: figures for item, figures in found.items() if figures is not None}


def read_cuts(session: Session, place: Place) -> dict[str, dict[str, ItemFigures]]:
    """Return the headline figures per cut and value."""
    cuts: dict[str, dict[str, ItemFigures]] = {}
    for cut in CUT_BLOCKS:
        rows = _profiles(session, place, cut=cut, item=ALWAYS_ASKED[0])
        consenting = _consenting(session, place, cut)
        found = {
            value: item_figures(ALWAYS_ASKED[0], profiles, consenting.get(value, 0))
            for (value, _), profiles in rows.items()
        }
        cuts[cut] = {value: figures for value, figures in found.items() if figures is not None}
    return cuts


def _consenting(session: Session, place: Place, cut: str) -> dict[str, int]:
    """Return requesters who consented to contact, by value of the cut."""
    query = select(CellCount.value, CellCount.requesters - CellCount.confidential_requesters).where(
        CellCount.department_id == place.department_id,
        CellCount.period == place.period,
        CellCount.is_own.is_(False),
        CellCount.cut == cut,
    )
    return dict(session.execute(query).tuples().all())


def _profiles(
    session: Session, place: Place, *, cut: str, item: Item | None = None
) -> Mapping[tuple[str, str], list[ProfileRow]]:
    query = select(
        ProfileCell.value, ProfileCell.item, ProfileCell.weight_step, ProfileCell.profile, ProfileCell.requesters
    ).where(
        ProfileCell.department_id == place.department_id,
        ProfileCell.period == place.period,
        ProfileCell.is_own.is_(False),
        ProfileCell.cut == cut,
    )
    if item is not None:
        query = query.where(ProfileCell.item == item.value)
    rows: defaultdict[tuple[str, str], list[ProfileRow]] = defaultdict(list)
    order = (ProfileCell.value, ProfileCell.item, ProfileCell.weight_step, ProfileCell.profile)
    for value, name, step, profile, requesters in session.execute(query.order_by(*order)):
        rows[value, name].append(ProfileRow(step, profile, requesters))
    return rows


def read_not_applicable(session: Session, place: Place) -> dict[str, int]:
    """Return how often "cannot judge" was chosen, by item."""
    query = select(NotApplicableCount.item, NotApplicableCount.answers).where(
        NotApplicableCount.department_id == place.department_id,
        NotApplicableCount.period == place.period,
        NotApplicableCount.is_own.is_(False),
    )
    return dict(session.execute(query).tuples().all())


def read_whole(session: Session, place: Place) -> CellCount | None:
    """Return the counts of the whole department."""
    return session.get(CellCount, (place.department_id, place.period, False, WHOLE, ""))


def read_answered_on_time(session: Session, place: Place) -> tuple[int, int]:
    """Return responses on time and responses whose on-time state is known."""
    query = select(CellCount.value, CellCount.responses).where(
        CellCount.department_id == place.department_id,
        CellCount.period == place.period,
        CellCount.is_own.is_(False),
        CellCount.cut == "on_time",
    )
    responses = dict(session.execute(query).tuples().all())
    return responses.get("yes", 0), responses.get("yes", 0) + responses.get("no", 0)


def read_funnel(session: Session, place: Place, imported: int) -> FunnelFigures:
    """Return requests by reason or state over the whole department."""
    query = select(FunnelCount.reason, FunnelCount.requests, FunnelCount.requesters).where(
        FunnelCount.department_id == place.department_id,
        FunnelCount.period == place.period,
        FunnelCount.is_own.is_(False),
        FunnelCount.cut == WHOLE,
    )
    rows = {reason: (requests, requesters) for reason, requests, requesters in session.execute(query)}
    requests = {reason: count for reason, (count, _) in rows.items()}
    return FunnelFigures(requests, eligible_requesters=rows.get("eligible", (0, 0))[1], imported=imported)


def read_work(session: Session, place: Place, days: int) -> dict[str, WorkFigures]:
    """Return counts and durations of the requests of each type, and the open ones at the freeze; the quarter's days."""
    names = ("arrivals", "completions", "on_time_known", "on_time", "reopened", "reassignments")
    sums = [func.sum(getattr(WorkCount, name)) for name in names]
    counts = select(WorkCount.request_type, *sums).where(
        WorkCount.department_id == place.department_id,
        WorkCount.period == place.period,
        WorkCount.is_own.is_(False),
    )
    counted: dict[str, dict[str, Any]] = {
        kind: {name: int(value) for name, value in zip(names, values, strict=True)}
        for kind, *values in session.execute(counts.group_by(WorkCount.request_type))
    }
    histograms: defaultdict[str, defaultdict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for table in (WorkDuration, OpenAge):
        key = (table.request_type, table.measure, table.bin)  # of all requester departments together
        query = select(*key, func.sum(table.requests)).where(
            table.department_id == place.department_id, table.period == place.period, table.is_own.is_(False)
        )
        for kind, measure, index, requests in session.execute(query.group_by(*key)):
            is_open_one = table is OpenAge and measure == "of_target"
            histograms[kind]["open_of_target" if is_open_one else measure][index] = int(requests)
    return {
        kind or UNKNOWN: WorkFigures(
            **counted.get(kind, {}),
            first_response=histograms[kind]["first_response"],
            completion=histograms[kind]["completion"],
            open_ages=histograms[kind]["open"],
            silent_ages=histograms[kind]["silent"],
            of_target=histograms[kind]["of_target"],
            open_of_target=histograms[kind]["open_of_target"],
            stuck=sum(histograms[kind]["stuck"].values()),
            days=days,
        )
        for kind in sorted(counted.keys() | histograms.keys())
    }


def read_late_feeling(session: Session, place: Place) -> ItemFigures | None:
    """Return how those whose requests were on time rated the time it took."""
    rows = _profiles(session, place, cut="on_time", item=Item.TIMELINESS).get(("yes", Item.TIMELINESS.value), [])
    return item_figures(Item.TIMELINESS, rows, _consenting(session, place, "on_time").get("yes", 0))


def read_loop(session: Session, place: Place, whole: CellCount | None, now: datetime) -> LoopFigures:
    """Return low ratings, thanks and what came of the wishes for contact; who still waits at `now` is censored."""
    if whole is None:
        return LoopFigures()
    wishes = session.execute(
        select(FollowUp.created_at, FollowUp.contacted_at).where(
            FollowUp.department_id.in_(place.subtree), FollowUp.period == place.period
        )
    ).all()
    waits = [max(timedelta(0), (contacted or now) - created) for created, contacted in wishes]
    done = [contacted is not None for _, contacted in wishes]
    median = kaplan_meier([wait.total_seconds() / 3600 for wait in waits], done).median if wishes else None
    return LoopFigures(whole.low_ratings, whole.consents, contacted=sum(done), median_hours=median, thanks=whole.thanks)
