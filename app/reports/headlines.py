"""The figure beside the finding, on the finding's own scale, and what is said where no figure may be shown."""

from typing import Any

from app.domain.scorecards.cuts import hidden_name
from app.domain.scorecards.findings import people_of
from app.domain.sentences import SentenceKey, coarse_word
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.dimensions import coarse_name
from app.reports.published import HEADLINE_ITEM, Document, Interval, Measure, read_interval

_IN_POINTS = frozenset(
    {
        SentenceKey.FINDING_BETTER_SCORE,
        SentenceKey.FINDING_WORSE_SCORE,
        SentenceKey.FINDING_NO_EVIDENCE_SCORE,
    }
)


def headline(document: Document) -> dict[str, Any] | None:
    """Return the large figure with its interval and the facts below it; None where colleagues' figure is hidden.

    A finding in points (classes B and C) has the mean beside it, and the share of satisfied colleagues among the facts.
    """
    overall = document.get("internal", {}).get(HEADLINE_ITEM, {})
    share, mean = (read_interval(overall.get(figure)) for figure in ("top_two_box", "score_0_100"))
    if share is None:
        return None
    facts = [
        [gettext("People"), numbers.whole(people_of(document))],
        [gettext("Answers"), numbers.whole(share.answers)],
    ]
    if mean and document["sentences"]["finding"]["key"] in _IN_POINTS:
        satisfied = f"{numbers.percent(share.estimate)} ({numbers.interval(share, Measure.SHARE)})"
        shown = _figure(mean, Measure.SCORE, gettext("of 100 points, the mean of colleagues"))
        return shown | {"facts": [[gettext("Satisfied"), satisfied], *facts, *_more_facts(document)]}
    shown = _figure(share, Measure.SHARE, gettext("of colleagues satisfied or very satisfied"))
    return shown | {"facts": facts + _more_facts(document)}


def _figure(figure: Interval, measure: Measure, subject: str) -> dict[str, Any]:
    if figure.is_coarse:
        return {"value": coarse_name(coarse_word(figure.estimate)), "range": "", "is_word": True, "subject": subject}
    scale = 100 if measure is Measure.SHARE else 1
    lower, upper = numbers.whole(figure.lower * scale), numbers.whole(figure.upper * scale)
    span = gettext("between %(lower)s and %(upper)s", lower=lower, upper=upper)
    return {"value": numbers.value(figure.estimate, measure), "range": span, "is_word": False, "subject": subject}


def _more_facts(document: Document) -> list[list[str]]:
    facts = []
    rate = read_interval(document.get("funnel", {}).get("response_rate"))
    if rate:
        share = f"{numbers.percent(rate.estimate)} ({numbers.interval(rate, Measure.SHARE)})"
        facts.append([gettext("Invitations answered"), share])
    if thanks := document.get("loop", {}).get("thanks"):
        facts.append([gettext("Thanks"), numbers.whole(thanks)])
    return facts


def hidden_words(document: Document) -> list[str]:
    """Say what a hidden quarter does not mean; nothing where figures are shown."""
    if hidden_name() not in {entry["what"] for entry in document.get("suppressed", [])}:
        return []
    return [
        gettext(
            "That is no verdict on your work. Nobody else sees more than this page,"
            " and as soon as enough colleagues answer, a quarter can be shown again."
        )
    ]
