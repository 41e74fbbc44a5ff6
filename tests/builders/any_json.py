"""Any JSON at all, and real shapes in which something, somewhere, is something else or absent."""

import copy
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

_LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
ANY_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn, shapes: Sequence[object]) -> object:
    """Draw one of `shapes`, in which one to three values were replaced by other JSON, or left out."""
    body = copy.deepcopy(draw(st.sampled_from(shapes)))
    for _ in range(draw(st.integers(1, 3))):
        _mutate(draw, body)
    return body


def _mutate(draw: st.DrawFn, place: Any) -> None:
    names = list(place) if isinstance(place, dict) else list(range(len(place)))
    if not names:
        return
    name = draw(st.sampled_from(names))
    if isinstance(place[name], dict | list) and draw(st.booleans()):
        _mutate(draw, place[name])
    elif isinstance(place, dict) and draw(st.booleans()):
        del place[name]
    else:
        place[name] = draw(ANY_JSON)
