"""Read who answered two questions about the same thing, so that a far scale can be set on ours."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain.instruments import Comparability, Instrument, Item, Scale, comparability, item_named
from app.domain.instruments.equating import Equating, equate
from app.domain.periods import Period
from app.domain.scorecards.measured import Measured
from app.models.external_scores import ExternalResponse

QUARTERS = 8  # whose answers link two scales
MOST_PEOPLE = 2_000  # read for one pair of questions; the order of their keyed hashes is an order of nothing


def with_equatings(
    session: Session, period: Period, measures: Mapping[str, list[Measured]], instruments: Mapping[str, Instrument]
) -> dict[str, list[Measured]]:
    """Return the measures of a quarter; one on a far scale has its equating where enough people answered both."""
    known: dict[tuple[Item, str], Equating | None] = {}

    def completed(item: Item | None, measured: Measured) -> Measured:
        if item in {None, Item.RECOMMEND}:  # nothing is equated through a recommendation
            return measured
        if comparability(item, measured.instrument) is not Comparability.FAR_SCALE:
            return measured
        key = item, measured.instrument.name
        if key not in known:
            known[key] = _equating(session, period, item, measured.instrument, instruments)
        return replace(measured, equating=known[key])

    return {name: [completed(item_named(name), one) for one in found] for name, found in measures.items()}


def _equating(
    session: Session, period: Period, item: Item, far: Instrument, instruments: Mapping[str, Instrument]
) -> Equating | None:
    """Return the equating of a far scale over the last eight quarters to our own question, None where few link them."""
    ours = [one for one in instruments.values() if comparability(item, one) is Comparability.IDENTICAL]
    theirs, anchor = aliased(ExternalResponse), aliased(ExternalResponse)
    query = (
        select(func.avg(theirs.score), func.avg(anchor.score), func.min(anchor.instrument))
        .join(
            anchor,
            (anchor.respondent == theirs.respondent)
            & (anchor.source_id == theirs.source_id)
            & (anchor.dimension == theirs.dimension),
        )
        .where(
            theirs.dimension == item.value,
            theirs.instrument == far.name,
            theirs.respondent.is_not(None),
            anchor.instrument.in_([one.name for one in ours]),
            *(table.score.is_not(None) for table in (theirs, anchor)),
            *(table.period.between(str(period.shifted(1 - QUARTERS)), str(period)) for table in (theirs, anchor)),
        )
        .group_by(theirs.source_id, theirs.respondent, anchor.instrument)
        .order_by(theirs.respondent, anchor.instrument)
        .limit(MOST_PEOPLE)
    )
    scales = {one.name: one.scale for one in ours}
    rows = session.execute(query).tuples().all()
    return equate([(_on_0_100(far.scale, float(x)), _on_0_100(scales[name], float(y))) for x, y, name in rows])


def _on_0_100(scale: Scale | None, value: float) -> float:
    assert scale is not None  # classes A and C have one
    share = 100 * (value - scale.lowest) / (scale.highest - scale.lowest)
    return 100 - share if scale.reverse else share
