"""Themes: who counts, what is printed, and what small groups would follow from neighbours and from the silent."""

import pytest

from app.domain.disclosure import COMPANY, own
from app.domain.scorecards.publish import Json
from app.domain.scorecards.themes import (
    ASKED,
    REASONS,
    UNASKED,
    Group,
    ThemeProfile,
    ThemesTold,
    Tree,
    Voice,
    Voices,
    profiles_of,
    published_themes,
    themes_of,
    told_themes,
)

SLOW, RIGHT = "too_slow", "result_not_right"
FLAT = Tree({"ALL": ["A", "B"]}, ["ALL"], 5)


def voices(asked: int, *, start: int = 0, unasked: int = 0, consenting: int = 0, **named: int) -> list[Voice]:
    """Return one answer a person; the first so many name each theme, the last so many consented to contact."""
    people = [
        Voice(
            str(start + number).encode(),
            number < asked - consenting,
            frozenset(theme for theme, count in named.items() if number < count),
        )
        for number in range(asked)
    ]
    others = range(start + asked, start + asked + unasked)
    return [*people, *(Voice(str(number).encode(), is_confidential=True, was_asked=False) for number in others)]


def told(tree: Tree, hidden: tuple[str, ...] = (), **places: list[Voice]) -> dict[str, set[str]]:
    """Return the themes that each place may tell, `own` standing for the own part of ALL."""
    names = {"own": own("ALL"), "company": COMPANY}
    found = {names.get(code, code): Voices(profiles_of(said)) for code, said in places.items()}
    return {code: set(themes) for code, themes in told_themes(found, tree, hidden).items()}


def printed(said: list[Voice], *themes: str) -> list[Json]:
    """Return the rows of one place that may tell these themes."""
    return list(published_themes({REASONS: Voices(profiles_of(said))}, {REASONS: themes}).rows)


def test_people_are_counted_by_how_many_of_their_answers_name_a_theme() -> None:
    said = [
        Voice(b"ann", is_confidential=True, themes=frozenset({SLOW, RIGHT})),
        Voice(b"ann", is_confidential=True, themes=frozenset({SLOW})),
        Voice(b"ann", is_confidential=True, was_asked=False),
        Voice(b"bob", is_confidential=False, themes=frozenset({SLOW})),
    ]

    assert profiles_of(said) == [
        ThemeProfile(ASKED, 1, 1, 1, 0),
        ThemeProfile(ASKED, 2, 2, 1, 1),
        ThemeProfile(UNASKED, 1, 1, 1, 1),
        ThemeProfile(RIGHT, 2, 1, 1, 1),
        ThemeProfile(SLOW, 1, 1, 1, 0),
        ThemeProfile(SLOW, 2, 2, 1, 1),
    ]


def test_everybody_has_one_vote_however_often_they_answer() -> None:
    found = Voices([ThemeProfile(ASKED, 4, 4, 1, 1), ThemeProfile(ASKED, 1, 1, 3, 2), ThemeProfile(SLOW, 4, 1, 1, 1)])

    assert found.naming(SLOW) == Group(requesters=1, confidential=1, answers=1, votes=0.25)
    assert found.naming(ASKED) == Group(requesters=4, confidential=3, answers=7, votes=4.0)
    assert found.silent(SLOW) == Group(requesters=4, confidential=3)  # she names it in one answer of four


def test_a_theme_is_printed_with_its_answers_and_the_share_of_people_who_were_asked() -> None:
    assert printed(voices(20, too_slow=10, result_not_right=15), SLOW, RIGHT) == [
        {
            "source": "reasons", "theme": RIGHT, "answers": 15,
            "share": {"estimate": 0.75, "lower": 0.53, "upper": 0.89, "n": 20, "answers": 20, "method": "wilson"},
        },
        {
            "source": "reasons", "theme": SLOW, "answers": 10,
            "share": {"estimate": 0.5, "lower": 0.3, "upper": 0.7, "n": 20, "answers": 20, "method": "wilson"},
        },
    ]  # fmt: skip


def test_equally_frequent_themes_stand_in_order_of_their_code() -> None:
    rows = printed(voices(20, too_slow=10, result_not_right=10), SLOW, RIGHT)

    assert [row["theme"] for row in rows] == [RIGHT, SLOW]


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        (voices(10, too_slow=5), True),
        (voices(10, too_slow=4), False),  # four named it
        (voices(10, too_slow=6), False),  # four did not
        (voices(10, too_slow=10), True),  # everybody did: a share of ten people may be one
        (voices(9, too_slow=9), False),  # nine were asked
        (voices(12, too_slow=6, consenting=2), False),  # ten whom nobody knows, six of them named it and four did not
        (voices(14, too_slow=7, consenting=2), True),
        (voices(10, too_slow=5, unasked=3), False),  # three low ratings of an earlier tool stand in the same sum
        (voices(10, too_slow=5, unasked=5), True),
        ([*voices(10, too_slow=5), Voice(b"0", is_confidential=True)], True),  # who names it once of twice is in both
        ([*voices(10, too_slow=10), Voice(b"0", is_confidential=True)], False),  # one answer without it: one person
    ],
)
def test_a_lone_department_tells_a_theme_when_no_group_behind_it_is_small(said: list[Voice], is_told: bool) -> None:
    assert told(Tree({}, ["ALL"], 5), ALL=said) == ({"ALL": {SLOW}} if is_told else {})


def test_a_department_gives_way_where_the_rest_of_its_parent_would_be_small() -> None:
    a, b = voices(20, too_slow=10), voices(3, start=100, too_slow=2)

    assert told(FLAT, ALL=[*a, *b], A=a, B=b) == {"ALL": {SLOW}}


def test_departments_give_way_where_few_of_a_neighbour_did_not_name_it() -> None:
    a, b = voices(20, too_slow=10), voices(20, start=100, too_slow=18)

    assert told(FLAT, ALL=[*a, *b], A=a, B=b) == {"ALL": {SLOW}}


def test_every_theme_is_judged_by_itself() -> None:
    a, b = voices(20, too_slow=10, result_not_right=10), voices(20, start=100, too_slow=10, result_not_right=2)

    assert told(FLAT, ALL=[*a, *b], A=a, B=b) == {
        "ALL": {SLOW, RIGHT},
        "A": {SLOW},  # of the result, two at B would follow
        "B": {SLOW},
    }


def test_own_parts_protect_and_are_never_told() -> None:
    a, b, rest = voices(20, too_slow=10), voices(20, start=100, too_slow=10), voices(3, start=200, too_slow=3)

    found = told(FLAT, ALL=[*a, *b, *rest], A=a, B=b, own=rest)

    assert found == {"ALL": {SLOW}}


def test_a_hidden_department_tells_nothing_and_takes_a_neighbour_with_it() -> None:
    a, b = voices(20, too_slow=10), voices(20, start=100, too_slow=10)

    assert told(FLAT, ("A",), ALL=[*a, *b], A=a, B=b) == {"ALL": {SLOW}}
    assert told(FLAT, ("ALL",), ALL=[*a, *b], A=a, B=b) == {}  # what both are is what ALL is


def test_the_company_above_several_departments_tells_what_gives_none_of_them_away() -> None:
    two = Tree({}, ["A", "B"], 5)
    a, b, few = voices(20, too_slow=10), voices(20, start=100, too_slow=10), voices(3, start=200, too_slow=2)

    assert told(two, A=a, B=b, company=[*a, *b])[COMPANY] == {SLOW}
    assert told(two, A=a, B=few, company=[*a, *few]) == {"A": {SLOW}}
    assert COMPANY not in told(two, (COMPANY,), A=a, B=b, company=[*a, *b])


def test_a_document_says_that_themes_are_hidden_from_three_people_on() -> None:
    places = {REASONS: Voices(profiles_of(voices(20, too_slow=3)))}
    two_named = {REASONS: Voices(profiles_of(voices(20, too_slow=2)))}

    assert published_themes(places, {}) == ThemesTold((), has_hidden=True)
    assert published_themes(places, {REASONS: {SLOW}}).has_hidden is False
    assert published_themes(two_named, {}) == ThemesTold((), has_hidden=False)


def test_a_later_revision_repeats_what_the_one_before_told() -> None:
    rows = [{"source": "reasons", "theme": SLOW}]

    assert themes_of({"themes": rows, "suppressed": [{"what": "themes"}]}) == ThemesTold(tuple(rows), has_hidden=True)
    assert themes_of({"suppressed": []}) == ThemesTold()
    assert themes_of(None) == ThemesTold()
