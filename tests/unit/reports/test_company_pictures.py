"""HR's pictures: what they say, in which order, and what may not decide about them."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from matplotlib.colors import to_hex

from app.domain.periods import Calendar
from app.foundations.languages import speaking
from app.reports.charts import LIGHT
from app.reports.descriptions import ALT_LENGTH
from app.reports.pictures.company import CompanyKind, FrozenCard, company_drawings
from app.reports.pictures.kinds import Drawing
from app.reports.trends import trend_of
from tests.builders import company as samples
from tests.builders import scorecards

LANGUAGES = ["en", "ru", "pl", "de", "es"]


def calendar() -> Calendar:
    return scorecards.a_trend(scorecards.a_document()).calendar


def drawing_of(
    kind: CompanyKind,
    document: dict[str, Any] | None = None,
    cards: dict[str, FrozenCard] | None = None,
    language: str = "en",
) -> Drawing | None:
    document = document or samples.a_company()
    with speaking(language):
        return company_drawings(
            document, samples.cards() if cards is None else cards, samples.NAMES, calendar(), [kind]
        ).get(kind)


def texts_of(drawing: Drawing, width: int = 720) -> list[str]:
    sheet = drawing.sheet(LIGHT, width)
    assert sheet is not None
    return [box.text for box in sheet.boxes]


def slanted_of(drawing: Drawing) -> list[str]:
    sheet = drawing.sheet(LIGHT, 720)
    assert sheet is not None
    return [text.get_text() for text in sheet.axes.texts if text.get_rotation()]


def test_the_matrix_begins_with_the_least_satisfied_provider() -> None:
    drawing = drawing_of(CompanyKind.MATRIX)

    assert drawing is not None
    assert slanted_of(drawing)[:3] == ["Facility Management", "Kundendienst und Rekl…", "IT Service Desk"]
    assert drawing.about.title.startswith("Clearly below the company: ")
    assert "Hidden altogether: Reception." in drawing.about.notes


def test_a_cell_is_coloured_by_the_share_that_it_prints() -> None:
    document = samples.a_company()
    cells = [cell for cell in document["service_matrix"]["cells"] if "shrunken" in cell]
    for cell in cells:
        cell |= {"top_two_box": scorecards.figure(0.895, 0.8, 0.95, 24), "shrunken": 0.66, "volume_band": 4}

    drawing = drawing_of(CompanyKind.MATRIX, document)

    assert drawing is not None
    assert {text for text in texts_of(drawing) if text.isdigit()} == {"90"}
    sheet = drawing.sheet(LIGHT, 720)
    assert sheet is not None
    painted = Counter(to_hex(patch.get_facecolor()) for patch in sheet.axes.patches)
    assert (painted[LIGHT.seq_6], painted[LIGHT.seq_2]) == (len(cells) + 1, 1)  # and one of each in the key


def test_what_finds_no_room_in_a_narrow_picture_is_said_to_stand_in_the_table() -> None:
    ten, few = samples.a_company(), samples.a_company()
    matrix = few["service_matrix"]
    kept = sorted(matrix["requesters"])[:6]
    matrix |= {
        "providers": kept,
        "requesters": kept,
        "cells": [cell for cell in matrix["cells"] if {cell["provider"], cell["requester"]} <= set(kept)],
        "hidden": [],
        "hidden_providers": [],
    }

    said = [drawing_of(CompanyKind.MATRIX, document) for document in (ten, few)]

    notes = [drawing.about.notes for drawing in said if drawing is not None]
    assert ["the table has them" in words for words in notes] == [True, False]


def test_one_provider_below_the_company_is_named() -> None:
    document = samples.a_company()
    for cell in document["service_matrix"]["cells"]:
        cell.pop("flag", None)
    for cell in [cell for cell in document["service_matrix"]["cells"] if cell["provider"] == "IT"][:2]:
        cell["flag"] = "lower"

    drawing = drawing_of(CompanyKind.MATRIX, document)

    assert drawing is not None
    assert drawing.about.title == "IT Service Desk is clearly below the company for 2 of the departments that ask it."
    assert "IT Service Desk ← " in drawing.about.alt


def test_a_matrix_without_evidence_says_so() -> None:
    document = samples.a_company()
    for cell in document["service_matrix"]["cells"]:
        cell.pop("flag", None)

    drawing = drawing_of(CompanyKind.MATRIX, document)

    assert drawing is not None
    assert drawing.about.title == "No pair of departments can be told apart from the company as a whole."
    assert "clearly below the company" not in texts_of(drawing)


def test_few_people_and_hidden_pairs_have_no_number() -> None:
    document = samples.a_company()
    matrix = document["service_matrix"]
    coarse = [cell for cell in matrix["cells"] if cell["top_two_box"]["method"] == "wilson_coarse"]
    matrix["cells"] = [*coarse, *(cell for cell in matrix["cells"] if cell not in coarse)][: len(coarse) + 1]

    drawing = drawing_of(CompanyKind.MATRIX, document)

    assert drawing is not None
    assert coarse
    assert not any(text.isdecimal() and len(text) == 2 for text in texts_of(drawing)[:-9])


def test_order_and_size_of_the_matrix_know_nothing_of_hidden_pairs() -> None:
    document, other = samples.a_company(), samples.a_company()
    other["service_matrix"]["hidden"] = []

    first, second = drawing_of(CompanyKind.MATRIX, document), drawing_of(CompanyKind.MATRIX, other)

    assert first is not None
    assert second is not None
    assert slanted_of(first) == slanted_of(second)


def test_a_phone_sees_the_six_least_satisfied_providers() -> None:
    drawing = drawing_of(CompanyKind.MATRIX)

    assert drawing is not None
    sheet = drawing.sheet(LIGHT, 360)
    assert sheet is not None
    assert len([text for text in sheet.axes.texts if text.get_rotation()]) == 6


def test_departments_that_differ_are_named_in_the_funnel_plot() -> None:
    drawing = drawing_of(CompanyKind.DEPARTMENTS)

    assert drawing is not None
    assert drawing.about.title == "4 of 10 departments differ from the company by more than chance."
    assert "Customer Support: 90% (n 240)." in drawing.about.alt
    assert {"Customer Support", "IT Service Desk", "company 77%", "limit of 95%", "limit of 99.8%"} <= set(
        texts_of(drawing)
    )
    assert "Payroll" not in texts_of(drawing)


def test_that_departments_spread_more_than_chance_is_noted_where_the_document_says_so() -> None:
    said = {"key": "departments_overdispersed", "params": {"times": 2.4}}

    drawing, silent = (
        drawing_of(CompanyKind.DEPARTMENTS, samples.a_company(sentences=[said])),
        drawing_of(CompanyKind.DEPARTMENTS),
    )

    assert drawing is not None
    assert silent is not None
    assert "Departments spread more than chance alone would make them" in drawing.about.notes
    assert "spread more than chance" not in silent.about.notes


def test_where_departments_do_not_differ_none_is_flagged() -> None:
    drawing = drawing_of(CompanyKind.DEPARTMENTS, samples.a_company(differ=False))

    assert drawing is not None
    assert drawing.about.title == "Departments do not differ measurably this quarter."
    assert "Customer Support" not in texts_of(drawing)


def test_where_none_stands_out_the_picture_says_that_departments_differ_together() -> None:
    document = samples.a_company()
    for row in document["departments"]:
        row.pop("flag", None)
        row["rank"] = [1, 10]

    funnel, ranks = (drawing_of(kind, document) for kind in (CompanyKind.DEPARTMENTS, CompanyKind.RANKS))

    assert funnel is not None
    assert ranks is not None
    assert funnel.about.title.startswith("Together, departments differ by more than chance, but no single one")
    assert ranks.about.title == "Of no department is it sure that it ranks in the upper or the lower third."


def test_departments_with_few_people_are_counted_in_the_foot() -> None:
    document = samples.a_company()
    row = document["departments"][0]
    row |= {"top_two_box": scorecards.figure(0.6, 0.3, 0.9, 7, "wilson_coarse")}
    del row["shrunken"]

    drawing = drawing_of(CompanyKind.DEPARTMENTS, document)

    assert drawing is not None
    assert drawing.about.notes.endswith("Not shown, with fewer than ten people: 1.")


def test_ranks_are_intervals_and_mostly_cannot_be_told_apart() -> None:
    drawing = drawing_of(CompanyKind.RANKS)

    assert drawing is not None
    assert drawing.about.title == ("Most ranks cannot be told apart. Surely in the upper third: 1, in the lower: 1.")
    assert drawing.about.alt.endswith("Upper third: Customer Support. Lower third: Facility Management.")
    assert {"▲ Customer Support", "▼ Facility Management", "IT Service Desk"} <= set(texts_of(drawing))


def test_without_ranks_in_the_document_there_is_no_picture() -> None:
    document = samples.a_company()
    for row in document["departments"]:
        del row["rank"]

    assert drawing_of(CompanyKind.RANKS, document) is None


def test_only_placed_departments_are_named_among_all() -> None:
    drawing = drawing_of(CompanyKind.SIDES)

    assert drawing is not None
    assert drawing.about.title == "5 of 9 departments can be placed, the others are undecided."
    assert "Not shown, with fewer than 30 answers on a side: 1." in drawing.about.notes
    assert "Strong on both sides: Customer Support." in drawing.about.alt
    assert "Payroll" not in texts_of(drawing)


def test_departments_with_targets_of_their_own_have_no_common_line() -> None:
    cards = samples.cards() | {"IT": samples.a_card("IT", target=0.9)}

    drawing = drawing_of(CompanyKind.CLOCKS, cards=cards)

    assert drawing is not None
    assert "Each department has targets of its own." in drawing.about.subtitle


def test_departments_on_time_that_leave_colleagues_dissatisfied_are_counted_and_named() -> None:
    drawing = drawing_of(CompanyKind.CLOCKS)

    assert drawing is not None
    assert drawing.about.title == "3 departments are on time and still leave colleagues dissatisfied."
    assert "Facility Management, IT Service Desk, Kundendienst und Reklamationsbearbeitung." in drawing.about.alt


def test_small_frames_begin_with_those_that_differ() -> None:
    drawing = drawing_of(CompanyKind.MULTIPLES)

    assert drawing is not None
    assert drawing.about.title == "Clearly below the company: 3 of 10 departments, clearly above: 1."
    names = [text for text in texts_of(drawing) if text.startswith(("▼", "▲"))]
    assert names == ["▼ Facility", "▼ IT Service Desk", "▼ Kundendienst", "▲ Customer"]
    assert {"12/2024", "09/2026"} <= set(texts_of(drawing))


def test_small_frames_are_shares_also_where_a_department_is_compared_by_means() -> None:
    cards = samples.cards()
    document = cards["IT"].document
    by_means = {"comparability": "B", "verdict": "worse", "score_0_100": scorecards.gap(-4, -6, -2)}
    outside = {"score_0_100": scorecards.figure(80, 75, 85, 238)}
    changed = dict(document) | {"gap": {"csat_overall": by_means}, "external": {"csat_overall": outside}}
    cards["IT"] = replace(cards["IT"], document=changed)

    drawing = drawing_of(CompanyKind.MULTIPLES, cards=cards)

    assert drawing is not None
    assert trend_of(changed, {}, calendar()).measure == "score"
    assert {"40", "100"} <= set(texts_of(drawing))


@pytest.mark.parametrize("kind", [CompanyKind.SIDES, CompanyKind.CLOCKS, CompanyKind.MULTIPLES])
def test_one_department_is_no_company(kind: CompanyKind) -> None:
    assert drawing_of(kind, cards={"IT": samples.a_card("IT")}) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CompanyKind)
def test_alternative_texts_fit_and_nothing_is_cut(kind: CompanyKind, language: str) -> None:
    drawing = drawing_of(kind, language=language)

    assert drawing is not None
    assert len(drawing.about.alt) <= ALT_LENGTH
    for width in (360, 720):
        sheet = drawing.sheet(LIGHT, width, alone=True)
        assert sheet is not None
        assert [box.text for box in sheet.boxes if box.left < 0 or box.right > width or box.bottom > sheet.height] == []
