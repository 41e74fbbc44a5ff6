"""Who sees more after a change of departments: today, later, and of past quarters."""

import cProfile
import pstats
from datetime import UTC, datetime, timedelta

from app.domain.sight import Gain, Stand, Told, gains

EVER, NOW, LATER = (datetime(year, 11, 17, tzinfo=UTC) for year in (1900, 2026, 2027))
QUARTER = datetime(2026, 9, 30, tzinfo=UTC)
TOP, IT, DESK, TINY = range(1, 5)
COMPANY = [
    Stand(TOP, EVER, None, None, "top@example.com"),
    Stand(IT, EVER, None, TOP, "bob@example.com"),
    Stand(DESK, EVER, None, IT, None),
    Stand(TINY, EVER, None, TOP, "carol@example.com"),
]


def changed(*stands: Stand, given: dict[int, set[str]] | None = None) -> dict[str, Gain]:
    """Return what comes of other stands of the departments that these name."""
    kept = [one for one in COMPANY if one.department not in {stand.department for stand in stands}]
    return gains(Told(COMPANY, given or {}), Told([*kept, *stands], given or {}), [QUARTER], NOW)


def test_what_moves_below_somebody_is_seen_with_all_below_it_and_those_above_both_gain_nothing() -> None:
    moved = changed(Stand(IT, EVER, NOW, TOP, "bob@example.com"), Stand(IT, NOW, None, TINY, "bob@example.com"))

    assert moved == {"carol@example.com": Gain({IT, DESK})}


def test_a_past_quarter_is_seen_by_the_tree_of_its_last_day_and_the_heads_of_today() -> None:
    past = changed(Stand(DESK, EVER, NOW, TINY, None), Stand(DESK, NOW, None, IT, None))

    assert past == {"carol@example.com": Gain({DESK})}


def test_who_heads_something_later_sees_what_stands_below_it_in_the_past() -> None:
    later = [Stand(TINY, EVER, LATER, TOP, None), Stand(TINY, LATER, None, TOP, "carol@example.com")]
    before = [*COMPANY[:3], *later]
    after = [*before[:2], Stand(DESK, EVER, NOW, TINY, None), Stand(DESK, NOW, None, IT, None), *later]

    assert gains(Told(before, {}), Told(after, {}), [QUARTER], NOW) == {"carol@example.com": Gain({DESK})}


def test_where_a_head_goes_the_next_one_above_sees_names_by_table_and_by_role() -> None:
    removed = changed(Stand(IT, EVER, None, TOP, None), given={TOP: {"dora@example.com"}})

    names = Gain(results=set(), names={IT, DESK})
    assert removed == {"top@example.com": names, "dora@example.com": names}


def test_a_head_from_an_earlier_day_on_is_news_and_one_who_stays_through_a_new_name_is_not() -> None:
    later = [*COMPANY[:3], Stand(TINY, LATER, None, TOP, "carol@example.com")]
    renamed = changed(
        Stand(TINY, EVER, LATER, TOP, "carol@example.com"), Stand(TINY, LATER, None, TOP, "carol@example.com")
    )

    assert gains(Told(later, {}), Told(COMPANY, {}), [QUARTER], NOW)["carol@example.com"] == Gain({TINY}, {TINY})
    assert renamed == {}


def test_departments_above_themselves_on_a_later_day_end_nothing() -> None:
    looped = changed(Stand(TOP, EVER, None, IT, "top@example.com"))

    assert looped == {"bob@example.com": Gain({TOP, TINY})}


def test_who_heads_by_role_leaves_names_to_the_next_one_above_and_nobody_else_gains() -> None:
    by_role = Told([*COMPANY[:2], Stand(TINY, EVER, None, TOP, None)], {TINY: {"dora@example.com"}})
    gone = Told(by_role.stands, {})

    assert gains(by_role, gone, [QUARTER], NOW) == {"top@example.com": Gain(names={TINY})}
    assert gains(gone, by_role, [QUARTER], NOW) == {"dora@example.com": Gain({TINY}, {TINY})}


def calls(days: int) -> int:
    """Count what is called to compare 1,200 departments that move on so many different days to come."""
    ours = [Stand(0, EVER, None, None, "top@example.com"), Stand(1, EVER, None, 0, "bob@example.com")]
    later = [NOW + timedelta(days=1 + number % days) for number in range(1200)]
    before = [Stand(number, EVER, None, 0, None) for number in range(2, 1202)]
    after = [
        stand
        for number, moment in enumerate(later, start=2)
        for stand in (Stand(number, EVER, moment, 0, None), Stand(number, moment, None, 1, None))
    ]
    profile = cProfile.Profile()
    found = profile.runcall(gains, Told([*ours, *before], {}), Told([*ours, *after], {}), [QUARTER], NOW)
    assert found == {"bob@example.com": Gain(set(range(2, 1202)), set(range(2, 1202)))}
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_many_days_to_come_cost_what_changes_on_them_and_not_every_department_on_every_day() -> None:
    assert calls(200) < 1.2 * calls(1)
