"""A person's waiting requests are decided together, and never more than one is asked about."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain.asking import Candidate, Requester, decide_together
from app.domain.asking_policy import AskingPolicy
from app.domain.decisions import DecisionReason
from app.domain.eligibility import Facts

KEY = b"a key of the installation"
NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)
POLICY = AskingPolicy()


def candidate(name: str, *, rate: float = 1.0, last_on: date = date(2026, 4, 5), **facts: bool) -> Candidate:
    return Candidate(name=name, facts=Facts(**facts), sampling_rate=rate, last_sending_on=last_on)


def requester(
    *, has_address: bool = True, opted_out: bool = False, last: datetime | None = None, count: int = 0
) -> Requester:
    return Requester(
        zone=ZoneInfo("UTC"), has_address=has_address, opted_out=opted_out, last_planned_at=last, invitation_count=count
    )


def decide(who: Requester, *candidates: Candidate) -> list[str]:
    return [str(reason) for reason in decide_together(who, candidates, planned_at=NINE, policy=POLICY, key=KEY)]


def test_what_cannot_be_asked_about_does_not_stand_in_the_way() -> None:
    decisions = decide(
        requester(),
        candidate("a", same_line=True),
        candidate("b", rate=1e-9),
        candidate("c", reopened=True),
        candidate("d"),
    )

    assert decisions == ["own_department", "sampled_out", "reopened", "invited"]


def test_a_request_that_is_too_late_is_not_chosen_while_another_is_in_time() -> None:
    decisions = decide(requester(), candidate("late", last_on=date(2026, 3, 2)), candidate("in time"))

    assert decisions == ["another_chosen", "invited"]


def test_where_all_are_too_late_none_is_asked_about() -> None:
    late = date(2026, 3, 2)

    assert decide(requester(), candidate("a", last_on=late), candidate("b", last_on=late)) == ["too_late", "too_late"]


def test_who_was_just_asked_or_often_enough_is_left_alone() -> None:
    assert decide(requester(last=NINE - timedelta(days=29)), candidate("a")) == ["quarantine"]
    assert decide(requester(last=NINE - timedelta(days=30), count=3), candidate("a")) == ["quarter_cap"]
    assert decide(requester(last=NINE - timedelta(days=30), count=2), candidate("a")) == ["invited"]


names = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=8, unique=True)


@given(names=names, rate=st.floats(0.01, 1))
def test_at_most_one_is_asked_about_and_in_any_order_the_same(names: list[str], rate: float) -> None:
    candidates = [candidate(name, rate=rate) for name in names]

    forwards = dict(zip(names, decide(requester(), *candidates), strict=True))
    backwards = dict(zip(reversed(names), decide(requester(), *reversed(candidates)), strict=True))

    assert forwards == backwards
    counted = [list(forwards.values()).count(reason) for reason in ("invited", "another_chosen", "sampled_out")]
    assert counted[0] == (1 if counted[0] + counted[1] else 0)
    assert sum(counted) == len(names)


@given(
    who=st.builds(requester, has_address=st.booleans(), opted_out=st.booleans(), count=st.integers(0, 5)), names=names
)
def test_nobody_is_asked_against_wish_address_or_cap(who: Requester, names: list[str]) -> None:
    decisions = decide(who, *[candidate(name) for name in names])

    may_be_asked = who.has_address and not who.opted_out and who.invitation_count < POLICY.quarter_cap
    assert ("invited" in decisions) == may_be_asked
    assert all(reason in set(DecisionReason) for reason in decisions)
