"""The walk over a document: no number of colleagues is overlooked, whatever blocks there are."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.domain.disclosure import (
    NOT_OF_COLLEAGUES,
    SAID_AGAIN,
    Name,
    UnnamedFigure,
    figures_of,
    hidden_figure,
    hidden_in,
    without,
)
from app.domain.instruments import Item
from app.domain.scorecards.clock import WorkFigures
from app.domain.scorecards.counts_told import new_counts, without_counts
from app.domain.scorecards.funnel import FunnelFigures
from app.domain.scorecards.loop import LoopFigures
from tests.builders.culture import ASKED, VOICES, company, culture, scorecard
from tests.builders.figures import answered, document, figures, outside, rated, told
from tests.builders.scorecards import a_document

#: Numbers that are ours, or follow from printed ones, wherever they stand.
OURS = {"target", "satisfaction_target", "target_hours", "seed", "phase", "limits", "centre"}
OURS |= {"score_limits", "score_centre"}


def a_full_scorecard() -> dict[str, Any]:
    """Return a document of a department about which everything is known."""
    items = {item: answered([[5], [4], [2]] * 20, item) for item in Item}
    funnel = {"completed": 90, "eligible": 80, "invited": 70, "delivered": 69, "answered": 60, "quarantine": 10}
    work = WorkFigures(90, 90, 80, 70, 9, 12, {9: 60}, {20: 90}, {30: 9}, {31: 9}, stuck=6, days=92)
    whole = rated(60, 40)
    return document(
        figures(
            items,
            cuts={
                "on_time": {"yes": rated(40, 30), "no": rated(20, 10)},
                "request_type": {"access": whole, "repair": whole},
                "requester_department": {"A.B": whole, "C:D": whole},
                "month": {"2026-07": whole, "2026-08": whole, "2026-09": whole},
                "requester_tag": {"key": whole, "other": whole},
            },
            dimensions={Item.CSAT_OVERALL: outside(told(counts=(2, 4, 14, 60, 120)))},
            funnel=FunnelFigures(funnel, 65, imported=7),
            work=work,
            types={"access": work, "repair": work},
            loop=LoopFigures(20, 10, 8, 5.0, 9),
            not_applicable={"timeliness": 6},
            late_feeling=answered([[5], [1]] * 20, Item.TIMELINESS),
        )
    )


def hr_document() -> dict[str, Any]:
    departments = [scorecard(code, (39, 60), {"HR": (14, 30), "SALES": (25, 30)}) for code in ("IT", "LEGAL")]
    return culture(*departments, company=company(), asked=ASKED, voices=VOICES)


DOCUMENTS = {"scorecard": a_full_scorecard, "shown": a_document, "culture": hr_document}


def numbers_in(value: Any) -> Iterator[float]:
    """Yield every number but those that are ours."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in OURS:
                yield from numbers_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_in(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_number_of_a_document_is_walked_or_stands_in_a_block_that_tells_nothing_new(kind: str) -> None:
    found = DOCUMENTS[kind]()
    blocks = {key: value for key, value in found.items() if key not in NOT_OF_COLLEAGUES | SAID_AGAIN}

    walked = [number for figure in figures_of(found) for number in numbers_in(figure.printed)]

    assert sorted(walked) == sorted(numbers_in(blocks))
    assert len({figure.name for figure in figures_of(found)}) == len(list(figures_of(found)))


def test_a_block_that_nobody_thought_of_is_walked_too() -> None:
    found = {
        "moods": [{"theme": "waiting", "share": {"estimate": 0.4, "n": 12}, "people": 5}],
        "new": {"deep": {"n": 7}},
    }

    assert {figure.name: figure.printed for figure in figures_of(found)} == {
        Name("moods", "waiting", "share"): {"estimate": 0.4, "n": 12},
        Name("moods", "waiting", "people"): 5,
        Name("new", "deep", "n"): 7,
    }


def test_rows_of_several_cuts_have_names_of_their_own() -> None:
    rows = [{"cut": "on_time", "value": "yes", "rate": 0.4}, {"cut": "reopened", "value": "yes", "rate": 0.5}]

    assert [figure.name for figure in figures_of({"funnel": {"response_by": rows}})] == [
        Name("funnel", "response_by", "on_time:yes.rate"),
        Name("funnel", "response_by", "reopened:yes.rate"),
    ]


def test_rows_that_nothing_names_are_refused() -> None:
    for rows in ([{"share": 0.4}], [{"value": "a", "share": 0.4}, {"share": 0.1}, {"share": 0.2}]):
        with pytest.raises(UnnamedFigure, match="rows of moods have none of the names"):
            list(figures_of({"moods": rows}))


def test_one_row_without_a_name_beside_others_is_the_rest() -> None:
    found = {"operations": {"open_ages": [{"value": "week", "requests": 9}, {"requests": 7}]}}

    assert [figure.name.part for figure in figures_of(found)] == ["week.requests", "/rest.requests"]


def test_a_row_of_words_is_told_as_a_row_and_rows_of_earlier_quarters_are_not() -> None:
    found = {
        "comments": [{"id": "a1", "text": "Quick and kind."}],
        "trend_months": [{"period": "2026-06", "top_two_box": 0.5}, {"value": "2026-07", "top_two_box": 0.6}],
    }

    assert [(figure.name, figure.printed) for figure in figures_of(found)] == [
        (Name("comments", "a1"), None),
        (Name("trend_months", "2026-07", "top_two_box"), 0.6),
    ]


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("internal", Name("internal")),
        ("internal.effort", Name("internal", "effort")),
        ("by_on_time:yes", Name("by_on_time", "yes")),
        ("by_requester_department:A.B", Name("by_requester_department", "A.B")),
        ("service_matrix:IT:HR", Name("service_matrix", "IT:HR")),
    ],
)
def test_a_hidden_figure_has_the_name_that_it_would_have_if_it_were_told(what: str, name: Name) -> None:
    assert hidden_figure(what) == name
    assert list(hidden_in({"suppressed": [{"what": what, "why": "protects_a_small_group"}]})) == [name]


def test_what_is_left_out_leaves_no_row_without_figures_behind() -> None:
    found: dict[str, Any] = {
        "themes": [{"theme": "waiting", "share": 0.5}, {"theme": "tone", "share": 0.2}],
        "operations": {"open": 7, "by_request_type": [{"value": "access", "open": 6}]},
    }

    bare = without(found, {Name("themes", "waiting", "share"), Name("operations", "by_request_type", "access.open")})

    assert bare == {"themes": [{"theme": "tone", "share": 0.2}], "operations": {"open": 7}}
    assert found["operations"]["by_request_type"] == [{"value": "access", "open": 6}]


def test_a_later_revision_tells_counts_of_any_block_only_as_they_were_told() -> None:
    first = a_full_scorecard() | {"moods": {"tired": 6, "awake": 9}}
    before = {figure.name: figure.printed for figure in figures_of(first)}
    later = first | {"moods": {"tired": 7, "awake": 9}, "loop": first["loop"] | {"thanks": 10}}
    later["internal"] = first["internal"] | {"trust": {"top_two_box": {"estimate": 0.9, "n": 70, "answers": 70}}}
    later["operations"] = first["operations"] | {"open": 10}

    assert new_counts(before, first) == frozenset()
    assert new_counts(before, later) == {Name("moods", "tired"), Name("loop", "thanks"), Name("operations", "open")}
    assert without_counts(first | {"moods": {}, "loop": {}, "operations": {}, "sla": {}}) == without_counts(first)
    assert without_counts(later) != without_counts(first)
