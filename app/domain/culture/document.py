"""HR's document of one quarter: published scorecards in, published JSON out (schema parity.culture/1)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.culture import matrix as matrices
from app.domain.culture.departments import above_others, compared
from app.domain.culture.evidence import FALSE_DISCOVERIES
from app.domain.culture.measures import INDEX_PARTS, MEASURES, Asked, FirstResponses, Voices, measures, sentences
from app.domain.culture.sentences import REFUSED, CultureKey, sentence
from app.domain.disclosure import Name, without
from app.domain.scorecards.counts_told import figures_by_name
from app.domain.scorecards.cuts import suppressed
from app.domain.scorecards.digest import digest
from app.domain.scorecards.publish import Json, instant
from app.domain.scorecards.themes import HIDDEN

SCHEMA = "parity.culture/1"
TREND_QUARTERS = 20  # five years


@dataclass(frozen=True)
class CultureFigures:
    """What the document is made of: scorecards as they are frozen, and what no scorecard counts."""

    departments: Mapping[str, Mapping[str, Any]]  # scorecards of departments without any below, by code
    company: Mapping[str, Any] | None  # the scorecard of the one top department, or the company's figures above several
    targets: Mapping[str, float]  # of satisfaction, by code
    method: Mapping[str, Any]  # as the scorecards print it
    above: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # scorecards of departments that hold others
    holds: Mapping[str, Sequence[str]] = field(default_factory=dict)  # codes right below those
    own_parts: Mapping[str, matrices.OwnPart] = field(default_factory=dict)  # of departments that hold others, by code
    askers: matrices.Askers = field(default_factory=dict)
    volumes: matrices.Volumes = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)
    voices: Voices = field(default_factory=Voices)
    responses: FirstResponses = field(default_factory=FirstResponses)
    durations: matrices.Durations = field(default_factory=dict)
    kept: Mapping[str, Any] | None = None  # measures of the revision before, where nothing new may be told of them
    told: Mapping[str, Any] = field(default_factory=dict)  # the revision before
    earlier: Sequence[Mapping[str, Any]] = ()  # last revisions of the quarters before, oldest first


def culture_document(figures: CultureFigures, *, period: str, revision: int, frozen_at: datetime) -> Json:
    """Return the document with its digest."""
    group = figures.method["minimum_group_size"]
    cells = matrices.cells_of(figures.departments, figures.askers, figures.own_parts)
    matrix = matrices.published_matrix(cells, figures.volumes, figures.durations, group) | {
        "sums": matrices.published_sums(figures.above),
        "totals": _totals(figures),
    }
    matrix = _as_told(figures.told, {"service_matrix": matrix})["service_matrix"]
    beside = compared(figures.departments, figures.targets)
    found = _measures(figures, group)
    finding = _finding(matrix, found, group)
    hidden = sentence(CultureKey.MATRIX_HIDDEN, needed=group)
    document: Json = {
        "schema": SCHEMA,
        "period": period,
        "revision": revision,
        "frozen_at": instant(frozen_at),
        "method": dict(figures.method) | {"index_parts": list(INDEX_PARTS), "false_discoveries": FALSE_DISCOVERIES},
        "population": "requesters",
        "finding": finding,
        "service_matrix": matrix,
        "reciprocity": matrices.published_reciprocity(cells, figures.volumes),
        "satisfaction_reciprocity": matrices.satisfaction_reciprocity(cells),
        **found,
        "themes": _themes(figures),
        "departments": beside.rows,
        "departments_above": above_others(figures.above, figures.holds, figures.targets),
        "differ": beside.differ,
        "limits": beside.limits,
        "trend": _trend(figures.earlier, period, found),
        "sentences": [
            sentence(CultureKey.POPULATION),
            *(sentences(found) if found or figures.company is not None else [sentence(CultureKey.MEASURES_NO_COMPANY)]),
            *beside.sentences,
            *([] if matrix["cells"] or finding == hidden else [hidden]),
        ],
        "refused": [sentence(key) for key in REFUSED],
        "suppressed": [*_suppressed(cells), *_hidden_themes(figures)],
    }
    return document | {"digest": digest(document)}


def _totals(figures: CultureFigures) -> list[Json]:
    """Return how each requester department rates the whole company: the margin of the matrix."""
    if figures.kept is not None:
        kept: list[Json] = figures.kept["service_matrix"]["totals"]
        return kept
    return matrices.published_totals(figures.company) if figures.company is not None else []


def _measures(figures: CultureFigures, minimum_group: int) -> Json:
    if figures.kept is not None:
        return {name: figures.kept[name] for name in (*MEASURES, "loop") if name in figures.kept}
    if figures.company is None:
        return {}
    found = measures(figures.company, figures.asked, figures.voices, figures.responses, minimum_group)
    return _as_told(figures.told, found)


def _as_told(told: Mapping[str, Any], found: Json) -> Json:
    """Return the blocks of a later revision without the figures of requests that the one before told otherwise.

    Times and shares of requests rest on no people who could be counted: what one late request changed would show.
    """
    if not told:
        return found
    before = figures_by_name(told)
    figures = figures_by_name(found).items()
    return without(found, [name for name, figure in figures if _is_of_requests(name) and before.get(name) != figure])


def _is_of_requests(name: Name) -> bool:
    return name == Name("responsiveness", "within_target") or name.part.endswith(".median_hours")


def _themes(figures: CultureFigures) -> list[Json]:
    """Return the company's themes, each with the number of departments whose own scorecard tells it."""
    if figures.kept is not None:
        kept: list[Json] = figures.kept["themes"]
        return kept
    told = Counter(
        (row["source"], row["theme"]) for document in figures.departments.values() for row in document["themes"]
    )
    rows: Sequence[Json] = figures.company["themes"] if figures.company is not None else []
    return [row | {"departments": told[row["source"], row["theme"]]} for row in rows]


def _hidden_themes(figures: CultureFigures) -> list[Json]:
    found = figures.company if figures.kept is None else figures.kept
    return [row for row in (found["suppressed"] if found is not None else ()) if row["what"] == HIDDEN]


def _finding(matrix: Json, found: Json, minimum_group: int) -> Json:
    """Return the sentence on top: what can be shown comes before what cannot."""
    shown = len(matrix["cells"])
    if not shown:
        told = [one for one in sentences(found) if one["key"] != CultureKey.MEASURES_HIDDEN]
        return told[0] if told else sentence(CultureKey.MATRIX_HIDDEN, needed=minimum_group)
    lower = matrices.flagged_lower(matrix)
    if lower:
        return sentence(CultureKey.MATRIX_LOWER, pairs=lower, shown=shown)
    return sentence(CultureKey.MATRIX_NO_EVIDENCE, shown=shown)


def _trend(earlier: Sequence[Mapping[str, Any]], period: str, found: Json) -> list[Json]:
    """Return the measures quarter by quarter, as they were frozen; at most five years with this quarter."""
    told = [(document["period"], document) for document in earlier][-(TREND_QUARTERS - 1) :]
    return [
        {"period": name} | {measure: _one_figure(document[measure]) for measure in MEASURES if measure in document}
        for name, document in [*told, (period, found)]
    ]


def _one_figure(figure: Json) -> Json:
    shown: Json = figure.get("timeliness", figure)
    return {name: value for name, value in shown.items() if name not in {"parts", "seed"}}


def _suppressed(cells: matrices.Cells) -> list[Json]:
    names = [f"service_matrix:{provider}" for provider in cells.hidden_providers]
    names += [f"service_matrix:{provider}:{requester}" for provider, requester in cells.hidden]
    return [suppressed(name) for name in names]
