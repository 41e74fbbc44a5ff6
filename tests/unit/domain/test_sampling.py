"""Keyed hashes decide evenly, repeatably and independently; the rate aims at the agreed number of answers."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.sampling import choice_order, planned_response_rate, sample_share, sampling_rate

KEY = b"a key of the installation"


@given(key=st.binary(max_size=64), request=st.text(max_size=60))
def test_a_share_is_at_least_nought_and_below_one(key: bytes, request: str) -> None:
    assert 0 <= sample_share(key, request) < 1


def test_a_share_is_the_same_a_year_later() -> None:
    assert sample_share(KEY, "jira/IT-1") == 0.9830343869962191


def test_shares_are_even_over_the_whole_range() -> None:
    shares = [sample_share(KEY, f"jira/IT-{number}") for number in range(20_000)]

    tenths = [sum(1 for share in shares if int(share * 10) == tenth) for tenth in range(10)]

    # Chi-square with 9 degrees of freedom: 27.9 is exceeded once in a thousand keys; the key is fixed.
    assert sum((count - 2000) ** 2 / 2000 for count in tenths) < 27.9


def test_the_choice_does_not_follow_the_sample() -> None:
    names = [f"jira/IT-{number}" for number in range(10_000)]
    median = sorted(choice_order(KEY, name) for name in names)[5_000]

    both = sum(1 for name in names if sample_share(KEY, name) < 0.5 and choice_order(KEY, name) < median)

    assert abs(both - 2_500) < 150


def test_another_key_gives_another_sample() -> None:
    assert sample_share(KEY, "jira/IT-1") != sample_share(b"another key", "jira/IT-1")


def test_everybody_is_asked_while_too_few_answers_are_expected() -> None:
    assert sampling_rate(0, 0.2, 100) == 1
    assert sampling_rate(500, 0.2, 100) == 1


def test_the_rate_aims_at_the_agreed_number_of_answers() -> None:
    assert sampling_rate(2_000, 0.25, 100) == 0.2


@given(count=st.integers(0, 10**7), response_rate=st.floats(0.1, 0.6), aimed=st.integers(10, 1000))
def test_no_rate_expects_more_than_is_aimed_at_unless_all_are_asked(
    count: int, response_rate: float, aimed: int
) -> None:
    rate = sampling_rate(count, response_rate, aimed)

    assert 0 < rate <= 1
    assert rate == 1 or abs(rate * count * response_rate - aimed) < 1e-6 * aimed


def test_a_response_rate_is_believed_from_enough_invitations_on_and_held_within_bounds() -> None:
    def rate(answered: int, delivered: int) -> float:
        return planned_response_rate(answered, delivered, least=0.10, most=0.60, default=0.20, enough=30)

    assert [rate(29, 29), rate(0, 30), rate(12, 30), rate(30, 30)] == [0.20, 0.10, 0.40, 0.60]
