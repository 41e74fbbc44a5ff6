"""Whatever people answered and customers told: a document comes out, rounded, and shows nothing of too few."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.instruments import BUILT_IN, Instrument, Item
from app.domain.scorecards.clock import WorkFigures
from app.domain.scorecards.digest import is_genuine
from app.domain.scorecards.document import Method
from app.domain.scorecards.external import dimension
from app.domain.scorecards.families import Family, p_values_of
from app.domain.scorecards.funnel import FunnelFigures
from app.domain.scorecards.gaps import gap_between, inside_of
from app.domain.scorecards.loop import LoopFigures
from app.domain.scorecards.measured import Measured, added, sums_of_mean
from app.domain.scorecards.publish import Thresholds
from tests.builders.figures import FREEZE, answered, document, figures

people = st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=3), min_size=1, max_size=45)
counts = st.integers(0, 60)
shares = st.floats(0, 1)


@st.composite
def measures(draw: st.DrawFn, touchpoint: str, instrument: Instrument) -> Measured:
    """Return what a source tells in any of the forms it may."""
    n = draw(st.none() | st.integers(0, 400))
    form = draw(st.sampled_from(["share", "mean", "counts", "nps"]))
    if form == "counts" and instrument.scale is not None:
        found = tuple(draw(counts) for _ in instrument.scale.points)
        return Measured(touchpoint, instrument, n=sum(found), counts=found)
    if form == "mean" and instrument.scale is not None:
        low, high = instrument.scale.lowest, instrument.scale.highest
        mean, deviation = draw(st.floats(low, high)), draw(st.floats(0, 0.7072 * (high - low)))
        return Measured(touchpoint, instrument, n=n, sums=sums_of_mean(n, mean, deviation))
    if form == "nps":
        return Measured(touchpoint, instrument, n=n, nps=draw(st.floats(-100, 100)))
    share = draw(shares)
    return Measured(
        touchpoint, instrument, n=n, positive=None if n is None else share * n, quoted=share if n is None else None
    )


@st.composite
def sides(draw: st.DrawFn, item: Item) -> Any:
    """Return customers' side of an item: up to three touchpoints, each told in one or several months, or None."""
    told = []
    for touchpoint in sorted(draw(st.sets(st.sampled_from(["shop", "phone", "web"])))):
        instrument = BUILT_IN[draw(st.sampled_from(sorted(BUILT_IN)))]
        told.append(added([draw(measures(touchpoint, instrument)) for _ in range(draw(st.integers(1, 3)))]))
    return dimension(item, told, {"shop": 0.5, "phone": 0.3, "web": 0.2})


def numbers_in(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of a document with the way to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers_in(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_in(inner, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def intervals_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every interval of one estimate."""
    if isinstance(value, dict):
        if "lower" in value and not isinstance(value.get("n"), list):
            yield value
        for inner in value.values():
            yield from intervals_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from intervals_in(inner)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    own=st.dictionaries(st.sampled_from([Item.CSAT_OVERALL, Item.TIMELINESS, Item.TRUST]), people, max_size=3),
    consenting=st.integers(0, 6),
    weighting=st.sampled_from(["per_requester", "per_request"]),
    customers=sides(Item.CSAT_OVERALL),
    work=st.builds(
        WorkFigures,
        arrivals=counts,
        completions=counts,
        completion=st.dictionaries(st.integers(0, 200), st.integers(1, 9)),
        open_ages=st.dictionaries(st.integers(0, 200), st.integers(1, 9)),
    ),
    asked=st.tuples(counts, counts, counts),
)
def test_any_figures_make_a_document(
    own: dict[Item, list[list[int]]],
    consenting: int,
    weighting: str,
    customers: Any,
    work: WorkFigures,
    asked: tuple[int, int, int],
) -> None:
    items = {item: answered(found, item, consenting=min(consenting, len(found))) for item, found in own.items()}
    delivered = asked[0] + asked[1]
    funnel = {"completed": sum(asked), "eligible": sum(asked), "invited": delivered, "delivered": delivered}
    dimensions = {} if customers is None else {Item.CSAT_OVERALL: customers}
    headline = items.get(Item.CSAT_OVERALL)
    gaps = {
        item: gap_between(inside_of(headline, weighting, headline.confidential if headline else 0), side)
        for item, side in dimensions.items()
    }
    p_values = p_values_of(gaps)
    department = figures(
        items,
        dimensions=dimensions,
        work=work,
        funnel=FunnelFigures(funnel | {"answered": asked[0]}, eligible_requesters=sum(asked)),
        loop=LoopFigures(asked[0], asked[1], min(asked), median_hours=1.234),
        cuts={"on_time": {"yes": headline, "no": headline}} if headline else {},
    )

    found = document(
        department,
        Family.of({"IT": p_values}).adjusted_for("IT", p_values),
        method=Method(weighting, Thresholds(), ("parity/1",), (0,)),
    )

    assert is_genuine(json.loads(json.dumps(found, allow_nan=False)))
    assert set(found["internal"]) == {item.value for item, own_ in items.items() if own_.confidential >= 5}
    for item, block in found["internal"].items():
        is_coarse = items[Item(item)].confidential < 10
        assert (block.keys() == {"top_two_box"}) is is_coarse
        assert (block["top_two_box"]["method"] == "wilson_coarse") is is_coarse
    for interval in intervals_in(found):
        assert interval["lower"] <= interval["upper"]
    for path, number in numbers_in({key: found[key] for key in ("internal", "external", "gap", "sla", "operations")}):
        assert number == round(number, 4), path
    for part in found["gap"].values():
        if part["verdict"] in {"too_few", "not_comparable"}:
            assert part.keys() == {"comparability", "verdict"}
    assert found["frozen_at"] == FREEZE.isoformat().replace("+00:00", "Z")
