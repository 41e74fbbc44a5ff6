"""Closing the loop in words and figures: low ratings, wishes for contact, and how soon somebody got in touch."""

from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.published import Document, Measure, read_interval


def loop_facts(document: Document) -> list[tuple[str, str]]:
    """Return names and values; counts below the minimum group and departments below ten people have none."""
    loop = document.get("loop", {})
    counts = (
        ("low_ratings", gettext("Low ratings")),
        ("consented", gettext("Asked to be contacted")),
        ("contacted", gettext("Contacted")),
    )
    facts = [(name, numbers.whole(loop[key])) for key, name in counts if key in loop]
    share = read_interval(loop.get("loop_closure_rate"))
    if share is not None:
        span = numbers.interval(share, Measure.SHARE)
        facts.append((gettext("Contacted, of those who asked"), f"{numbers.percent(share.estimate)} ({span})"))
    if "median_hours" in loop:
        facts.append((gettext("Half of them within"), numbers.span(loop["median_hours"])))
    return facts
