"""The service matrix: who serves whom, from what the scorecards show of each requester department.

Providers are departments without any below them, and the own parts of the others (`CODE/own`), so that no request
stands in two rows. A cell is shown where the scorecard of its provider shows it, and one of an own part where the same
suppression run leaves it visible: nothing else decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.domain.culture.evidence import Family, codes, is_exact, judged, published
from app.domain.disclosure import is_own_part
from app.domain.durations import quantile
from app.domain.scorecards.cuts import CUT_BLOCKS, WHY_HIDDEN, hidden_name
from app.domain.scorecards.publish import Json, rounded, share_gap
from app.domain.statistics import reciprocity, square_and_add
from app.domain.statistics.proportions import ShareInterval

CUT = "requester_department"
BANDS = 4  # of volume: quarters of the shown cells
UNKNOWN = "unknown"  # requesters whose department is not known have a cell in the cut, but no column

Arc = tuple[str, str]  # provider, requester
Volumes = Mapping[Arc, int]  # completed requests
Durations = Mapping[Arc, Mapping[int, int]]  # completed requests by bin of their duration
Askers = Mapping[str, Sequence[str]]  # per provider, every requester department with an answer


@dataclass(frozen=True)
class Cells:
    """The shown shares by provider and requester department, and the hidden pairs."""

    shown: Mapping[Arc, Json]
    hidden: Sequence[Arc]
    hidden_providers: Sequence[str]


@dataclass(frozen=True)
class OwnPart:
    """What a department that holds others shows of its own requests: shares by requester department, hidden ones."""

    shown: Mapping[str, Json] = field(default_factory=dict)
    hidden: Sequence[str] = ()
    is_hidden: bool = False  # altogether


def own_parts_told(document: Mapping[str, Any]) -> dict[str, OwnPart]:
    """Return the own parts that a frozen document told, by code: later revisions of the quarter repeat them."""
    matrix = document["service_matrix"]
    codes = [code for code in matrix["providers"] if is_own_part(code)]
    return {
        code: OwnPart(
            {row["requester"]: row["top_two_box"] for row in matrix["cells"] if row["provider"] == code},
            [row["requester"] for row in matrix["hidden"] if row["provider"] == code],
            code in matrix["hidden_providers"],
        )
        for code in codes
    }


def cells_of(
    providers: Mapping[str, Mapping[str, Any]], askers: Askers, own_parts: Mapping[str, OwnPart] | None = None
) -> Cells:
    """Return what the documents of the providers, and own parts by code, show by requester department.

    A provider with one requester department has no cut in its scorecard, for that would be the whole again; here the
    whole is its cell, if the suppression run left that cell visible.
    """
    shown: dict[Arc, Json] = {}
    hidden: list[Arc] = []
    for code, document in sorted(providers.items()):
        shown |= {(code, value): found for value, found in _values(document, askers.get(code, ())) if value != UNKNOWN}
        hidden += [(code, value) for value in _hidden(document) if value != UNKNOWN]
    parts = own_parts or {}
    for code, part in parts.items():
        shown |= {(code, value): found for value, found in part.shown.items() if value != UNKNOWN}
        hidden += [(code, value) for value in part.hidden if value != UNKNOWN]
    whole = hidden_name()
    silent = [
        code for code, document in providers.items() if {"what": whole, "why": WHY_HIDDEN} in document["suppressed"]
    ]
    silent += [code for code, part in parts.items() if part.is_hidden]
    return Cells(shown, sorted(hidden), sorted(silent))


def published_matrix(cells: Cells, volumes: Volumes, durations: Durations, minimum_group: int) -> Json:
    """Return the matrix as printed: rows and columns by code, volume in bands, shares with what stands out, hours.

    Hours are the median time to completion of a shown cell, absent for fewer requests than the minimum group.
    """
    family = judged({arc: found for arc, found in cells.shown.items() if is_exact(found)})
    bands = _bands({arc: volumes.get(arc, 0) for arc in cells.shown})
    arcs = [*cells.shown, *cells.hidden]
    hours = {arc: median for arc in cells.shown if (median := _median(durations.get(arc, {}), minimum_group))}
    shown = sorted(cells.shown.items())
    return {
        "providers": codes([provider for provider, _ in arcs] + list(cells.hidden_providers)),
        "requesters": codes([requester for _, requester in arcs]),
        "cells": [_cell(arc, found, bands[arc], family) | hours.get(arc, {}) for arc, found in shown],
        "hidden": [{"provider": provider, "requester": requester} for provider, requester in cells.hidden],
        "hidden_providers": list(cells.hidden_providers),
    }


def published_sums(above: Mapping[str, Mapping[str, Any]]) -> list[Json]:
    """Return the shares of departments that hold others, by requester department: sums of rows of the matrix."""
    return [{"provider": code} | row for code, document in sorted(above.items()) for row in published_totals(document)]


def published_totals(company: Mapping[str, Any]) -> list[Json]:
    """Return the margin of the matrix: each requester department's share over all that serve it."""
    rows = company.get(CUT_BLOCKS[CUT], [])
    return [{"requester": row["value"], "top_two_box": row["top_two_box"]} for row in rows if row["value"] != UNKNOWN]


def published_reciprocity(cells: Cells, volumes: Volumes) -> Json:
    """Return how many of the shown services go both ways; absent where no two departments are connected."""
    arcs = [arc for arc in cells.shown if volumes.get(arc, 0) > 0 and arc[0] != arc[1]]
    found = reciprocity(arcs, [float(volumes[arc]) for arc in arcs])
    if found.reciprocity is None or found.weighted_reciprocity is None:
        return {}
    return {
        "reciprocity": rounded(found.reciprocity, 2),
        "weighted_reciprocity": rounded(found.weighted_reciprocity, 2),
        "arcs": found.arcs,
    }


def satisfaction_reciprocity(cells: Cells) -> list[Json]:
    """Return, per pair that serves each other, how a rates b minus how b rates a; both from ten people up."""
    rows = []
    for (b, a), of_b in sorted(cells.shown.items()):  # b serves a, hence a rates b
        of_a = cells.shown.get((a, b))
        if a < b and of_a is not None and is_exact(of_a) and is_exact(of_b):
            gap = square_and_add(_share(of_b), _share(of_a))
            n, answers = (of_b["n"], of_a["n"]), (of_b["answers"], of_a["answers"])
            rows.append({"a": a, "b": b, "top_two_box": share_gap(gap, n, answers, "square_and_add")})
    return rows


def flagged_lower(matrix: Json) -> int:
    """Return how many cells are marked as lower than the common share."""
    return sum(cell.get("flag") == "lower" for cell in matrix["cells"])


def _values(document: Mapping[str, Any], asking: Sequence[str]) -> list[tuple[str, Json]]:
    rows = document.get(CUT_BLOCKS[CUT])
    if rows is not None:
        return [(row["value"], row["top_two_box"]) for row in rows]
    whole = document["internal"].get("csat_overall", {}).get("top_two_box")
    if whole is None or len(asking) != 1 or asking[0] in _hidden(document):
        return []
    return [(asking[0], whole)]


def _hidden(document: Mapping[str, Any]) -> list[str]:
    start = hidden_name(CUT, "")
    return [row["what"].removeprefix(start) for row in document["suppressed"] if row["what"].startswith(start)]


def _median(histogram: Mapping[int, int], minimum_group: int) -> Json:
    median = quantile(histogram, 0.5)
    if median is None or sum(histogram.values()) < minimum_group:
        return {}
    return {"median_hours": rounded(median / timedelta(hours=1), 1)}


def _bands(volumes: Volumes) -> dict[Arc, int]:
    """Return 1 (fewest) to 4 (most requests) by how many of the shown cells have fewer."""
    sizes = sorted(volumes.values())
    return {arc: 1 + BANDS * sum(size < volume for size in sizes) // len(sizes) for arc, volume in volumes.items()}


def _cell(arc: Arc, found: Json, band: int, family: Family | None) -> Json:
    cell: Json = {"provider": arc[0], "requester": arc[1], "volume_band": band, "top_two_box": found}
    if family is not None and arc in family.members:
        cell |= published(family.members[arc])
    return cell


def _share(found: Json) -> ShareInterval:
    estimate, n = found["estimate"], found["n"]
    return ShareInterval(estimate, found["lower"], found["upper"], estimate * n, n, 0.95)
