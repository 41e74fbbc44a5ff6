"""What a department that holds others does itself, by who asked: a row of HR's matrix, no scorecard of its own."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.culture.matrix import CUT, OwnPart
from app.domain.disclosure import Cell, Pattern, own
from app.domain.instruments import ALWAYS_ASKED
from app.domain.scorecards.internal import ProfileRow, item_figures, published_item
from app.domain.scorecards.publish import Json
from app.models.rollups import CellCount, ProfileCell


def read_own_part(
    session: Session,
    department_id: int,
    code: str,
    period: str,
    pattern: Pattern,
    *,
    weighting: str,
    minimum_group: int,
) -> OwnPart | None:
    """Return the requester departments of a department's own requests, as far as the suppression run shows them.

    None where it has no answers of its own beside those of the departments below it.
    """
    part = own(code)
    if Cell(part) not in pattern.present:
        return None
    if pattern.is_hidden(part) or pattern.is_hidden(code):
        return OwnPart(is_hidden=True)
    rows = _profiles(session, department_id, period)
    consenting = _consenting(session, department_id, period)
    shown: dict[str, Json] = {}
    for value in pattern.visible_values(part, CUT):
        found = item_figures(ALWAYS_ASKED[0], rows.get(value, []), consenting.get(value, 0))
        if found is not None:
            shown[value] = published_item(found, weighting, 0, minimum_group)["top_two_box"]
    return OwnPart(shown, tuple(pattern.hidden_values(part, CUT)))


def _profiles(session: Session, department_id: int, period: str) -> Mapping[str, list[ProfileRow]]:
    table = ProfileCell
    query = select(table.value, table.weight_step, table.profile, table.requesters).where(
        table.department_id == department_id,
        table.period == period,
        table.is_own.is_(True),
        table.cut == CUT,
        table.item == ALWAYS_ASKED[0].value,
    )
    found: dict[str, list[ProfileRow]] = {}
    for value, *profile in session.execute(query.order_by(table.value, table.weight_step, table.profile)):
        found.setdefault(value, []).append(ProfileRow(*profile))
    return found


def _consenting(session: Session, department_id: int, period: str) -> dict[str, int]:
    table = CellCount
    query = select(table.value, table.requesters - table.confidential_requesters).where(
        table.department_id == department_id, table.period == period, table.is_own.is_(True), table.cut == CUT
    )
    return dict(session.execute(query).tuples().all())
