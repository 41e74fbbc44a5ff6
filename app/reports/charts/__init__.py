"""Charts with matplotlib, the only place that imports it: published values and translated words in, pictures out."""

from app.reports.charts.control_frames import ControlChart, ControlPoint, ControlWords
from app.reports.charts.controls import draw_control
from app.reports.charts.distribution import DistributionChart, DistributionWords, draw_distribution
from app.reports.charts.funnel import FunnelChart, FunnelStep, draw_funnel
from app.reports.charts.funnel_plots import (
    Flag,
    FunnelDot,
    FunnelLimit,
    FunnelPlotChart,
    FunnelPlotWords,
    draw_funnel_plot,
    people_ticks,
)
from app.reports.charts.gaps import Evidence, GapChart, GapLine, GapWords, draw_gaps
from app.reports.charts.importance import ImportanceChart, ImportanceLine, ImportanceWords, draw_importance
from app.reports.charts.matrices import NARROW_MATRIX, MatrixCell, MatrixChart, MatrixWords, draw_matrix, share_class
from app.reports.charts.multiples import NARROW_PANELS, MultiplesChart, Panel, draw_multiples
from app.reports.charts.output import png, svg
from app.reports.charts.palettes import DARK, LIGHT, PAGE, Palette
from app.reports.charts.quadrants import Cross, QuadrantChart, QuadrantWords, Standing, draw_quadrant
from app.reports.charts.ranks import RankChart, RankLine, RankWords, chart_third, draw_ranks
from app.reports.charts.sheets import NARROW, WIDE, Head, Sheet, font_folder
from app.reports.charts.trend_frames import TrendChart, TrendWords
from app.reports.charts.trends import draw_trend

__all__ = [
    "DARK",
    "LIGHT",
    "NARROW",
    "NARROW_MATRIX",
    "NARROW_PANELS",
    "PAGE",
    "WIDE",
    "ControlChart",
    "ControlPoint",
    "ControlWords",
    "Cross",
    "DistributionChart",
    "DistributionWords",
    "Evidence",
    "Flag",
    "FunnelChart",
    "FunnelDot",
    "FunnelLimit",
    "FunnelPlotChart",
    "FunnelPlotWords",
    "FunnelStep",
    "GapChart",
    "GapLine",
    "GapWords",
    "Head",
    "ImportanceChart",
    "ImportanceLine",
    "ImportanceWords",
    "MatrixCell",
    "MatrixChart",
    "MatrixWords",
    "MultiplesChart",
    "Palette",
    "Panel",
    "QuadrantChart",
    "QuadrantWords",
    "RankChart",
    "RankLine",
    "RankWords",
    "Sheet",
    "Standing",
    "TrendChart",
    "TrendWords",
    "chart_third",
    "draw_control",
    "draw_distribution",
    "draw_funnel",
    "draw_funnel_plot",
    "draw_gaps",
    "draw_importance",
    "draw_matrix",
    "draw_multiples",
    "draw_quadrant",
    "draw_ranks",
    "draw_trend",
    "font_folder",
    "people_ticks",
    "png",
    "share_class",
    "svg",
]
