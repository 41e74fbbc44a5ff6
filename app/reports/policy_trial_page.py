"""What a draft of the asking policy would have done in a quarter, beside the policy in force, as words and bars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar, Period
from app.foundations import formats
from app.foundations.languages import gettext, ngettext
from app.reports.decisions import reason_in_words
from app.reports.quarters import quarter_words

_NOT_A_REASON_AGAINST = {DecisionReason.INVITED, DecisionReason.WAITING}


@dataclass(frozen=True)
class TrialRow:
    """One figure under both policies. Widths are percent of the page's longest bar; None where nothing is drawn."""

    label: str
    in_force: str
    draft: str
    change: str
    in_force_width: float | None = None
    draft_width: float | None = None


@dataclass(frozen=True)
class TrialPage:
    """A tried draft, ready to be printed."""

    about: str
    rows: tuple[TrialRow, ...]
    reasons: tuple[TrialRow, ...]
    warning: str  # who would be asked more often than now; empty where nobody

    @property
    def bars(self) -> tuple[TrialRow, ...]:
        """The rows that are drawn."""
        return tuple(row for row in self.rows if row.draft_width is not None)


def trial_page(result: Mapping[str, Any], calendar: Calendar) -> TrialPage:
    """Return a result of `upkeep.policy.trial` in the language of the moment."""
    before, after = result["in_force"], result["draft"]
    about = ngettext(
        "%(count)s request, %(quarter)s. Nothing was sent.",
        "%(count)s requests, %(quarter)s. Nothing was sent.",
        result["requests"],
        count=formats.number(result["requests"]),
        quarter=quarter_words(calendar, Period.parse(result["period"])),
    )
    return TrialPage(
        about=about,
        rows=tuple(_rows(result, before, after)),
        reasons=tuple(_reasons(before["reasons"], after["reasons"])),
        warning=_warning(result["cap"], before, after),
    )


def _rows(result: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[TrialRow]:
    longest = max(before["asked"], after["asked"], before["expected_answers"], after["expected_answers"], 1)

    def drawn(label: str, name: str) -> TrialRow:
        return _row(label, before[name], after[name], longest)

    yield drawn(gettext("Surveys sent"), "asked")
    yield drawn(gettext("People asked"), "people")
    often = {*map(int, before["people_by_times_asked"]), *map(int, after["people_by_times_asked"])} - {1}
    for times in sorted(often):
        label = ngettext("People asked %(num)s time", "People asked %(num)s times", times)
        yield _row(label, *(side["people_by_times_asked"].get(str(times), 0) for side in (before, after)))
    yield drawn(gettext("Answers to expect"), "expected_answers")
    enough = ngettext(
        "Departments that can expect %(num)s answer or more",
        "Departments that can expect %(num)s answers or more",
        result["enough"],
    )
    told = [_of(side["departments_with_enough"], side["departments"]) for side in (before, after)]
    yield TrialRow(
        enough, told[0], told[1], _change(before["departments_with_enough"], after["departments_with_enough"])
    )


def _reasons(before: Mapping[str, int], after: Mapping[str, int]) -> Iterable[TrialRow]:
    found = [reason for reason in DecisionReason if before.get(reason, 0) or after.get(reason, 0)]
    against = [reason for reason in found if reason not in _NOT_A_REASON_AGAINST]
    for reason in sorted(against, key=lambda reason: -after.get(reason, 0)):
        yield _row(reason_in_words(reason), before.get(reason, 0), after.get(reason, 0))


def _warning(cap: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    now, then = (_asked_at_least(cap, side["people_by_times_asked"]) for side in (before, after))
    if then <= now or cap == 1:
        return ""
    return ngettext(
        "%(count)s more person would be asked %(cap)s times.",
        "%(count)s more people would be asked %(cap)s times.",
        then - now,
        count=formats.number(then - now),
        cap=cap,
    )


def _asked_at_least(times: int, people: Mapping[str, int]) -> int:
    return sum(count for often, count in people.items() if int(often) >= times)


def _row(label: str, before: int, after: int, longest: int | None = None) -> TrialRow:
    widths = [None if longest is None else round(100 * value / longest, 2) for value in (before, after)]
    told = formats.number(before), formats.number(after)
    return TrialRow(label, told[0], told[1], _change(before, after), widths[0], widths[1])


def _change(before: int, after: int) -> str:
    if before == after:
        return "0"
    return f"{'+' if after > before else '−'}{formats.number(abs(after - before))}"


def _of(count: int, total: int) -> str:
    return gettext("%(count)s of %(all)s", count=formats.number(count), all=formats.number(total))
