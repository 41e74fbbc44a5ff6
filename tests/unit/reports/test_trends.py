from app.reports.published import Measure, PointState
from app.reports.trends import trend_of
from tests.builders import scorecards as samples


def test_a_trend_has_always_eight_quarters_the_newest_last() -> None:
    document = samples.a_document()

    trend = trend_of(document, {}, samples.CALENDAR)

    assert [point.period for point in trend.points] == [
        "2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3",
    ]  # fmt: skip
    assert [point.state for point in trend.points] == [PointState.NOT_MEASURED] * 7 + [PointState.SHOWN]


def test_a_quarter_between_documents_has_no_answers() -> None:
    document = samples.a_document()
    earlier = samples.earlier(document)
    del earlier["2026-Q1"]

    trend = trend_of(document, earlier, samples.CALENDAR)

    assert trend.points[5].state is PointState.NO_ANSWERS


def test_a_quarter_that_may_not_be_shown_is_hidden() -> None:
    document = samples.a_document()
    earlier = {**samples.earlier(document), "2026-Q2": samples.a_hidden_document()}

    point = trend_of(document, earlier, samples.CALENDAR).points[6]

    assert (point.state, point.internal) == (PointState.HIDDEN, None)


def test_customers_stand_beside_colleagues_where_the_question_is_the_same() -> None:
    document = samples.a_document()

    trend = trend_of(document, samples.earlier(document), samples.CALENDAR)

    assert trend.measure is Measure.SHARE
    assert [point.external is not None for point in trend.points] == [True] * 8


def test_classes_b_and_c_are_compared_by_means() -> None:
    document = samples.a_document()
    document["gap"]["csat_overall"] = {"comparability": "B", "verdict": "worse"}
    document["external"]["csat_overall"] = {"score_0_100": samples.figure(79.3, 77.0, 81.2)}

    trend = trend_of(document, samples.earlier(document), samples.CALENDAR)

    assert trend.measure is Measure.SCORE
    assert [(point.internal and point.internal.estimate) for point in trend.points] == [64.2] * 8


def test_an_earlier_quarter_of_another_class_shows_colleagues_only() -> None:
    document = samples.a_document()
    earlier = samples.earlier(samples.a_document())
    earlier["2026-Q2"]["gap"]["csat_overall"]["comparability"] = "D"

    point = trend_of(document, earlier, samples.CALENDAR).points[6]

    assert point.internal is not None
    assert point.external is None


def test_a_quarter_with_new_questions_is_marked() -> None:
    document = samples.a_document()
    earlier = samples.earlier(samples.a_document())
    document["method"]["instrument_versions"] = ["csat-4"]

    trend = trend_of(document, earlier, samples.CALENDAR)

    assert [point.new_questions for point in trend.points] == [False] * 7 + [True]
