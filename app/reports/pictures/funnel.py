"""From completed to answered as bars: words around chart 4."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from app.domain.periods import Calendar
from app.domain.sentences import Place
from app.foundations.languages import gettext
from app.reports import charts, numbers
from app.reports.descriptions import Description, alternative, said
from app.reports.pictures.kinds import Drawing, drawing
from app.reports.published import Document
from app.reports.quarters import quarter_words

DRAWN = ("completed", "eligible", "invited", "delivered", "answered")


def funnel_drawing(document: Document, calendar: Calendar) -> Drawing | None:
    """Draw what became of the completed requests; None where fewer than two steps may be shown."""
    funnel = document.get("funnel", {})
    names = {
        "completed": gettext("Completed requests"),
        "eligible": gettext("Could be asked about"),
        "invited": gettext("Invited"),
        "delivered": gettext("Delivered"),
        "answered": gettext("Answered"),
    }
    shown = [step for step in names if funnel.get(step) is not None]
    if len(shown) < 2 or shown[0] != "completed":
        return None
    notes = _notes(funnel, shown, document["method"]["minimum_group_size"])
    steps = [
        charts.FunnelStep(names[step], funnel[step], numbers.whole(funnel[step]), notes.get(step, "")) for step in shown
    ]
    return drawing(
        _description(document, steps, calendar),
        charts.draw_funnel,
        lambda _, head: charts.FunnelChart(tuple(steps), head),
    )


def _notes(funnel: Mapping[str, Any], shown: list[str], minimum_group: int) -> dict[str, str]:
    """Say what each step lost, where the step before is shown too and more than a few are missing."""
    lost = {
        "eligible": lambda count: gettext("not surveyed: %(count)s", count=count),
        "invited": lambda count: gettext("not asked: %(count)s", count=count),
        "delivered": lambda count: gettext("not delivered: %(count)s", count=count),
    }
    notes = {
        step: lost[step](numbers.whole(funnel[before] - funnel[step]))
        for before, step in pairwise(DRAWN)
        if step in lost and before in shown and step in shown and funnel[before] - funnel[step] >= minimum_group
    }
    if "response_rate" in funnel and "answered" in shown:
        share = numbers.percent(funnel["response_rate"]["estimate"])
        notes["answered"] = gettext("%(share)s of the delivered ones", share=share)
    return notes


def _description(document: Document, steps: list[charts.FunnelStep], calendar: Calendar) -> Description:
    title = said(document, Place.FUNNEL, calendar) or gettext("What became of the completed requests.")
    subtitle = gettext(
        "From completed to answered, in requests, %(period)s.", period=quarter_words(calendar, document["period"])
    )
    values = ", ".join(f"{step.name} {step.shown}" for step in steps)
    return Description(
        title, subtitle, said(document, Place.NONRESPONSE, calendar) or "", alternative(title, [f"{values}."])
    )
