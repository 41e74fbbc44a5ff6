"""`flask scorecards list`, and the words for a quarter, a department or a revision that is not there."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli.periods import PERIOD, calendar
from app.cli.sessions import reading_transaction, settings
from app.cli.tables import print_table
from app.domain.periods import Period
from app.foundations import clock
from app.foundations.languages import gettext
from app.models.departments import Department
from app.models.scorecards import ScorecardPosting, ScorecardRevision, find_revision
from app.reports.published import Document
from app.reports.sentences import say

NAMED = 20  # of the departments that have a scorecard; the list names all


@dataclass(frozen=True)
class _Listed:
    """The last revision of a department: since when it was mailed to somebody, its name and finding."""

    code: str
    revision: int
    posted_at: datetime | None
    name: str
    finding: str


@click.command("list", help="Print the scorecards of PERIOD: code, last revision, when it was posted, name, finding.")
@click.argument("period", type=PERIOD)
@with_appcontext
def list_scorecards(period: Period) -> None:
    """Print a line for each department that has a scorecard; exit 1 if none has."""
    with reading_transaction() as session:
        found = _listed(session, period)
        if not found:
            raise no_scorecards(session, period)
    heads = [gettext("code"), gettext("revision"), gettext("posted"), gettext("department"), gettext("finding")]
    rows = [(row.code, row.revision, _day(row.posted_at), row.name, row.finding) for row in found]
    print_table(heads, rows, numbers=frozenset({1}))


def _listed(session: Session, period: Period) -> list[_Listed]:
    posted = (
        select(ScorecardPosting.scorecard_id, func.min(ScorecardPosting.posted_at).label("posted_at"))
        .group_by(ScorecardPosting.scorecard_id)
        .subquery()
    )
    query = (
        select(ScorecardRevision.revision, ScorecardRevision.document, Department.code, posted.c.posted_at)
        .join(Department, Department.id == ScorecardRevision.department_id)
        .join(posted, posted.c.scorecard_id == ScorecardRevision.id, isouter=True)
        .where(ScorecardRevision.period == str(period))
        .order_by(Department.code, ScorecardRevision.revision)
    )
    last = {row.code: row for row in session.execute(query)}
    return [
        _Listed(code, row.revision, row.posted_at, document["department"]["name"], _finding(document))
        for code, row in last.items()
        for document in (json.loads(row.document),)
    ]


def _finding(document: Document) -> str:
    return say(document["sentences"]["finding"], calendar())


def _day(moment: datetime | None) -> str:
    return gettext("no") if moment is None else moment.astimezone(settings().time_zone).date().isoformat()


def no_scorecard(session: Session, period: Period, code: str, revision: int | None) -> click.ClickException:
    """Return what to say where `find_revision` found nothing: which quarters, codes or revisions there are."""
    query = select(Department.code).join(ScorecardRevision).where(ScorecardRevision.period == str(period))
    codes = session.scalars(query.distinct().order_by(Department.code)).all()
    if not codes:
        return no_scorecards(session, period)
    last = find_revision(session, str(period), code)
    if last is not None:
        return click.ClickException(
            gettext(
                "There is no revision %(revision)s of %(code)s for %(period)s; the last one is %(last)s.",
                revision=revision,
                code=code,
                period=period,
                last=last.revision,
            )
        )
    missing = gettext("There is no scorecard of %(code)s for %(period)s.", code=code, period=period)
    known = gettext("There are scorecards of: %(codes)s.", codes=_few(codes))
    return click.ClickException(f"{missing} {known}")


def no_scorecards(session: Session, period: Period) -> click.ClickException:
    """Return what to say of a quarter without scorecards: which have some, and from when on this one can."""
    missing = gettext("There are no scorecards for %(period)s.", period=period)
    return click.ClickException(f"{missing} {_known(session.scalars(select(ScorecardRevision.period)), period)}")


def no_culture(periods: Iterable[str], period: Period) -> click.ClickException:
    """Return what to say of a quarter without HR's document: which have one, and from when on this one can."""
    missing = gettext("There is no culture document for %(period)s.", period=period)
    return click.ClickException(f"{missing} {_known(periods, period)}")


def _known(periods: Iterable[str], period: Period) -> str:
    freezes_at = calendar().freezes_at(period)
    if clock.now() < freezes_at:
        day = freezes_at.astimezone(settings().time_zone).date().isoformat()
        return gettext("%(period)s can be frozen from %(day)s on: until then answers may come.", period=period, day=day)
    if not (known := sorted(set(periods))):
        return gettext("Nothing is frozen yet.")
    return gettext("Frozen quarters: %(periods)s.", periods=", ".join(known))


def _few(codes: Iterable[str]) -> str:
    found = list(codes)
    return ", ".join([*found[:NAMED], *(["…"] if len(found) > NAMED else [])])
