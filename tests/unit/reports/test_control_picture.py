"""Months against the limits of chance: title, labels, table, and when there is no picture."""

from typing import Any

import pytest

from app.foundations.languages import speaking
from app.reports.charts import LIGHT
from app.reports.descriptions import ALT_LENGTH
from app.reports.pictures import Kind, drawings
from app.reports.pictures.control import month_rows
from app.reports.pictures.kinds import Drawing
from tests.builders import scorecards as samples

MONTHS = [f"{2025 + number // 12}-{number % 12 + 1:02}" for number in range(9, 21)]  # October 2025 to September 2026


def a_row(month: str, share: float, *, rule: str = "", n: int = 40, **changed: Any) -> dict[str, Any]:
    row = {
        "value": month,
        "top_two_box": samples.figure(share, share - 0.1, min(share + 0.1, 1.0), n),
        "signal": bool(rule),
        "limits": [0.65, 0.99],
        "centre": 0.82,
        "phase": 1,
        **changed,
    }
    return row | ({"rule": rule} if rule else {})


def a_year(**rules: str) -> list[dict[str, Any]]:
    shares = {"outside": 0.55, "run": 0.74, "near_limit": 0.95}
    return [
        a_row(
            month, shares.get(rules.get(f"m{month[-2:]}", ""), 0.83), rule=rules.get(f"m{month[-2:]}", ""), n=30 + place
        )
        for place, month in enumerate(MONTHS)
    ]


def drawing_of(rows: list[dict[str, Any]], language: str = "en", **changed: Any) -> Drawing | None:
    document = samples.a_document(trend_months=rows, **changed)
    with speaking(language):
        return drawings(document, samples.a_trend(document), [Kind.CONTROL]).get(Kind.CONTROL)


def texts_of(drawing: Drawing, width: int = 720) -> list[str]:
    sheet = drawing.sheet(LIGHT, width)
    assert sheet is not None
    return [box.text for box in sheet.boxes]


def test_months_without_a_signal_say_that_chance_explains_them() -> None:
    drawing = drawing_of(a_year())

    assert drawing is not None
    assert drawing.about.title == "Over 12 months no lasting shift beyond chance."
    assert drawing.about.notes == (
        "Between 30 and 41 people a month. Inside the grey band chance alone explains the ups and downs."
    )
    assert {"average 82%", "upper limit", "lower limit"} <= set(texts_of(drawing))


def test_each_run_of_signals_has_one_label_with_its_rule() -> None:
    drawing = drawing_of(a_year(m01="outside", m06="run", m07="run", m08="run"))

    assert drawing is not None
    assert drawing.about.title == "Satisfaction was lower than chance explains, first in January 2026."
    assert sorted(text for text in texts_of(drawing) if "below" in text) == ["8 in a row below", "below the limit"]
    assert "January 2026: 55% (n 33)." in drawing.about.alt


@pytest.mark.parametrize(
    ("rules", "title"),
    [
        ({"m03": "near_limit"}, "Satisfaction was higher than chance explains, first in March 2026."),
        (
            {"m03": "near_limit", "m01": "outside"},
            "Satisfaction moved more than chance explains, first in January 2026.",
        ),
    ],
)
def test_the_title_says_in_which_direction(rules: dict[str, str], title: str) -> None:
    drawing = drawing_of(a_year(**rules))

    assert drawing is not None
    assert drawing.about.title == title


def test_a_signal_whose_rule_is_not_told_is_a_signal() -> None:
    rows = a_year()
    rows[3] |= {"signal": True, "top_two_box": samples.figure(0.7, 0.6, 0.8, 40)}

    drawing = drawing_of(rows)

    assert drawing is not None
    assert "signal: lower" in texts_of(drawing)


def test_without_limits_it_is_too_early() -> None:
    rows = [{key: row[key] for key in ("value", "top_two_box", "signal")} for row in a_year()[:5]]

    drawing = drawing_of(rows)

    assert drawing is not None
    assert drawing.about.title == "Too early for limits: 5 months so far."
    assert "too early for limits" in texts_of(drawing)
    assert "upper limit" not in texts_of(drawing)


def test_months_that_are_missing_break_the_line() -> None:
    rows = [row for row in a_year() if row["value"][-2:] not in {"01", "02", "03"}]

    drawing = drawing_of(rows)

    assert drawing is not None
    assert "not shown" in texts_of(drawing)


def test_hidden_months_of_the_quarter_are_hatched_and_named() -> None:
    hidden = [{"what": "trend_months", "why": "protects_a_small_group"}]

    drawing = drawing_of(a_year()[:9], suppressed=hidden)

    assert drawing is not None
    assert "hidden" in texts_of(drawing)
    assert drawing.about.notes.endswith("Hatched: hidden to protect a small group.")


def test_new_questions_begin_new_limits() -> None:
    rows = [row | {"phase": 1 + (place > 5)} for place, row in enumerate(a_year())]

    drawing = drawing_of(rows)

    assert drawing is not None
    assert "Dotted: limits begin anew, since the questions are new." in drawing.about.notes


def test_one_month_of_few_people_leaves_the_picture_out() -> None:
    rows = a_year()
    rows[4]["top_two_box"] = samples.figure(0.6, 0.3, 0.9, 8, "wilson_coarse")

    assert drawing_of(rows) is None


def test_the_months_of_one_quarter_make_no_picture() -> None:
    assert drawing_of(a_year()[:3]) is None


def test_the_table_below_has_limits_and_signals() -> None:
    document = samples.a_document(trend_months=a_year(m01="outside"))
    with speaking("en"):
        rows = month_rows(document, samples.a_trend(document).calendar)

    assert [(row.name, row.value.value, row.limits, row.signal) for row in rows[2:5]] == [
        ("December 2025", "83%", "65–99", ""),
        ("January 2026", "55%", "65–99", "below the limit"),
        ("February 2026", "83%", "65–99", ""),
    ]


@pytest.mark.parametrize("language", ["en", "ru", "pl", "de", "es"])
def test_alternative_texts_fit_and_nothing_is_cut(language: str) -> None:
    drawing = drawing_of(a_year(m01="outside", m03="near_limit", m06="run", m07="run"), language)

    assert drawing is not None
    assert len(drawing.about.alt) <= ALT_LENGTH
    for width in (360, 720):
        sheet = drawing.sheet(LIGHT, width, alone=True)
        assert sheet is not None
        assert [box.text for box in sheet.boxes if box.left < 0 or box.right > width] == []
