"""The policy survives JSON, names every wrong field, and keeps the limits that protect people."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.asking_policy import AskingPolicy, Posting, Targets, Weekday, Weighting
from app.domain.asking_policy_json import PolicyError, PolicyProblem, policy_from_json, policy_to_json

shares = st.floats(0, 1)
policies = st.builds(
    AskingPolicy,
    working_days=st.sets(st.sampled_from(Weekday), min_size=1).map(frozenset),
    holidays=st.sets(st.dates(), max_size=5).map(frozenset),
    sending_hour=st.integers(6, 10),
    late_until_hour=st.integers(11, 22),
    delay=st.integers(0, 168).map(lambda hours: timedelta(hours=hours)),
    expiry=st.integers(1, 7).map(lambda days: timedelta(days=days)),
    reminder=st.booleans(),
    quarantine=st.integers(1, 366).map(lambda days: timedelta(days=days)),
    quarter_cap=st.integers(1, 13),
    not_surveyed=st.sets(st.sampled_from(["IT", "HR", "LEGAL"])).map(frozenset),
    answers_aimed=st.integers(10, 10_000),
    weighting=st.sampled_from(Weighting),
    targets=st.builds(Targets, shares, shares),
    department_targets=st.dictionaries(st.sampled_from(["IT", "HR"]), st.builds(Targets, shares, shares)),
    posting=st.sampled_from(Posting),
)


@given(policy=policies)
def test_a_policy_is_the_same_after_json_and_back(policy: AskingPolicy) -> None:
    text = json.dumps(policy_to_json(policy))

    assert policy_from_json(json.loads(text)) == policy


def test_an_empty_document_is_the_default_policy() -> None:
    assert policy_from_json({}) == AskingPolicy()


def test_the_defaults_are_those_of_the_rules() -> None:
    assert policy_to_json(AskingPolicy()) == {
        "working_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "holidays": [],
        "sending_hour": 9,
        "late_until_hour": 17,
        "delay_hours": 4,
        "expiry_days": 7,
        "give_up_after_hours": 48,
        "reminder": True,
        "reminder_after_hours": 72,
        "reminder_before_expiry_hours": 24,
        "history_after_days": 7,
        "quarantine_days": 30,
        "rest_after_not_now_days": 90,
        "quarter_cap": 3,
        "not_surveyed": [],
        "answers_aimed": 100,
        "response_rate_default": 0.20,
        "response_rate_least": 0.10,
        "response_rate_most": 0.60,
        "response_rate_enough": 30,
        "response_rate_window_days": 91,
        "minimum_group_size": 5,
        "minimum_comment_group": 10,
        "show_comments_automatically": False,
        "weighting": "per_requester",
        "targets": {"on_time": 0.90, "satisfaction": 0.80},
        "department_targets": {},
        "first_response_hours": None,
        "posting": "automatic",
        "posting_after_days": 3,
    }


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("quarantine", 30, PolicyProblem.UNKNOWN_FIELD),
        ("working_days", "monday", PolicyProblem.NOT_A_LIST),
        ("working_days", [], PolicyProblem.EMPTY),
        ("working_days", ["mon"], PolicyProblem.NOT_A_CHOICE),
        ("holidays", ["31.12.2026"], PolicyProblem.NOT_A_DATE),
        ("holidays", [20261231], PolicyProblem.NOT_A_DATE),
        ("delay_hours", "4", PolicyProblem.NOT_A_NUMBER),
        ("delay_hours", True, PolicyProblem.NOT_A_NUMBER),
        ("delay_hours", -1, PolicyProblem.OUT_OF_BOUNDS),
        ("delay_hours", float("nan"), PolicyProblem.OUT_OF_BOUNDS),
        ("quarter_cap", 2.5, PolicyProblem.NOT_WHOLE),
        ("quarter_cap", float("nan"), PolicyProblem.OUT_OF_BOUNDS),
        ("quarter_cap", float("inf"), PolicyProblem.OUT_OF_BOUNDS),
        ("expiry_days", 8, PolicyProblem.OUT_OF_BOUNDS),
        ("minimum_group_size", 4, PolicyProblem.OUT_OF_BOUNDS),
        ("minimum_comment_group", 9, PolicyProblem.OUT_OF_BOUNDS),
        ("reminder", "yes", PolicyProblem.NOT_A_YES_OR_NO),
        ("weighting", "per_head", PolicyProblem.NOT_A_CHOICE),
        ("targets", {"on_time": 90}, PolicyProblem.OUT_OF_BOUNDS),
        ("targets", {"speed": 0.9}, PolicyProblem.UNKNOWN_FIELD),
        ("targets", 0.9, PolicyProblem.NOT_AN_OBJECT),
        ("department_targets", {"IT": 0.9}, PolicyProblem.NOT_AN_OBJECT),
        ("not_surveyed", [""], PolicyProblem.NOT_A_TEXT),
        ("late_until_hour", 9, PolicyProblem.MUST_BE_AFTER),
        ("response_rate_most", 0.15, PolicyProblem.MUST_BE_AFTER),
    ],
)
def test_a_wrong_field_is_named_with_its_problem(field: str, value: object, problem: PolicyProblem) -> None:
    with pytest.raises(PolicyError) as raised:
        policy_from_json({field: value})

    assert [(fault.field, fault.problem) for fault in raised.value.faults] == [(field, problem)]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(PolicyError) as raised:
        policy_from_json({"delay_hours": "soon", "quarter_cap": 0, "mood": "good"})

    assert [fault.field for fault in raised.value.faults] == ["delay_hours", "quarter_cap", "mood"]


def test_a_policy_is_an_object() -> None:
    with pytest.raises(PolicyError):
        policy_from_json([])


def test_a_department_may_have_its_own_targets() -> None:
    own = Targets(on_time=0.8, satisfaction=0.7)
    policy = replace(AskingPolicy(), department_targets={"IT": own})

    assert (policy.targets_of("IT"), policy.targets_of("HR")) == (own, Targets())


def test_a_holiday_is_no_working_day() -> None:
    policy = replace(AskingPolicy(), holidays=frozenset({date(2026, 12, 24)}))

    assert [policy.is_working_day(date(2026, 12, day)) for day in (23, 24, 25, 26)] == [True, False, True, False]
