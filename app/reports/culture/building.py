"""Build HR's document from the scorecards as they are frozen."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.domain.culture.document import CultureFigures, culture_document
from app.domain.culture.measures import Asked, Voices
from app.domain.scorecards.document import published_method
from app.domain.scorecards.publish import Json
from app.reports.culture import reading
from app.reports.department_scores import Building
from app.reports.department_scores.company import Company
from app.reports.published import Document


def build_culture(
    session: Session,
    building: Building,
    company: Company,
    scorecards: Mapping[int, Document],
    *,
    top: int | None,
    voices: Voices,
    revision: int,
    kept: Document | None = None,
    earlier: Sequence[Document] = (),
) -> Json:
    """Return the document of the quarter.

    `scorecards` are the last frozen revisions by department, `top` is the one department that holds the whole company,
    `kept` the revision before, whose measures of the company stay where its scorecard has nothing new to tell.
    """
    period = str(building.period)
    providers = {id_: company.codes[id_] for id_ in scorecards if id_ in company.codes and not _has_below(company, id_)}
    figures = CultureFigures(
        departments={code: scorecards[id_] for id_, code in providers.items()},
        company=scorecards.get(top) if top is not None else None,
        targets={code: building.policy.targets_of(code).satisfaction for code in providers.values()},
        method=published_method(building.method),
        askers=reading.read_askers(session, providers, period),
        volumes=reading.read_volumes(session, providers, period),
        asked=reading.read_asked(session, top, period) if top is not None else Asked(),
        voices=voices,
        kept=kept,
        earlier=earlier,
    )
    return culture_document(figures, period=period, revision=revision, frozen_at=building.frozen_at)


def _has_below(company: Company, department_id: int) -> bool:
    return any(child in company.codes for child in company.tree.children(department_id))
