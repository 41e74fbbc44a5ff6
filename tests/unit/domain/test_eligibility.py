"""Every reason, its place in the order, and what may still change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from app.domain.decisions import DecisionReason
from app.domain.eligibility import RULES, Facts, decide, is_learned_late

HOLDS: dict[DecisionReason, dict[str, object]] = {
    DecisionReason.PROVIDER_UNKNOWN: {"provider_known": False},
    DecisionReason.PROVIDER_NOT_SURVEYED: {"provider_surveyed": False},
    DecisionReason.OWN_DEPARTMENT: {"same_line": True},
    DecisionReason.CLOSED_WITHOUT_DELIVERY: {"not_delivered": True},
    DecisionReason.CLOSED_AUTOMATICALLY: {"automatic": True},
    DecisionReason.REQUESTER_IS_A_BOT: {"requester_is_bot": True},
    DecisionReason.HISTORY: {"learned_late": True},
    DecisionReason.ALREADY_ASKED: {"asked_before": True},
    DecisionReason.NO_ADDRESS: {"has_address": False},
    DecisionReason.OPTED_OUT: {"opted_out": True},
    DecisionReason.REOPENED: {"reopened": True},
    DecisionReason.QUARANTINE: {"in_quarantine": True},
    DecisionReason.QUARTER_CAP: {"cap_reached": True},
    DecisionReason.SAMPLED_OUT: {"sampling_rate": 0.5, "sample": 0.5},
    DecisionReason.ANOTHER_CHOSEN: {"another_chosen": True},
    DecisionReason.TOO_LATE: {"too_late": True},
}


@pytest.mark.parametrize("reason", HOLDS)
def test_it_gives_each_reason_when_only_that_one_holds(reason: DecisionReason) -> None:
    facts = replace(Facts(), **HOLDS[reason])  # type: ignore[arg-type]

    assert decide(facts) is reason


@pytest.mark.parametrize(("first", "second"), list(combinations(HOLDS, 2)))
def test_it_records_the_earlier_of_two_reasons(first: DecisionReason, second: DecisionReason) -> None:
    facts = replace(Facts(), **HOLDS[first], **HOLDS[second])  # type: ignore[arg-type]

    assert decide(facts) is first


def test_it_asks_when_nothing_speaks_against_it() -> None:
    assert decide(Facts()) is DecisionReason.INVITED


def test_the_rules_stand_in_the_order_of_the_reasons() -> None:
    decided_later = {DecisionReason.DELIVERY_FAILED, DecisionReason.INVITED, DecisionReason.WAITING}

    assert [reason for reason, _ in RULES] == [reason for reason in DecisionReason if reason not in decided_later]


def test_a_request_is_asked_about_when_its_sample_lies_below_the_rate() -> None:
    assert decide(Facts(sample=0.4999, sampling_rate=0.5)) is DecisionReason.INVITED


def test_seven_days_is_not_history_and_a_second_more_is() -> None:
    completed = datetime(2026, 3, 1, 12, tzinfo=UTC)
    week = timedelta(days=7)

    assert not is_learned_late(completed, completed + week, week)
    assert is_learned_late(completed, completed + week + timedelta(seconds=1), week)
