"""Funnel, clock and sides of one department, and the customers' own chart: what they say and when there is none."""

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import typst
from PIL import Image

from app.foundations.languages import speaking
from app.reports.charts import LIGHT
from app.reports.descriptions import ALT_LENGTH
from app.reports.pictures import Kind, downloads, drawings
from app.reports.pictures.importance import driver_rows
from app.reports.pictures.kinds import Drawing
from tests.builders import scorecards as samples

LANGUAGES = ["en", "ru", "pl", "de", "es"]
LONG_NAME = "Informationstechnik, Arbeitsplatzservice und Telekommunikationsdienstleistungen für alle Standorte"


def drawing_of(document: dict[str, Any], kind: Kind, language: str = "en") -> Drawing | None:
    with speaking(language):
        return drawings(document, samples.a_trend(document), [kind]).get(kind)


def texts_of(drawing: Drawing, width: int = 720) -> set[str]:
    sheet = drawing.sheet(LIGHT, width)
    assert sheet is not None
    return {box.text for box in sheet.boxes}


def test_the_funnel_says_what_each_step_lost() -> None:
    drawing = drawing_of(samples.a_document(), Kind.FUNNEL)

    assert drawing is not None
    assert drawing.about.title == "64 of 412 completed requests were rated, by 47 people."
    assert {"412", "371", "148", "146", "64", "not surveyed: 41", "not asked: 223"} <= texts_of(drawing)
    assert "44% of the delivered ones" in texts_of(drawing)


def test_the_funnel_never_says_a_few() -> None:
    drawing = drawing_of(samples.a_document(), Kind.FUNNEL)

    assert drawing is not None
    assert not any(text.startswith("not delivered") for text in texts_of(drawing))


def test_steps_that_are_not_shown_have_no_bar_and_no_reason() -> None:
    document = samples.a_document()
    del document["funnel"]["eligible"]

    drawing = drawing_of(document, Kind.FUNNEL)

    assert drawing is not None
    assert not any(text.startswith(("not surveyed", "spared", "Could be")) for text in texts_of(drawing))


def test_answers_of_an_earlier_tool_make_no_funnel() -> None:
    assert drawing_of(samples.a_document(funnel={"answered": 64, "requesters": 47}), Kind.FUNNEL) is None


def test_the_clock_shows_the_published_verdict_and_both_figures() -> None:
    drawing = drawing_of(samples.a_document(), Kind.CLOCK)

    assert drawing is not None
    assert drawing.about.title.startswith("On time by the clock, and still colleagues are not satisfied")
    assert "Requests on time: 94% (91–96, n 398). Colleagues satisfied: 66% (52–78, n 47)." in drawing.about.alt
    assert {"this department", "on time, yet not satisfied"} <= texts_of(drawing)


@pytest.mark.parametrize("state", ["too_few", None])
def test_without_due_dates_or_people_there_is_no_clock(state: str | None) -> None:
    document = samples.a_document()
    if state:
        document["sla"]["watermelon"] = state
    else:
        del document["sla"]["on_time"]

    assert drawing_of(document, Kind.CLOCK) is None


def test_eight_people_have_no_place_between_targets() -> None:
    document = samples.a_small_document()
    document["sla"] = samples.a_document()["sla"]

    assert drawing_of(document, Kind.CLOCK) is None


@pytest.mark.parametrize(
    ("inside", "outside", "title"),
    [
        ((0.9, 0.84, 0.94), (0.92, 0.88, 0.95), "IT Support is above its target with colleagues and customers."),
        (
            (0.9, 0.84, 0.94),
            (0.6, 0.5, 0.7),
            "IT Support is above its target with colleagues and below it with customers.",
        ),
        (
            (0.6, 0.5, 0.7),
            (0.92, 0.88, 0.95),
            "IT Support is above its target with customers and below it with colleagues.",
        ),
        ((0.6, 0.5, 0.7), (0.6, 0.5, 0.7), "IT Support is below its target with colleagues and customers."),
        (
            (0.75, 0.6, 0.86),
            (0.92, 0.88, 0.95),
            "It cannot be told yet where IT Support stands to its target on both sides.",
        ),
    ],
)
def test_a_department_is_placed_only_where_both_lines_stay_clear(
    inside: tuple[float, float, float], outside: tuple[float, float, float], title: str
) -> None:
    document = samples.a_document()
    document["internal"]["csat_overall"]["top_two_box"] = samples.figure(*inside)
    document["external"]["csat_overall"]["top_two_box"] = samples.figure(*outside, 238)

    drawing = drawing_of(document, Kind.SIDES)

    assert drawing is not None
    assert drawing.about.title == title


@pytest.mark.parametrize("comparability", ["D", "E"])
def test_sides_that_cannot_be_compared_are_not_placed(comparability: str) -> None:
    document = samples.a_document()
    document["gap"]["csat_overall"] = {"comparability": comparability, "verdict": "not_comparable"}

    assert drawing_of(document, Kind.SIDES) is None


def test_fewer_than_thirty_on_a_side_are_not_placed() -> None:
    document = samples.a_document()
    document["internal"]["csat_overall"]["top_two_box"] = samples.figure(0.66, 0.52, 0.78, 29)

    assert drawing_of(document, Kind.SIDES) is None


def test_customers_of_another_question_have_a_chart_of_their_own() -> None:
    drawing = drawing_of(samples.a_document_of_another_question(), Kind.CUSTOMERS)

    assert drawing is not None
    assert drawing.about.title == "Customers answered another question: their figures stand apart."
    assert "Customers in July to September 2026: 71 (68–75, n 238)." in drawing.about.alt
    assert {"Customers", "71"} <= texts_of(drawing)
    assert "Colleagues" not in texts_of(drawing)


def test_customers_of_the_same_question_have_none() -> None:
    assert drawing_of(samples.a_document(), Kind.CUSTOMERS) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["IT", LONG_NAME])
def test_alternative_texts_fit_and_nothing_is_cut(name: str, language: str) -> None:
    document = with_drivers(name)
    with speaking(language):
        found = drawings(document, samples.a_trend(document), [Kind.FUNNEL, Kind.CLOCK, Kind.SIDES, Kind.IMPORTANCE])
        other = drawings(
            samples.a_document_of_another_question(),
            samples.a_trend(samples.a_document_of_another_question()),
            [Kind.CUSTOMERS],
        )

    assert len(found | other) == 5
    for drawing in (found | other).values():
        assert len(drawing.about.alt) <= ALT_LENGTH
        for width in (360, 720):
            sheet = drawing.sheet(LIGHT, width, alone=True)
            assert sheet is not None
            assert [box for box in sheet.boxes if box.left < 0 or box.right > width] == []


def test_downloads_stand_alone_in_both_widths_and_themes() -> None:
    document = samples.a_document()
    moment = datetime(2026, 10, 16, tzinfo=UTC)

    files = dict(downloads(drawings(document, samples.a_trend(document), [Kind.FUNNEL]), moment))

    assert sorted(files) == [
        "funnel-narrow-dark.png",
        "funnel-narrow.png",
        "funnel-narrow.svg",
        "funnel-wide-dark.png",
        "funnel-wide.png",
        "funnel-wide.svg",
    ]
    assert Image.open(BytesIO(files["funnel-wide.png"])).width == 1440
    assert "64 of 412 completed requests" in files["funnel-wide.svg"].decode()


def test_drawings_become_vectors_on_paper() -> None:
    document = with_drivers()
    moment = datetime(2026, 10, 16, tzinfo=UTC)
    wished = [Kind.FUNNEL, Kind.CLOCK, Kind.SIDES, Kind.IMPORTANCE]

    files = dict(downloads(drawings(document, samples.a_trend(document), wished), moment))

    for name, data in files.items():
        if name.endswith(".svg"):
            pdf = typst.compile(
                b'#image(bytes(json(bytes(sys.inputs.picture))), format: "svg")',
                sys_inputs={"picture": json.dumps(data.decode())},
                format="pdf",
            )
            assert b"/Subtype /Image" not in pdf


def driver(item: str, estimate: float, model: str = "department") -> dict[str, Any]:
    importance = samples.figure(estimate, estimate - 0.1, estimate + 0.1, 61, "lmg_bootstrap")
    return {"dimension": item, "importance": importance, "model": model, "r_squared": 0.41, "seed": 20260101}


def with_drivers(name: str = "IT Support", model: str = "department") -> dict[str, Any]:
    weights = (("timeliness", 0.5), ("communication", 0.3), ("result_quality", 0.2))
    return samples.a_document(name, drivers=[driver(item, weight, model) for item, weight in weights])


def test_what_weighs_most_stands_beside_how_it_is_rated() -> None:
    drawing = drawing_of(with_drivers(), Kind.IMPORTANCE)

    assert drawing is not None
    assert drawing.about.title == "Start with the time it took."
    assert drawing.about.alt == (
        "Start with the time it took. The time it took: weight 50%, rated good 48%."
        " Communication along the way: weight 30%, rated good 64%. Quality of the result: weight 20%, rated good 81%."
    )
    assert {"start here", "below", "too close to tell"} <= texts_of(drawing)
    assert drawing.about.notes.startswith("The weights come from the answers about this department.")


def test_weights_of_the_company_are_called_so() -> None:
    drawing = drawing_of(with_drivers(model="company"), Kind.IMPORTANCE)

    assert drawing is not None
    assert drawing.about.notes.startswith("The weights are those of the whole company")


def test_an_aspect_that_is_hidden_here_has_a_weight_and_no_share() -> None:
    document = with_drivers(model="company")
    del document["internal"]["communication"]

    drawing = drawing_of(document, Kind.IMPORTANCE)

    assert drawing is not None
    assert "hidden" in texts_of(drawing)
    assert "Communication along the way: weight 30%, hidden." in drawing.about.alt
    assert drawing.about.notes.endswith("Hatched: hidden to protect a small group.")


@pytest.mark.parametrize("drivers", [[], [driver("timeliness", 1.0)]])
def test_fewer_than_two_weights_make_no_picture(drivers: list[dict[str, Any]]) -> None:
    assert drawing_of(samples.a_document(drivers=drivers), Kind.IMPORTANCE) is None


def test_the_table_below_has_the_values_of_the_picture() -> None:
    with speaking("en"):
        rows = driver_rows(with_drivers())

    assert [
        (row.name, row.importance.value, row.performance.value, row.performance.range, row.word) for row in rows
    ] == [
        ("The time it took", "50%", "48%", "35–62", "start here"),
        ("Communication along the way", "30%", "64%", "50–76", "below"),
        ("Quality of the result", "20%", "81%", "69–89", "too close to tell"),
    ]
