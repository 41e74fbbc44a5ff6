"""The form of the asking policy: every field of it, read and written, and what is wrong with a value."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.domain.asking_policy import AskingPolicy, Posting, Targets, Weekday
from app.domain.asking_policy_json import FIELDS as POLICY
from app.domain.asking_policy_json import policy_from_json, policy_to_json
from app.web.policy.fields import FIELDS, Kind
from app.web.policy.forms import PolicyForm, SwitchOnForm
from app.web.policy.texts import document_of, texts_of

OTHER = replace(
    AskingPolicy(),
    working_days=frozenset({Weekday.SUNDAY, Weekday.MONDAY}),
    holidays=frozenset({date(2026, 12, 25), date(2026, 1, 1)}),
    delay=timedelta(hours=0.5),
    reminder=False,
    not_surveyed=frozenset({"CANTEEN", "A B"}),
    response_rate_default=0.125,
    targets=Targets(0.955, 0.7),
    department_targets={"A B": Targets(0.5, 0.333333), "IT": Targets(1, 0)},
    first_response=timedelta(hours=2),
    posting=Posting.AFTER_REVIEW,
)


def typed(**changes: Any) -> dict[str, Any]:
    """Return the form as a browser sends it: what is not ticked is not there."""
    texts = texts_of(policy_to_json(AskingPolicy())) | changes
    return {name: ("y" if value is True else value) for name, value in texts.items() if value is not False}


@pytest.mark.parametrize("policy", [AskingPolicy(), OTHER])
def test_a_policy_is_the_same_after_its_form(policy: AskingPolicy) -> None:
    texts = texts_of(policy_to_json(policy))
    form = PolicyForm(MultiDict({name: value for name, value in texts.items() if value is not False}))

    assert form.validate(), form.problems()
    assert {name: form.told()[name] for name in texts} == texts
    assert policy_from_json(document_of(form.told())) == policy


def test_every_field_of_the_policy_stands_in_the_form_with_label_hint_and_unit() -> None:
    assert {*FIELDS} - {"targets_on_time", "targets_satisfaction"} == {*POLICY} - {"targets"}
    for field in FIELDS.values():
        assert field.label
        assert field.hint or field.kind is Kind.CHOICE, field.name
        is_number = field.kind in {Kind.NUMBER, Kind.NUMBER_OR_NOTHING, Kind.SHARE}
        assert bool(field.unit) is is_number, field.name


def test_a_reason_is_needed_only_to_switch_on() -> None:
    assert PolicyForm(MultiDict(typed())).validate()
    assert not SwitchOnForm(MultiDict(typed())).validate()
    assert SwitchOnForm(MultiDict(typed(reason="Finance stays under 30 answers."))).validate()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("quarantine_days", "soon", "Write a number, as in 7 or 0.5."),
        ("quarantine_days", "nan", "Write a number, as in 7 or 0.5."),
        ("quarantine_days", "1e9", "Write a number, as in 7 or 0.5."),
        ("quarantine_days", "2.5", "Write a whole number."),
        ("quarter_cap", "0", "Write a number from 1 to 13."),
        ("minimum_group_size", "4", "Write a number from 5 to 100."),
        ("response_rate_default", "120", "Write a number from 1 to 100."),
        ("response_rate_most", "15", "This has to be more than “Answer rate of a new department” (20)."),
        ("late_until_hour", "9", "This has to be more than “Mail leaves at” (9)."),
        ("targets_on_time", "101", "Write a number from 0 to 100."),
        ("targets_satisfaction", "-1", "Write a number from 0 to 100."),
        ("holidays", "24.12.2026", "“24.12.2026” is no day."),
        ("department_targets", "IT 85", "“IT 85” cannot be read."),
        ("working_days", [], "Tick at least one day."),
        ("working_days", ["someday"], "Tick at least one day."),
        ("posting", "never", "This is none of the choices."),
        ("first_response_hours", "0.1", "Write a number from 0.25 to 720."),
    ],
)
def test_a_wrong_value_is_named_beside_its_field(field: str, text: Any, sentence: str) -> None:
    form = PolicyForm(MultiDict(typed(**{field: text})))

    assert not form.validate()
    assert [(problem.field, problem.sentence.startswith(sentence)) for problem in form.problems()] == [(field, True)]
