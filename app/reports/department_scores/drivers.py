"""Which model of drivers each department may be told: its own, else the company's, else none."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disclosure import own, withheld_counts
from app.domain.scorecards.drivers import COMPANY, DEPARTMENT, DriverModel
from app.models.rollups import COMPANY_ID, DriverEstimate
from app.reports.department_scores.company import Company

_COMPANY = "*"  # no code of a department


def read_drivers(
    session: Session, company: Company, period: str, minimum_group: int, *, without_own: Collection[str]
) -> Mapping[str, DriverModel]:
    """Return the model by department code; `without_own` are those whose own model may not be told.

    A model tells how many complete answers stand behind it. As with other counts, a department falls back to the
    company's model where its own number would give away that of few answers beside it.
    """
    rows = session.scalars(select(DriverEstimate).where(DriverEstimate.period == period)).all()
    names = {COMPANY_ID: _COMPANY, **company.codes}
    places = {
        own(names[row.department_id]) if row.is_own else names[row.department_id]: row
        for row in rows
        if row.department_id in names
    }
    models = {code: model for code, row in places.items() if (model := _model(row)) is not None and model.is_usable}
    counts = {code: row.answers for code, row in places.items()}
    untold = (counts.keys() - models.keys()) | set(without_own)
    withheld = withheld_counts(counts, {**company.children, _COMPANY: company.roots}, minimum_group, hidden=untold)
    told = {code: model for code, model in models.items() if code not in withheld}
    found = {code: told.get(code, told.get(_COMPANY)) for code in company.codes.values()}
    return {code: model for code, model in found.items() if model is not None}


def _model(row: DriverEstimate) -> DriverModel | None:
    if row.importance is None or row.r_squared is None:
        return None
    return DriverModel(
        COMPANY if row.department_id == COMPANY_ID else DEPARTMENT,
        row.r_squared,
        requesters=row.requesters,
        answers=row.answers,
        seed=row.seed,
        importance={item: (low_high[0], low_high[1], low_high[2]) for item, low_high in row.importance.items()},
    )
