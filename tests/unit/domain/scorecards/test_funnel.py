"""What the funnel tells: nothing below the minimum group, neither printed nor by subtraction."""

from app.domain.scorecards.funnel import FunnelFigures, published_funnel


def not_asked(requests: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = published_funnel(FunnelFigures(requests, 0), None, 5)["not_asked"]
    return found


def test_small_reasons_are_merged() -> None:
    asked = {"completed": 100, "eligible": 100, "invited": 70, "quarantine": 20, "opted_out": 4, "no_address": 6}

    assert not_asked(asked) == {"quarantine": 20, "other": 10}


def test_a_family_of_reasons_is_merged_by_itself_because_its_total_is_printed() -> None:
    # completed - eligible = 21: had no_address alone joined the bot, own_department 20 would leave exactly one bot
    asked = {"completed": 121, "eligible": 100, "invited": 70, "own_department": 20, "requester_is_a_bot": 1}
    asked |= {"quarantine": 24, "no_address": 6}

    assert not_asked(asked) == {"no_address": 6, "other": 21, "quarantine": 24}


def test_what_would_say_a_neighbours_count_is_absent_and_its_reason_merged() -> None:
    asked = {"completed": 100, "eligible": 100, "invited": 70, "quarantine": 20, "no_address": 10}
    untold = frozenset({"eligible", "no_address"})

    found = published_funnel(FunnelFigures(asked, 0, untold=untold), None, 5)

    assert found == {"completed": 100, "invited": 70, "not_asked": {"quarantine": 20, "other": 10}}


def test_few_in_all_are_absent() -> None:
    assert not_asked({"completed": 10, "eligible": 8, "invited": 8, "own_department": 2}) == {}
