"""Read the themes of a quarter of all departments at once, and which of them each document may tell."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disclosure import own
from app.domain.scorecards.publish import Thresholds
from app.domain.scorecards.themes import (
    ThemeProfile,
    ThemesTold,
    Tree,
    Voices,
    published_themes,
    themes_of,
    told_themes,
)
from app.models.rollups import CellCount, ThemeCount
from app.reports.department_scores.company import WHOLE, Company
from app.reports.published import Document


def read_themes(
    session: Session, company: Company, period: str, thresholds: Thresholds, *, hidden: Collection[str]
) -> Mapping[str, ThemesTold]:
    """Return what each department may tell, by code, and the whole company under COMPANY; `hidden` ones tell nothing.

    Nor do places where too few people answered for comments to be shown.
    """
    few = _few_respondents(session, company, period, thresholds.comments)
    tree = Tree(company.children, company.roots, thresholds.group)
    voices = _voices(session, company, period)
    told = {source: told_themes(places, tree, few | set(hidden)) for source, places in voices.items()}
    return {
        code: published_themes(
            {source: places[code] for source, places in voices.items() if code in places},
            {source: found.get(code, frozenset()) for source, found in told.items()},
        )
        for code in company.cell_codes.values()
    }


def repeated_themes(before: Mapping[str, Document], codes: Collection[str]) -> Mapping[str, ThemesTold]:
    """Return what the revisions `before` told, for later ones to repeat: what differed could be subtracted."""
    return {code: themes_of(before.get(code)) for code in codes}


def _few_respondents(session: Session, company: Company, period: str, at_least: int) -> set[str]:
    query = select(CellCount.department_id).where(
        CellCount.period == period,
        CellCount.cut == WHOLE,
        CellCount.is_own.is_(False),
        CellCount.confidential_requesters < at_least,
    )
    return {company.cell_codes[id_] for id_ in session.scalars(query) if id_ in company.cell_codes}


def _voices(session: Session, company: Company, period: str) -> dict[str, dict[str, Voices]]:
    codes = company.cell_codes
    rows: defaultdict[str, defaultdict[str, list[ThemeProfile]]] = defaultdict(lambda: defaultdict(list))
    for row in session.scalars(select(ThemeCount).where(ThemeCount.period == period)):
        if row.department_id in codes:
            code = codes[row.department_id]
            profile = ThemeProfile(row.theme, row.answers, row.naming, row.requesters, row.confidential_requesters)
            rows[row.source][own(code) if row.is_own else code].append(profile)
    return {source: {code: Voices(found) for code, found in places.items()} for source, places in rows.items()}
