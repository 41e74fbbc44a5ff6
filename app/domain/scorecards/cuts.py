"""The one-dimensional cuts of a department-quarter: the one list of them, their names, and their rows as printed."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.instruments import Item
from app.domain.scorecards.internal import ItemFigures, published_item
from app.domain.scorecards.publish import COARSE_BELOW, Json

WHY_HIDDEN = "protects_a_small_group"
#: Each cut with the block of a document that holds its values. Nothing else is ever shown of a part of a department.
CUT_BLOCKS = {
    "requester_department": "by_requester_department",
    "request_type": "by_request_type",
    "on_time": "by_on_time",
    "reopened": "by_reopened",
    "month": "trend_months",
    "requester_history": "by_requester_history",
    "requester_tag": "by_requester_tag",
}
#: Cuts by what is known of the requester, not of the request: they come from the identity side at each refresh.
SEGMENTS = ("requester_history", "requester_tag")
MONTH = "month"
_FIGURES = ("value", "name", "top_two_box", "score_0_100")


def figure_name(block: str, value: str) -> str:
    """Return the name of one figure of a document: `internal:timeliness`, `by_on_time:yes`."""
    return f"{block}:{value}"


def hidden_name(cut: str = "", value: str = "", item: Item | None = None) -> str:
    """Return what `suppressed` calls a hidden figure; months appear together or not at all."""
    if not cut:
        return "internal" if item is None else f"internal.{item.value}"
    return CUT_BLOCKS[cut] if cut == MONTH else figure_name(CUT_BLOCKS[cut], value)


def suppressed(name: str) -> Json:
    """Return one entry of `suppressed`: what is hidden, and why, never how large it is."""
    return {"what": name, "why": WHY_HIDDEN}


def published_cuts(
    found: Mapping[str, Mapping[str, ItemFigures]],
    visible: Mapping[str, Sequence[str]],
    names: Mapping[str, str],
    *,
    weighting: str,
    minimum_group: int,
) -> Json:
    """Return the block of every cut, from the headline per cut and value and the values that may be shown."""
    blocks: Json = {}
    for cut, block in CUT_BLOCKS.items():
        values = found.get(cut, {})
        shown = [value for value in visible.get(cut, ()) if value in values]
        if cut == MONTH and len(shown) < len(values):
            continue  # months appear when every month of the quarter may be shown, otherwise not at all
        if len(values) < 2:
            continue  # one value is the whole again
        rows = [_row(value, values[value], names, weighting, minimum_group) for value in shown]
        if rows or cut != MONTH:
            blocks[block] = rows
    return blocks


def own_rows(document: Mapping[str, Any], block: str) -> list[Json]:
    """Return the rows of a block that this document itself told, figures only.

    Months of earlier quarters stand beside them under `period`; limits and signals follow from figures.
    """
    rows = [row for row in document.get(block, []) if "value" in row]
    return [{name: row[name] for name in _FIGURES if name in row} for row in rows]


def _row(value: str, found: ItemFigures, names: Mapping[str, str], weighting: str, minimum_group: int) -> Json:
    row: Json = {"value": value}
    if value in names:
        row["name"] = names[value]
    published = published_item(found, weighting, 0, minimum_group)
    row["top_two_box"] = published["top_two_box"]
    if found.confidential >= COARSE_BELOW:
        row["score_0_100"] = published["score_0_100"]
    return row
