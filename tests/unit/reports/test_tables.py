from app.foundations.languages import speaking
from app.reports.tables import Cell, dimension_rows, trend_rows
from app.reports.trends import trend_of
from tests.builders import scorecards as samples


def test_dimensions_stand_in_reading_order_with_hidden_ones() -> None:
    rows = dimension_rows(samples.a_document())

    assert [row.item for row in rows] == [
        "csat_overall", "timeliness", "result_quality", "communication", "effort", "trust",
    ]  # fmt: skip
    assert rows[5].internal == Cell("hidden", is_hidden=True)


def test_a_row_has_both_sides_and_the_gap() -> None:
    row = dimension_rows(samples.a_document())[0]

    assert (row.internal, row.external) == (Cell("66%", "52–78", "47"), Cell("92%", "88–95", "238"))
    assert (row.gap, row.gap_range, row.verdict, row.verdict_word, row.comparability) == (
        "−26", "−41 to −13", "worse", "lower", "A",
    )  # fmt: skip


def test_classes_b_and_c_show_means_on_both_sides() -> None:
    row = dimension_rows(samples.a_document())[3]

    assert (row.internal, row.external, row.gap) == (Cell("66", "59–72", "47"), Cell("70", "67–73", "90"), "−4")


def test_five_to_nine_people_get_a_word_and_their_number() -> None:
    row = dimension_rows(samples.a_document())[4]

    assert row.internal == Cell("more than half", "", "8")
    assert (row.external.value, row.verdict_word) == ("55", "not comparable")


def test_the_trend_says_why_a_quarter_is_empty() -> None:
    document = samples.a_document()
    earlier = {**samples.earlier(document, 2), "2026-Q1": samples.a_hidden_document()}

    with speaking("de"):
        rows = trend_rows(trend_of(document, earlier, samples.CALENDAR))

    assert [row.internal.value for row in rows] == [
        "noch nicht gemessen", "noch nicht gemessen", "noch nicht gemessen", "noch nicht gemessen",
        "noch nicht gemessen", "verborgen", "66\u00a0%", "66\u00a0%",
    ]  # fmt: skip
    assert rows[-1].quarter == "Juli bis September 2026"
