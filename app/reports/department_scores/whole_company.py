"""The figures of the whole company where several departments stand on top: told to HR, and giving way to all others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.asking_policy import Targets
from app.domain.disclosure import COMPANY, Cell, Pattern, without
from app.domain.instruments import ALWAYS_ASKED, Item
from app.domain.scorecards.bottlenecks import together
from app.domain.scorecards.counts_told import new_counts
from app.domain.scorecards.cuts import CUT_BLOCKS
from app.domain.scorecards.document import (
    DepartmentFigures,
    Method,
    consenting_behind,
    people_behind,
    scorecard_document,
)
from app.domain.scorecards.publish import Json
from app.domain.scorecards.themes import ThemesTold
from app.models.rollups import COMPANY_ID
from app.reports.department_scores import reading
from app.reports.department_scores.company import Company, Patterns
from app.reports.department_scores.counted import Withheld
from app.reports.department_scores.disclosed import Disclosed
from app.reports.published import Document

MARGIN = "requester_department"  # the one cut of the whole: who is served
_TOLD = ("department", "internal", "loop", "funnel", "sla", "operations", CUT_BLOCKS[MARGIN], "themes", "suppressed")


@dataclass(frozen=True)
class WholeCompany:
    """What HR may be told of all departments together, the requesters behind each figure, and those who consented."""

    document: Json
    people: Mapping[str, int]
    consenting: Mapping[str, int]


def whole_company(
    session: Session,
    company: Company,
    period: str,
    patterns: Patterns,
    withheld: Withheld,
    themes: Mapping[str, ThemesTold],
    method: Method,
    frozen_at: datetime,
    *,
    before: Disclosed,
) -> WholeCompany | None:
    """Return the figures, None where one department is the company or nothing may be told.

    A revision that is not the quarter's first tells nothing of the company that the one before it did not.
    """
    pattern, items = patterns.company, patterns.company_items
    last = before.documents.get(COMPANY)
    if not before.is_first:
        pattern, items = _as_before(pattern, items, last)
    if Cell(COMPANY) not in pattern.present - pattern.hidden:
        return None
    figures = replace(_figures(session, company, period, items, frozen_at), themes=themes[COMPANY])
    bare = withheld.without(figures)
    document = _reduced(
        scorecard_document(bare, pattern, {}, method=method, period=period, revision=1, frozen_at=frozen_at)
    )
    if last is not None:
        document = without(document, new_counts(before.printed.get(COMPANY, {}), document))
    return WholeCompany(document, people_behind(figures, document), consenting_behind(figures, document))


def _as_before(pattern: Pattern, items: frozenset[Item], before: Document | None) -> tuple[Pattern, frozenset[Item]]:
    """Hide what was not told before: the sums of departments without a new revision would give away what is new."""
    if before is None:
        return Pattern(pattern.present, pattern.present), frozenset()
    told = {Cell(COMPANY)} if ALWAYS_ASKED[0].value in before["internal"] else set()
    told |= {Cell(COMPANY, MARGIN, row["value"]) for row in before.get(CUT_BLOCKS[MARGIN], [])}
    return Pattern(pattern.hidden | (pattern.present - told), pattern.present), items & {
        Item(item) for item in before["internal"]
    }


def _figures(
    session: Session, company: Company, period: str, told: frozenset[Item], frozen_at: datetime
) -> DepartmentFigures:
    place = reading.Place(COMPANY_ID, period, frozenset(company.tree.parents))
    whole, items = reading.read_whole(session, place), reading.read_items(session, place)
    return DepartmentFigures(
        code=COMPANY,
        name="",
        items=items,
        targets=Targets(),
        funnel=reading.read_funnel(session, place, whole.imported_responses if whole else 0),
        work=together(reading.read_work(session, place, days=0).values()),
        loop=reading.read_loop(session, place, whole, frozen_at),
        cuts={MARGIN: reading.read_cuts(session, place)[MARGIN]},
        hidden_items=frozenset(items) - told - {ALWAYS_ASKED[0]},
    )


def _reduced(document: Json) -> Json:
    """Return what HR's document is made of, and no more."""
    waiting = document["operations"].get("first_response_time")
    own = {"sla": {}, "operations": {"first_response_time": waiting} if waiting else {}}
    return {name: block for name, block in (document | own).items() if name in _TOLD}
