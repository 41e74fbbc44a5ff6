"""What the frozen documents of a quarter told and hid: the disclosure ledger, read for the documents that come next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disclosure import COMPANY, Name
from app.domain.scorecards.counts_told import figures_by_name, is_rating
from app.domain.scorecards.cuts import figure_name
from app.models.culture import find_culture
from app.models.departments import Department
from app.models.releases import Disclosure
from app.models.rollups import COMPANY_ID
from app.reports.published import Document

Printed = Mapping[Name, Any]
_COLUMNS = ("department_id", "block", "figure", "part", "is_hidden", "people", "printed", "revision")


@dataclass(frozen=True)
class Disclosed:
    """Figures by department, as they were told last, and who may not be told of; nothing before the first freeze.

    `documents` are the last revisions by code, COMPANY among them where several departments stand on top.
    """

    documents: Mapping[str, Document] = field(default_factory=dict)
    printed: Mapping[str, Printed] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    hidden: frozenset[tuple[str, Name]] = frozenset()

    @property
    def is_first(self) -> bool:
        """True where nothing of the quarter was frozen."""
        return not self.documents


NOTHING_BEFORE = Disclosed()


def read_disclosed(
    session: Session, period: str, documents: Mapping[str, Document], unwritten: Iterable[Mapping[str, Any]]
) -> Disclosed:
    """Read the ledger of a quarter; `documents` are the last scorecards by code, `unwritten` rows it does not have yet.

    What was hidden once counts as hidden, whatever a later document tells. A rating counts as its last revision told
    it, a count as it was told last.
    """
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all()) | {COMPANY_ID: COMPANY}
    told = select(*(getattr(Disclosure, column) for column in _COLUMNS)).where(Disclosure.period == period)
    printed: defaultdict[str, dict[Name, Any]] = defaultdict(dict)
    people: defaultdict[str, dict[str, int]] = defaultdict(dict)
    hidden: set[tuple[str, Name]] = set()
    newest: dict[tuple[str, str], int] = {}
    rows = [*session.execute(told).tuples(), *(tuple(row[column] for column in _COLUMNS) for row in unwritten)]
    for id_, block, figure, part, is_hidden, requesters, value, revision in sorted(
        rows, key=itemgetter(-1), reverse=True
    ):
        code, name = codes[id_], Name(block, figure, part)
        if is_hidden:
            hidden.add((code, name))
        elif not is_rating(name) or newest.setdefault((code, figure_name(block, figure)), revision) == revision:
            printed[code].setdefault(name, value)
            if requesters is not None:
                people[code].setdefault(figure_name(block, figure), requesters)
    company = find_culture(session, period)
    if company is None or company.company is None:
        return Disclosed(documents, printed, people, frozenset(hidden))
    printed[COMPANY] |= figures_by_name(company.company)
    people[COMPANY] |= company.people
    return Disclosed({**documents, COMPANY: company.company}, printed, people, frozenset(hidden))
