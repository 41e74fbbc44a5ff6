"""The clock beside the experience as rows, and how the work went: published figures against their targets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.foundations.languages import gettext, ngettext, pgettext
from app.reports import numbers
from app.reports.published import HEADLINE_ITEM, Document, Interval, Measure, read_interval
from app.reports.tables import NOTHING


@dataclass(frozen=True)
class TargetRow:
    """One measure against its target; `verdict` is better, worse or no_evidence."""

    name: str
    result: str
    range: str
    target: str
    verdict: str
    verdict_word: str


def target_rows(document: Document) -> list[TargetRow]:
    """Return on-time share and satisfaction, each with a verdict that its interval carries."""
    sla = document.get("sla", {})
    satisfied = read_interval(document.get("internal", {}).get(HEADLINE_ITEM, {}).get("top_two_box"))
    measures = (
        (gettext("Requests on time"), read_interval(sla.get("on_time")), sla.get("target")),
        (gettext("Colleagues satisfied"), satisfied, sla.get("satisfaction_target")),
    )
    return [
        _row(name, figure, target)
        for name, figure, target in measures
        if figure is not None and target is not None and not figure.is_coarse
    ]


def _row(name: str, figure: Interval, target: float) -> TargetRow:
    if figure.lower >= target:
        verdict, word = "better", pgettext("target", "above")
    elif figure.upper < target:
        verdict, word = "worse", pgettext("target", "below")
    else:
        verdict, word = "no_evidence", gettext("too close to tell")
    span = numbers.interval(figure, Measure.SHARE)
    return TargetRow(name, numbers.percent(figure.estimate), span, numbers.percent(target), verdict, word)


def work_facts(document: Document) -> list[tuple[str, str]]:
    """Return what is known of the work itself: names and values; what may not be shown is absent."""
    work = document.get("operations", {})
    facts: list[tuple[str, str]] = []
    for key, name in (
        ("first_response_time", gettext("First response")),
        ("resolution_time", gettext("Completion")),
    ):
        if "median" in work.get(key, {}):
            facts.append((name, _times(work[key])))
    if "open" in work:
        facts.append((gettext("Still open at the freeze"), numbers.whole(work["open"])))
    if "stuck" in work:
        facts.append(
            (gettext("Open for unusually long, or five working days without a change"), numbers.whole(work["stuck"]))
        )
    facts += [(name(), _parts(work[block])) for block, name in _OPEN_PARTS.items() if block in work]
    if "within_target" in work:
        facts.append(
            (gettext("Done within the target time, open ones included"), numbers.percent(work["within_target"]))
        )
    if "reopened_share" in work:
        facts.append((gettext("Opened again"), numbers.percent(work["reopened_share"])))
    return facts


def _parts(rows: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{_part_name(row)}: {numbers.whole(row['requests'])}" for row in rows)


def _part_name(row: Mapping[str, Any]) -> str:
    value = row.get("value")
    if value is None:
        return gettext("others")
    return _AGES[value]() if value in _AGES else gettext("not known") if value == "unknown" else str(value)


_OPEN_PARTS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"open_ages": lambda: gettext("Open for"), "open_statuses": lambda: gettext("Where they stand")}
)
_AGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "week": lambda: gettext("up to a week"),
        "month": lambda: gettext("up to four weeks"),
        "quarter": lambda: gettext("up to three months"),
        "longer": lambda: gettext("longer"),
    }
)


@dataclass(frozen=True)
class WaitRow:
    """How long one type of request takes, and how much of what is open is stuck."""

    name: str
    times: str
    within_target: str
    stuck: str


def wait_rows(document: Document) -> list[WaitRow]:
    """Return where requests wait: types of request by their median time to completion, the longest first."""
    types = [row for row in document.get("operations", {}).get("by_request_type", []) if _median(row)]
    return [
        WaitRow(
            gettext("not known") if row["value"] == "unknown" else row["value"],
            _times(row["resolution_time"]),
            numbers.percent(row["within_target"]) if "within_target" in row else NOTHING,
            numbers.percent(row["stuck_share"]) if "stuck_share" in row else NOTHING,
        )
        for row in sorted(types, key=lambda row: (-_median(row), row["value"]))
    ]


def _median(row: Mapping[str, Any]) -> float:
    found: float = row.get("resolution_time", {}).get("median", 0)
    return found


def _times(quantiles: Mapping[str, Any]) -> str:
    if "p95" not in quantiles:  # too many are still open to say
        return gettext("half within %(median)s", median=_span(quantiles["median"]))
    median, long = _span(quantiles["median"]), _span(quantiles["p95"])
    if median == long:
        return gettext("95 in 100 within %(long)s", long=long)
    return gettext("half within %(median)s, 95 in 100 within %(long)s", median=median, long=long)


def _span(hours: float) -> str:
    if hours < 1:
        return gettext("an hour")
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", round(hours))
    return ngettext("%(num)s day", "%(num)s days", round(hours / 24))
