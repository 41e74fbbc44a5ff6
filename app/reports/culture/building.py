"""Build HR's document from the scorecards as they are frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.domain.culture.document import CultureFigures, culture_document
from app.domain.culture.matrix import OwnPart, own_parts_told
from app.domain.culture.measures import Asked, FirstResponses, Voices
from app.domain.disclosure import own
from app.domain.scorecards.document import published_method
from app.domain.scorecards.publish import Json
from app.reports.culture import reading
from app.reports.department_scores import Building, ScorecardBuild
from app.reports.department_scores.company import Company
from app.reports.published import Document


@dataclass(frozen=True)
class Top:
    """What holds the whole company: its published figures, the row of its sums, and the departments it spans."""

    document: Document
    row_id: int
    departments: frozenset[int]

    @classmethod
    def of(cls, places: Company, scorecards: Mapping[int, Document], company: ScorecardBuild | None) -> "Top | None":
        """Return the one top department with a scorecard, else what may be told of several; None for neither."""
        tops = [id_ for id_ in places.tree.roots if id_ in places.codes]
        if company is not None:
            return cls(company.document, company.department_id, frozenset(places.tree.parents))
        if len(tops) == 1 and tops[0] in scorecards:
            return cls(scorecards[tops[0]], tops[0], frozenset(places.tree.subtree(tops[0])))
        return None


def build_culture(
    session: Session,
    building: Building,
    company: Company,
    scorecards: Mapping[int, Document],
    *,
    top: Top | None,
    voices: Voices,
    revision: int,
    kept: Document | None = None,
    told: Document | None = None,
    own_parts: Mapping[str, OwnPart] | None = None,
    earlier: Sequence[Document] = (),
) -> Json:
    """Return the document of the quarter.

    `scorecards` are the last frozen revisions by department, `top` is what holds the whole company, `told` the revision
    before. It is `kept`, with its measures of the company, where there is nothing new to tell of them.
    """
    period = str(building.period)
    parts = (own_parts or {}) if told is None else own_parts_told(told)
    providers = {id_: company.codes[id_] for id_ in scorecards if id_ in company.codes and not _has_below(company, id_)}
    above = {id_: company.codes[id_] for id_ in scorecards if id_ in company.codes and _has_below(company, id_)}
    rows = {(id_, False): code for id_, code in providers.items()}
    rows |= {(id_, True): own(code) for id_, code in above.items() if own(code) in parts}
    figures = CultureFigures(
        departments={code: scorecards[id_] for id_, code in providers.items()},
        company=top.document if top is not None else None,
        targets={
            code: building.policy.targets_of(code).satisfaction for code in (*providers.values(), *above.values())
        },
        above={code: scorecards[id_] for id_, code in above.items()},
        holds=company.children,
        method=published_method(building.method),
        askers=reading.read_askers(session, providers, period),
        own_parts=parts,
        volumes=reading.read_volumes(session, rows, period),
        asked=reading.read_asked(session, top.row_id, period) if top is not None else Asked(),
        voices=voices,
        durations=reading.read_durations(session, rows, period),
        responses=_responses(session, building, top),
        kept=kept,
        told=told or {},
        earlier=earlier,
    )
    return culture_document(figures, period=period, revision=revision, frozen_at=building.frozen_at)


def _responses(session: Session, building: Building, top: Top | None) -> FirstResponses:
    """Return how soon first responses came, where the policy has a target for them."""
    target = building.policy.first_response
    if top is None or target is None:
        return FirstResponses()
    return replace(reading.read_first_responses(session, top.row_id, str(building.period)), target=target)


def _has_below(company: Company, department_id: int) -> bool:
    return any(child in company.codes for child in company.tree.children(department_id))
