"""The asking policy as JSON, both ways. Reading names every field that is wrong, and what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.asking_policy import AskingPolicy, Posting, Targets, Weekday, Weighting


class PolicyProblem(StrEnum):
    """What can be wrong with a field."""

    UNKNOWN_FIELD = "unknown_field"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NOT_A_YES_OR_NO = "not_a_yes_or_no"
    NOT_A_TEXT = "not_a_text"
    NOT_A_DATE = "not_a_date"
    NOT_A_CHOICE = "not_a_choice"
    OUT_OF_BOUNDS = "out_of_bounds"
    EMPTY = "empty"
    MUST_BE_AFTER = "must_be_after"
    UNKNOWN_DEPARTMENT = "unknown_department"  # found by who knows the departments


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One field that is wrong: its JSON name, the problem, and what the sentence about it needs."""

    field: str
    problem: PolicyProblem
    params: Mapping[str, object]


class PolicyError(ValueError):
    """The policy breaks its own rules; `faults` names every field."""

    def __init__(self, faults: Iterable[PolicyFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.field}: {fault.problem}" for fault in self.faults))


class _Wrong(Exception):
    def __init__(self, problem: PolicyProblem, /, **params: object) -> None:
        self.problem, self.params = problem, params


Reader = Callable[[Any], Any]
Writer = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Field:
    """How one field of the policy stands in JSON: under which name, and how it is read and written."""

    attribute: str
    read: Reader
    write: Writer


def _number(least: float, most: float, *, whole: bool = False) -> Reader:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _Wrong(PolicyProblem.NOT_A_NUMBER, value=value)
        if not least <= value <= most:  # also true of NaN, of which no whole number can be made
            raise _Wrong(PolicyProblem.OUT_OF_BOUNDS, value=value, least=least, most=most)
        if whole and value != int(value):
            raise _Wrong(PolicyProblem.NOT_WHOLE, value=value)
        return int(value) if whole else float(value)

    return read


def _span(unit: timedelta, least: float, most: float, *, whole: bool = False) -> Reader:
    number = _number(least, most, whole=whole)
    return lambda value: number(value) * unit


def _none_or(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(PolicyProblem.NOT_A_YES_OR_NO, value=value)
    return value


def _choice(kind: type[StrEnum]) -> Reader:
    def read(value: Any) -> StrEnum:
        try:
            return kind(value)
        except ValueError:
            raise _Wrong(PolicyProblem.NOT_A_CHOICE, value=value, choices=", ".join(kind)) from None

    return read


def _date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Wrong(PolicyProblem.NOT_A_DATE, value=value) from None


def _code(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(PolicyProblem.NOT_A_TEXT, value=value)
    return value.strip()


def _set(read_one: Reader, *, may_be_empty: bool = True) -> Reader:
    def read(value: Any) -> frozenset[Any]:
        if not isinstance(value, list):
            raise _Wrong(PolicyProblem.NOT_A_LIST, value=value)
        if not value and not may_be_empty:
            raise _Wrong(PolicyProblem.EMPTY)
        return frozenset(read_one(one) for one in value)

    return read


_share = _number(0, 1)


def _targets(value: Any) -> Targets:
    if not isinstance(value, dict):
        raise _Wrong(PolicyProblem.NOT_AN_OBJECT, value=value)
    if strange := sorted(set(value) - {"on_time", "satisfaction"}):
        raise _Wrong(PolicyProblem.UNKNOWN_FIELD, value=strange[0])
    return Targets(**{name: _share(share) for name, share in value.items()})


def _department_targets(value: Any) -> Mapping[str, Targets]:
    if not isinstance(value, dict):
        raise _Wrong(PolicyProblem.NOT_AN_OBJECT, value=value)
    return MappingProxyType({_code(code): _targets(targets) for code, targets in value.items()})


def _plain(value: Any) -> Any:
    return value


def _hours(value: timedelta) -> float:
    return _whole_if_it_is(value / timedelta(hours=1))


def _hours_or_none(value: timedelta | None) -> float | None:
    return None if value is None else _hours(value)


def _days(value: timedelta) -> float:
    return _whole_if_it_is(value / timedelta(days=1))


def _whole_if_it_is(number: float) -> float:
    return int(number) if number == int(number) else number


def _targets_out(value: Targets) -> dict[str, float]:
    return {"on_time": value.on_time, "satisfaction": value.satisfaction}


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

FIELDS: Mapping[str, _Field] = {
    "working_days": _Field(
        "working_days",
        _set(_choice(Weekday), may_be_empty=False),
        lambda days: [str(day) for day in Weekday if day in days],
    ),
    "holidays": _Field("holidays", _set(_date), lambda days: [day.isoformat() for day in sorted(days)]),
    "sending_hour": _Field("sending_hour", _number(6, 18, whole=True), _plain),
    "late_until_hour": _Field("late_until_hour", _number(7, 22, whole=True), _plain),
    "delay_hours": _Field("delay", _span(_HOUR, 0, 168), _hours),
    # Seven days at most: a later expiry could reach over the freeze of the quarter.
    "expiry_days": _Field("expiry", _span(_DAY, 1, 7, whole=True), _days),
    "give_up_after_hours": _Field("give_up_after", _span(_HOUR, 1, 72), _hours),
    "reminder": _Field("reminder", _flag, _plain),
    "reminder_after_hours": _Field("reminder_after", _span(_HOUR, 24, 168), _hours),
    "reminder_before_expiry_hours": _Field("reminder_before_expiry", _span(_HOUR, 1, 96), _hours),
    "history_after_days": _Field("history_after", _span(_DAY, 1, 30), _days),
    "quarantine_days": _Field("quarantine", _span(_DAY, 1, 366, whole=True), _days),
    "rest_after_not_now_days": _Field("rest_after_not_now", _span(_DAY, 1, 366, whole=True), _days),
    "quarter_cap": _Field("quarter_cap", _number(1, 13, whole=True), _plain),
    "not_surveyed": _Field("not_surveyed", _set(_code), sorted),
    "answers_aimed": _Field("answers_aimed", _number(10, 100_000, whole=True), _plain),
    "response_rate_default": _Field("response_rate_default", _number(0.01, 1), _plain),
    "response_rate_least": _Field("response_rate_least", _number(0.01, 1), _plain),
    "response_rate_most": _Field("response_rate_most", _number(0.01, 1), _plain),
    "response_rate_enough": _Field("response_rate_enough", _number(1, 10_000, whole=True), _plain),
    "response_rate_window_days": _Field("response_rate_window", _span(_DAY, 28, 366, whole=True), _days),
    # Five and ten are the least that protects people (domain.md §5.1); more may be asked for.
    "minimum_group_size": _Field("minimum_group_size", _number(5, 100, whole=True), _plain),
    "minimum_comment_group": _Field("minimum_comment_group", _number(10, 1000, whole=True), _plain),
    "show_comments_automatically": _Field("show_comments_automatically", _flag, _plain),
    "weighting": _Field("weighting", _choice(Weighting), str),
    "targets": _Field("targets", _targets, _targets_out),
    "department_targets": _Field(
        "department_targets",
        _department_targets,
        lambda per_code: {code: _targets_out(per_code[code]) for code in sorted(per_code)},
    ),
    "first_response_hours": _Field("first_response", _none_or(_span(_HOUR, 0.25, 720)), _hours_or_none),
    "posting": _Field("posting", _choice(Posting), str),
    "posting_after_days": _Field("posting_after", _span(_DAY, 0, 60, whole=True), _days),
}

#: The second of each pair must be the larger one, or equal where the rule says so.
_ORDERED = (
    ("sending_hour", "late_until_hour", False),
    ("response_rate_least", "response_rate_default", True),
    ("response_rate_default", "response_rate_most", True),
    ("minimum_group_size", "minimum_comment_group", True),
)


def policy_to_json(policy: AskingPolicy) -> dict[str, Any]:
    """Return the policy as JSON values, every field, in a fixed order."""
    return {name: entry.write(getattr(policy, entry.attribute)) for name, entry in FIELDS.items()}


def policy_from_json(document: object) -> AskingPolicy:
    """Return the policy that `document` describes; absent fields keep their default.

    Raises PolicyError with every fault, not only the first.
    """
    if not isinstance(document, dict):
        raise PolicyError([PolicyFault("", PolicyProblem.NOT_AN_OBJECT, {"value": document})])
    faults, values = [], {}
    for name, value in document.items():
        entry = FIELDS.get(name)
        if entry is None:
            faults.append(PolicyFault(str(name), PolicyProblem.UNKNOWN_FIELD, {"value": name}))
            continue
        try:
            values[entry.attribute] = entry.read(value)
        except _Wrong as wrong:
            faults.append(PolicyFault(name, wrong.problem, wrong.params))
    if faults:
        raise PolicyError(faults)
    policy = AskingPolicy(**values)
    if contradictions := list(_contradictions(policy)):
        raise PolicyError(contradictions)
    return policy


def _contradictions(policy: AskingPolicy) -> Iterable[PolicyFault]:
    for lower, upper, may_be_equal in _ORDERED:
        least, most = getattr(policy, lower), getattr(policy, upper)
        if most < least or (most == least and not may_be_equal):
            params = {"value": most, "other": lower, "least": least}
            yield PolicyFault(upper, PolicyProblem.MUST_BE_AFTER, params)
