"""Freeze a quarter: documents with digests, revision by revision. An issued revision never changes.

Refresh the rollups first (jobs and commands order the two steps): a freeze reads what stands there.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.departments import DepartmentTree
from app.domain.disclosure import own
from app.domain.periods import Calendar, Period
from app.domain.scorecards.counts_told import figures_by_name, without_counts
from app.domain.scorecards.digest import content
from app.domain.scorecards.families import Family
from app.domain.scorecards.publish import Json
from app.domain.states import PeriodState, ResponseState
from app.models.departments import tree_at
from app.models.distinct_words import distinct_words
from app.models.policies import PolicyVersion
from app.models.releases import (
    PeriodRecord,
    fix_tree,
    is_tree_of_quarter,
    lock_fixed_period,
    refuse_moved_periods,
)
from app.models.responses import HeldResponse
from app.models.rollups import COMPANY_ID
from app.models.scorecards import ScorecardRevision
from app.models.service_requests import RequestCycle
from app.models.surveys import questionnaire_of
from app.pipeline.scorecards.coding import name_themes
from app.pipeline.scorecards.comments import open_comments_at_freeze, print_comments
from app.pipeline.scorecards.culture import freeze_culture
from app.pipeline.scorecards.driver_estimates import estimate_drivers
from app.pipeline.scorecards.historical import is_historical
from app.pipeline.scorecards.ledger import keep_ledger, unwritten
from app.pipeline.scorecards.open_requests import count_open_requests
from app.pipeline.scorecards.revisions import Told, worth_freezing
from app.reports.department_scores import (
    Building,
    Disclosed,
    ScorecardBuild,
    build_scorecards,
    read_disclosed,
    reseal_scorecards,
)
from app.reports.published import Document

CHUNK = 500  # departments of one statement: SQLite binds 32,766 values at most


class NotYetFreezable(Exception):
    """The period's invitations may still run; `freezes_at` is when they will have ended."""

    def __init__(self, period: Period, freezes_at: datetime) -> None:
        super().__init__(f"{period} can be frozen from {freezes_at:%Y-%m-%d} on")
        self.period, self.freezes_at = period, freezes_at


def freeze(session: Session, period: Period, *, calendar: Calendar, policy: AskingPolicy, now: datetime) -> int:
    """Freeze revision 1, or a further revision of every department whose figures gained enough; return how many.

    Once the quarter is released, further revisions hold customers' scores and touchpoints as they are now, and the
    figures of colleagues as they were frozen. Raises PeriodsMoved where settings differ from the stored bounds and
    NotYetFreezable before the freeze date (a historical quarter has none). Idempotent: a second call finds nothing
    that changed.
    """
    refuse_moved_periods(session, calendar)
    record = lock_fixed_period(session, calendar, period)  # one freeze at a time
    if record.state is PeriodState.RELEASED:
        again = _store(session, period, resealed(session, record, calendar=calendar, now=now))
        keep_ledger(session, str(period))
        return again
    _mark_historical(session, record, calendar, period)
    if now < calendar.freezes_at(period) and not record.is_historical:
        raise NotYetFreezable(period, calendar.freezes_at(period))
    if record.state is PeriodState.OPEN:
        count_open_requests(session, period, calendar=calendar, policy=policy)
        estimate_drivers(session, period, calendar=calendar)
        open_comments_at_freeze(session, period, calendar=calendar, policy=policy)
    frozen = _freeze_documents(session, record, _building(session, period, calendar, policy, now))
    session.execute(
        update(PeriodRecord)
        .where(PeriodRecord.period == str(period), PeriodRecord.state == PeriodState.OPEN)
        .values(state=PeriodState.FROZEN, frozen_at=now)
    )
    session.flush()
    session.refresh(record)
    return frozen


def preview(
    session: Session, period: Period, *, calendar: Calendar, policy: AskingPolicy, now: datetime
) -> Iterator[Json]:
    """Yield the documents as they would be frozen now, but draw no comments; nothing is stored.

    Comments are drawn by the freeze alone: whoever could draw as often as they like, with one or two comments shown,
    would learn which are of one author.
    """
    record = session.get(PeriodRecord, str(period))
    if record is not None and record.state is PeriodState.RELEASED:
        yield from (build.document for build in resealed(session, record, calendar=calendar, now=now))
        return
    building = _building(session, period, calendar, policy, now)
    latest = _latest_revisions(session, period)
    builds = list(build_scorecards(session, building, revisions={}, before=_disclosed(session, period, latest)))
    builds = name_themes(session, str(period), builds)
    yield from (build.document for build in builds if build.department_id != COMPANY_ID)


def resealed(session: Session, record: PeriodRecord, *, calendar: Calendar, now: datetime) -> Iterator[ScorecardBuild]:
    """Yield what a released quarter's documents would say with customers' scores as they are now, where they differ."""
    period = Period.parse(record.period)
    return reseal_scorecards(
        session,
        period,
        _latest_revisions(session, period),
        calendar=calendar,
        family=Family(record.family or {}),
        frozen_at=now.replace(microsecond=0),
    )


def due_periods(session: Session, *, calendar: Calendar, now: datetime) -> list[Period]:
    """Return the quarters whose freeze date has come and that are still open, oldest first; never historical ones."""
    known = {*distinct_words(session, RequestCycle.period), *distinct_words(session, HeldResponse.period)}
    closed = set(session.scalars(select(PeriodRecord.period).where(PeriodRecord.state != PeriodState.OPEN)))
    found = sorted(Period.parse(name) for name in known if name not in closed)
    return [
        period
        for period in found
        if now >= calendar.freezes_at(period) and not is_historical(session, calendar, period)
    ]


def _building(session: Session, period: Period, calendar: Calendar, policy: AskingPolicy, now: datetime) -> Building:
    instruments = distinct_words(session, HeldResponse.instrument_version, HeldResponse.period == str(period))
    return Building(
        calendar=calendar,
        period=period,
        policy=policy,
        policy_versions=_policy_versions(session, calendar, period),
        instrument_versions=tuple(sorted(set(instruments))) or (questionnaire_of(session, str(period)).version,),
        frozen_at=now.replace(microsecond=0),
    )


def _policy_versions(session: Session, calendar: Calendar, period: Period) -> tuple[int, ...]:
    """Return the versions that were in force in the quarter, and the newest: by its thresholds the figures are shown.

    Version 0 are the defaults, in force until an administrator writes another.
    """
    begun = dict(session.execute(select(PolicyVersion.version, PolicyVersion.created_at)).tuples().all())
    before = [version for version, at in begun.items() if at < calendar.starts_at(period)]
    within = [version for version, at in begun.items() if calendar.starts_at(period) <= at < calendar.ends_at(period)]
    return tuple(sorted({max(before, default=0), *within, max(begun, default=0)}))


def _freeze_documents(session: Session, record: PeriodRecord, building: Building) -> int:
    period, latest = str(building.period), _latest_revisions(session, building.period)
    revisions = {department: revision.revision + 1 for department, revision in latest.items()}
    family = None if record.family is None else Family(record.family)
    before = _disclosed(session, building.period, latest)
    builds = list(build_scorecards(session, building, revisions=revisions, family=family, before=before))
    builds = name_themes(session, period, builds)
    builds = print_comments(session, building, builds, _latest_documents(session, building.period))
    tree = tree_at(session, building.calendar.last_moment(building.period)).below(COMPANY_ID)
    worthy, told = {build.department_id for build in builds}, set(tree.parents)
    if record.state is not PeriodState.OPEN:
        worthy = _worth_a_revision(before, builds, tree, building.policy.minimum_group_size)
        worthy = worthy if is_tree_of_quarter(record, tree) else set()
        told = {below for id_ in worthy for below in tree.subtree(id_)}
    fix_tree(record, tree)
    new = {build.department_id: build for build in builds if build.department_id in worthy}
    company = new.pop(COMPANY_ID, None)
    frozen = _store(session, building.period, new.values())
    freeze_culture(
        session,
        building,
        _latest_documents(session, building.period),
        new=new.keys(),
        company=company,
        own_parts={own(_code(build)): build.own_part for build in builds if build.own_part is not None},
    )
    keep_ledger(session, period)
    if record.family is None:
        by_code = {_code(build): build.p_values for build in builds}
        record.family = dict(Family.of(by_code).p_values)
    _mark_published(session, period, told)
    session.flush()
    return frozen


def _code(build: ScorecardBuild) -> str:
    return str(build.document["department"]["code"])


def _store(session: Session, period: Period, builds: Iterable[ScorecardBuild]) -> int:
    """Keep documents as revisions and return how many."""
    rows = [
        ScorecardRevision(
            department_id=build.department_id,
            period=str(period),
            revision=build.document["revision"],
            frozen_at=datetime.fromisoformat(build.document["frozen_at"]),
            digest=build.document["digest"],
            document=json.dumps(build.document, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
            people=dict(build.people),
        )
        for build in builds
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _disclosed(session: Session, period: Period, latest: Mapping[int, ScorecardRevision]) -> Disclosed:
    """Return what the quarter's frozen documents disclosed, of departments and of the company."""
    last = [json.loads(row.document) for row in latest.values()]
    documents = {document["department"]["code"]: document for document in last}
    return read_disclosed(session, str(period), documents, unwritten(session, str(period)))


def _latest_documents(session: Session, period: Period) -> dict[int, Json]:
    return {id_: json.loads(row.document) for id_, row in _latest_revisions(session, period).items()}


def _worth_a_revision(
    before: Disclosed, builds: Collection[ScorecardBuild], tree: DepartmentTree, minimum_group: int
) -> set[int]:
    """Return the departments, and COMPANY_ID, where something changed that may be told."""
    codes = {build.department_id: _code(build) for build in builds}
    old = {
        id_: Told(before.printed.get(code, {}), before.people.get(code, {}))
        for id_, code in codes.items()
        if code in before.documents
    }
    new = {
        build.department_id: Told(figures_by_name(build.document), build.people, build.consenting)
        for build in builds
        if build.department_id not in old
        or _says(before.documents[codes[build.department_id]]) != _says(build.document)
    }
    return worth_freezing(old, new, tree, minimum_group)


def _says(document: Document) -> str:
    return content(without_counts(document))


def _mark_published(session: Session, period: str, departments: Collection[int]) -> None:
    """Remember which held answers a revision has told of: the release keeps no others."""
    for start in range(0, len(departments), CHUNK):
        session.execute(
            update(HeldResponse)
            .where(
                HeldResponse.period == period,
                HeldResponse.state == ResponseState.ACCEPTED,
                HeldResponse.is_published.is_(False),
                HeldResponse.department_id.in_(sorted(departments)[start : start + CHUNK]),
            )
            .values(is_published=True)
            .execution_options(synchronize_session=False)
        )


def _latest_revisions(session: Session, period: Period) -> dict[int, ScorecardRevision]:
    rows = session.scalars(
        select(ScorecardRevision).where(ScorecardRevision.period == str(period)).order_by(ScorecardRevision.revision)
    )
    return {row.department_id: row for row in rows}


def _mark_historical(session: Session, record: PeriodRecord, calendar: Calendar, period: Period) -> None:
    if not record.is_historical and record.state is PeriodState.OPEN and is_historical(session, calendar, period):
        record.is_historical = True
        session.flush()
