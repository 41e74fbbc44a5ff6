"""A frozen document becomes pictures with texts: same values everywhere, nothing hidden shown."""

import re
from io import BytesIO

import pytest
from PIL import Image

from app.foundations.languages import speaking
from app.reports.charts import LIGHT, NARROW, WIDE
from app.reports.descriptions import ALT_LENGTH, alternative
from app.reports.pictures import Kind, drawings, mail_picture, page_pictures, print_pictures
from tests.builders import scorecards as samples

LONG_NAME = "Informationstechnik, Arbeitsplatzservice und Telekommunikationsdienstleistungen für alle Standorte"
LANGUAGES = ["en", "ru", "pl", "de", "es"]


def test_the_mail_picture_is_a_light_png_shown_504_wide_with_its_numbers_in_words() -> None:
    document = samples.a_document()

    picture = mail_picture(document, samples.a_trend(document), "en")

    assert picture is not None
    assert (picture.width, Image.open(BytesIO(picture.data)).width) == (504, 1200)
    assert picture.about.title == ("Colleagues are less satisfied with IT Support than customers are: 66% against 92%.")
    assert picture.about.alt == (
        "Colleagues are less satisfied with IT Support than customers are: 66% against 92%."
        " Colleagues in July to September 2026: 66% (52–78, n 47)."
        " Customers in July to September 2026: 92% (88–95, n 238)."
        " Share of satisfied and very satisfied, per quarter."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["IT", LONG_NAME])
def test_every_alternative_text_fits_and_has_the_newest_value(name: str, language: str) -> None:
    document = samples.a_document(name)

    for picture in page_pictures(document, samples.a_trend(document), language):
        assert len(picture.about.alt) <= ALT_LENGTH
        assert re.search(r"66|−26|64", picture.about.alt)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_text_is_cut_in_any_language(width: int, language: str) -> None:
    document = samples.a_document(LONG_NAME)
    trend = samples.a_trend(document)

    with speaking(language):
        sheets = [drawing.sheet(LIGHT, width) for drawing in drawings(document, trend, Kind).values()]

    assert len(sheets) == 6
    for sheet in sheets:
        assert sheet is not None
        assert [box for box in sheet.boxes if box.left < 0 or box.right > width] == []


def test_a_page_gets_every_chart_in_both_layouts_with_distinct_ids() -> None:
    document = samples.a_document()

    drawn = page_pictures(document, samples.a_trend(document), "de")

    assert [picture.kind for picture in drawn] == [Kind.TREND, Kind.DISTRIBUTION, Kind.GAPS, Kind.FUNNEL, Kind.CLOCK]
    ids = [found for picture in drawn for found in re.findall(r'id="([^"]+)"', picture.narrow + picture.wide)]
    assert len(ids) == len(set(ids))


def test_a_print_picture_has_literal_colours() -> None:
    document = samples.a_document()

    drawn = print_pictures(document, samples.a_trend(document), "en")

    assert [picture.svg.count("class=") for picture in drawn] == [1, 1, 1]  # of the root only
    assert all("#0e5f78" in picture.svg or "#b3261e" in picture.svg for picture in drawn)


def test_a_hidden_department_has_no_picture_of_answers() -> None:
    document = samples.a_hidden_document()
    trend = samples.a_trend(document)

    assert mail_picture(document, trend, "en") is None
    assert [picture.kind for picture in page_pictures(document, trend, "en")] == [Kind.FUNNEL]


def test_a_small_department_has_a_trend_in_words_and_no_other_picture_of_answers() -> None:
    document = samples.a_small_document()

    drawn = page_pictures(document, samples.a_trend(document), "en")

    assert [picture.kind for picture in drawn] == [Kind.TREND, Kind.FUNNEL]
    assert "more than half (n 8)" in drawn[0].about.alt
    assert "60%" not in drawn[0].about.alt
    assert "Wide pale line" in drawn[0].about.notes


def test_without_customers_the_subtitle_says_so() -> None:
    document = samples.a_document_without_customers()

    picture = mail_picture(document, samples.a_trend(document), "en")

    assert picture is not None
    assert picture.about.subtitle.endswith("There is no customer score to set beside it.")


def test_customers_of_another_question_are_not_drawn() -> None:
    document = samples.a_document()
    document["gap"]["csat_overall"] = {"comparability": "D", "verdict": "not_comparable"}
    trend = samples.a_trend(document)

    picture = mail_picture(document, trend, "en")

    assert picture is not None
    assert not trend.has_customers
    assert "Customers in" not in picture.about.alt
    assert "their figures stand alone in the table" in picture.about.subtitle


def test_an_overlong_title_gives_way_to_the_numbers() -> None:
    assert alternative("x" * 200, ["Colleagues in 2026-Q3: 66%."]) == "Colleagues in 2026-Q3: 66%."
    assert alternative("word " * 80, []) == ("word " * 49).rstrip() + "…"
