"""What holds for every chart: nothing cut, nothing covered, same bytes, themeable, and its own states."""

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.reports.charts import (
    DARK,
    LIGHT,
    NARROW,
    PAGE,
    WIDE,
    ControlChart,
    DistributionChart,
    FunnelChart,
    FunnelPlotChart,
    GapChart,
    Head,
    ImportanceChart,
    MatrixChart,
    MultiplesChart,
    Palette,
    QuadrantChart,
    RankChart,
    Sheet,
    TrendChart,
    draw_control,
    draw_distribution,
    draw_funnel,
    draw_funnel_plot,
    draw_gaps,
    draw_importance,
    draw_matrix,
    draw_multiples,
    draw_quadrant,
    draw_ranks,
    draw_trend,
    png,
    svg,
)
from app.reports.charts.palettes import MARKS
from app.reports.charts.sheets import drawable, text_width, wrap
from app.reports.published import PointState, TrendPoint
from tests.builders import charts as samples
from tests.builders import hr_charts as hr_samples
from tests.builders import more_charts as more_samples

FROZEN_AT = datetime(2026, 10, 16, tzinfo=UTC)
LONG = Head(
    "Die Kolleginnen und Kollegen sind mit „Informationstechnik und Arbeitsplatzservice 🚀“ weniger zufrieden",
    "Anteil zufrieden oder sehr zufrieden",
    "Unter den Quartalen: wie viele Personen geantwortet haben.",
)


Chart = (
    TrendChart
    | DistributionChart
    | GapChart
    | FunnelChart
    | QuadrantChart
    | ImportanceChart
    | ControlChart
    | MatrixChart
    | FunnelPlotChart
    | MultiplesChart
    | RankChart
)
DRAW: dict[type, Callable[[Any, Palette, int], Sheet | None]] = {
    TrendChart: draw_trend,
    DistributionChart: draw_distribution,
    GapChart: draw_gaps,
    FunnelChart: draw_funnel,
    QuadrantChart: draw_quadrant,
    ImportanceChart: draw_importance,
    ControlChart: draw_control,
    MatrixChart: draw_matrix,
    FunnelPlotChart: draw_funnel_plot,
    MultiplesChart: draw_multiples,
    RankChart: draw_ranks,
}


def draw(chart: Chart, palette: Palette, width: int) -> Sheet:
    sheet = DRAW[type(chart)](chart, palette, width)
    assert sheet is not None
    return sheet


Builder = Callable[[], Chart]
EVERY_CHART: list[Builder] = [
    samples.a_normal_trend,
    samples.a_trend_with_gaps,
    samples.a_young_trend_in_russian,
    samples.a_score_trend_in_german,
    samples.a_distribution,
    samples.an_extreme_distribution,
    samples.a_small_distribution,
    samples.gaps_in_all_states,
    samples.gaps_in_russian,
    more_samples.a_funnel,
    more_samples.a_funnel_in_german,
    more_samples.a_quadrant,
    more_samples.an_own_quadrant_in_german,
    more_samples.a_watermelon,
    more_samples.an_own_watermelon,
    more_samples.priorities,
    more_samples.months_with_signals,
    more_samples.months_in_two_phases,
    more_samples.months_too_early_in_polish,
    hr_samples.a_matrix,
    hr_samples.a_small_matrix,
    hr_samples.a_funnel_plot,
    hr_samples.a_funnel_plot_of_two,
    hr_samples.multiples,
    hr_samples.two_multiples,
    hr_samples.ranks,
    hr_samples.ranks_in_russian,
    more_samples.priorities_in_russian,
]
every_chart = pytest.mark.parametrize("build", EVERY_CHART, ids=lambda build: build.__name__)
every_width = pytest.mark.parametrize("width", [NARROW, WIDE])


@every_chart
@every_width
@pytest.mark.parametrize("head", [None, LONG], ids=["in a page", "alone"])
def test_no_text_is_cut_or_covers_another(build: Builder, width: int, head: Head | None) -> None:
    sheet = draw(replace(build(), head=head), LIGHT, width)

    assert [
        box for box in sheet.boxes if box.left < 0 or box.right > width or box.top < 0 or box.bottom > sheet.height
    ] == []
    assert [
        (one.text, other.text)
        for one, other in combinations(sheet.boxes, 2)
        if min(one.right, other.right) - max(one.left, other.left) > 0.5
        and min(one.bottom, other.bottom) - max(one.top, other.top) > 0.5
    ] == []


@cache
def drawn(build: Builder, width: int) -> str:
    """Return a drawing for a page; a property of it needs no second one."""
    return svg(draw(build(), PAGE, width), key="trend", title="Who & what", description="Numbers")


@every_chart
@every_width
def test_a_drawing_for_a_page_is_small(build: Builder, width: int) -> None:
    assert len(drawn(build, width).encode()) <= 60_000


@every_chart
def test_the_same_values_give_the_same_bytes(build: Builder) -> None:
    first, second = (png(draw(build(), LIGHT, NARROW), FROZEN_AT) for _ in range(2))

    assert first == second
    assert drawn(build, WIDE) == drawn.__wrapped__(build, WIDE)


@every_chart
def test_a_drawing_for_a_page_has_no_colour_and_no_style_of_its_own(build: Builder) -> None:
    drawing = drawn(build, WIDE)

    assert re.findall(r"#[0-9a-f]{6}\b", drawing) == []
    assert "style" not in drawing
    assert {found.split("-", 1)[1] for found in re.findall(r"(?:fill|stroke)-[a-z0-9-]+", drawing)} >= {"surface"}
    assert set(re.findall(r'id="([^"]+)"', drawing)) == set(re.findall(r'id="(trend-[^"]+)"', drawing))
    assert 'role="img"' in drawing
    assert '<title id="trend-t">Who &amp; what</title><desc id="trend-d">Numbers</desc>' in drawing


@pytest.mark.parametrize(("palette", "ground"), [(LIGHT, (255, 255, 255)), (DARK, (23, 33, 37))])
def test_a_picture_is_small_dated_and_its_ground_is_exact(palette: Palette, ground: tuple[int, int, int]) -> None:
    data = png(draw(samples.a_trend_with_gaps(), palette, NARROW), FROZEN_AT)

    picture = Image.open(BytesIO(data))

    assert picture.width == 1200
    assert picture.convert("RGB").getpixel((0, 0)) == ground
    assert picture.info["Creation Time"] == "2026-10-16T00:00:00+00:00"
    assert len(data) < 92_000


def test_every_token_has_a_colour_in_the_style_sheet() -> None:
    sheet = (Path(__file__).parents[4] / "static" / "charts.css").read_text(encoding="utf-8")

    assert [token for token in MARKS.values() if f".fill-{token} {{ fill: var(--{token}); }}" not in sheet] == []
    assert [token for token in MARKS.values() if f".stroke-{token} {{ stroke: var(--{token}); }}" not in sheet] == []


def test_fewer_than_two_figures_make_no_chart() -> None:
    trend = samples.a_normal_trend()
    lonely = (*(TrendPoint(period, state=PointState.HIDDEN) for period in samples.PERIODS[:7]),)
    one = TrendPoint(samples.PERIODS[7], samples.an_interval(0.7, 0.5, 0.8))

    assert draw_trend(replace(trend, points=(*lonely, one)), LIGHT, NARROW) is None


def test_customers_alone_make_no_trend() -> None:
    trend = samples.a_normal_trend()
    points = tuple(replace(point, internal=None, state=PointState.NO_ANSWERS) for point in trend.points)

    assert draw_trend(replace(trend, points=points), LIGHT, NARROW) is None


def test_nothing_comparable_makes_no_gap_chart() -> None:
    chart = samples.gaps_in_all_states()

    assert draw_gaps(replace(chart, lines=chart.lines[3:]), LIGHT, NARROW) is None


def test_no_distribution_makes_no_chart() -> None:
    assert draw_distribution(replace(samples.a_distribution(), internal=None, external=None), LIGHT, WIDE) is None


def test_a_small_group_has_no_point_and_its_number_of_people() -> None:
    sheet = draw(samples.a_young_trend_in_russian(), PAGE, WIDE)

    drawing = svg(sheet, key="t", title="", description="")

    assert "<use" not in drawing
    assert {"7", "8", "больше половины"} <= {box.text for box in sheet.boxes} | {
        " ".join(box.text for box in sheet.boxes if box.text in {"больше", "половины"})
    }


def test_the_scale_is_one_of_two_and_never_fitted() -> None:
    normal, low = (
        [box.text for box in draw(chart, LIGHT, WIDE).boxes]
        for chart in (samples.a_normal_trend(), samples.a_trend_with_gaps())
    )

    assert normal[:4] == ["40", "60", "80", "100%"]
    assert low[:5] == ["0", "25", "50", "75", "100%"]


def test_hidden_quarters_in_a_row_are_one_block_with_one_label() -> None:
    trend = samples.a_normal_trend()
    points = (*(TrendPoint(period, state=PointState.HIDDEN) for period in samples.PERIODS[:4]), *trend.points[4:])

    sheet = draw(replace(trend, points=points), LIGHT, WIDE)

    assert [box.text for box in sheet.boxes].count("hidden") == 1


def test_letters_the_font_lacks_are_replaced() -> None:
    assert drawable("Łódź 🚀 Ёж") == "Łódź \ufffd Ёж"


def test_lines_break_at_plain_spaces_only() -> None:
    assert wrap("Overall 95\u00a0% of all", text_width("95\u00a0% of", 12), 12) == ["Overall", "95\u00a0% of", "all"]


def test_a_word_longer_than_the_line_is_cut_with_a_hyphen() -> None:
    lines = wrap("Arbeitsplatzservice", 60, 12)

    assert "".join(line.removesuffix("-") for line in lines) == "Arbeitsplatzservice"
    assert all(text_width(line, 12) <= 60 for line in lines)


@pytest.mark.parametrize(("palette", "at"), [(LIGHT, 0), (DARK, -1)], ids=["light", "dark"])
def test_the_palettes_are_the_tokens_of_the_pages(palette: Palette, at: int) -> None:
    static = Path(__file__).parents[4] / "static"
    sheets = [(static / name).read_text(encoding="utf-8") for name in ("tokens.css", "charts.css")]

    said = {
        token: [found for sheet in sheets for found in re.findall(rf"--{token}:\s*(#[0-9a-f]{{6}})", sheet)][at]
        for token in MARKS.values()
    }

    assert said == {name.replace("_", "-"): colour for name, colour in asdict(palette).items()}
