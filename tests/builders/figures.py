"""Figures of a department as its rollups would give them, in one line."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.domain.asking_policy import Targets
from app.domain.disclosure import Cell, Pattern
from app.domain.instruments import Item, built_in, scale_of
from app.domain.profiles import write_profile
from app.domain.scorecards.document import DepartmentFigures, Method, scorecard_document
from app.domain.scorecards.external import Dimension, dimension
from app.domain.scorecards.internal import ItemFigures, ProfileRow, item_figures
from app.domain.scorecards.measured import Measured
from app.domain.scorecards.publish import Thresholds
from app.domain.sentences import SentenceKey

FREEZE = datetime(2026, 10, 15, tzinfo=UTC)
METHOD = Method("per_requester", Thresholds(), ("parity/1",), (0,))


def answered(
    people: Sequence[Sequence[int]], item: Item = Item.CSAT_OVERALL, *, consenting: int = 0, steps: Sequence[int] = ()
) -> ItemFigures:
    """Return the figures of people with their own ratings; `steps` are their weights (6w, default 6)."""
    scale = scale_of(item)
    weights = steps or [6] * len(people)
    rows = Counter(
        (step, write_profile(Counter(own), scale.lowest, scale.highest))
        for step, own in zip(weights, people, strict=True)
    )
    found = item_figures(item, [ProfileRow(*key, requesters) for key, requesters in rows.items()], consenting)
    assert found is not None
    return found


def rated(count: int, favourable: int, *, consenting: int = 0) -> ItemFigures:
    """Return the headline of so many people with one answer each, so many of them a five and the others a one."""
    return answered([[5]] * favourable + [[1]] * (count - favourable), consenting=consenting)


def told(touchpoint: str = "support", instrument: str = "csat5", **known: Any) -> Measured:
    """Return what an instrument says of a touchpoint; counts alone give n."""
    found = built_in(instrument)
    assert found is not None
    if "counts" in known:
        known = {"n": sum(known["counts"])} | known
    return Measured(touchpoint, found, **known)


def outside(*measures: Measured, item: Item = Item.CSAT_OVERALL, **weights: float) -> Dimension:
    """Return customers' side of one item from measures and touchpoint weights (default: support alone)."""
    found = dimension(item, measures, weights or {"support": 1.0})
    assert found is not None
    return found


def figures(items: Mapping[Item, ItemFigures] | ItemFigures, **changed: Any) -> DepartmentFigures:
    """Return a department with these items and nothing else."""
    known = {Item.CSAT_OVERALL: items} if isinstance(items, ItemFigures) else items
    defaults: dict[str, Any] = {"previous": "2026-Q2"}
    if "dimensions" in changed:
        defaults["touchpoints"] = ({"code": "support", "weight": 1.0},)
    return DepartmentFigures("IT", "IT", known, Targets(), **(defaults | changed))


def document(
    department: DepartmentFigures, p_adjusted: Mapping[Item, float] | None = None, *, method: Method = METHOD
) -> dict[str, Any]:
    """Return the department's document with nothing hidden."""
    cells = {Cell("IT"), *(Cell("IT", cut, value) for cut, found in department.cuts.items() for value in found)}
    return scorecard_document(
        department,
        Pattern(frozenset(), frozenset(cells)),
        p_adjusted or {},
        method=method,
        period="2026-Q3",
        revision=1,
        frozen_at=FREEZE,
    )


def keys_said(found: Mapping[str, Any]) -> set[SentenceKey]:
    """Return the keys of a document's sentences."""
    return {SentenceKey(sentence["key"]) for sentence in found["sentences"].values()}
