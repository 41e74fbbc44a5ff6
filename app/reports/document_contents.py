"""What the PDF of a scorecard says: the frozen document as words and cells in the language of the moment."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any

from app.domain.periods import Calendar
from app.domain.sentences import Place
from app.foundations.languages import gettext, pgettext
from app.reports import numbers
from app.reports.classes import class_lines
from app.reports.comment_texts import comments_of
from app.reports.cut_tables import cut_tables, cuts_title
from app.reports.descriptions import said
from app.reports.dimensions import suppressed_names
from app.reports.headlines import headline, hidden_words
from app.reports.pictures import Kind, PrintPicture
from app.reports.pictures.funnel import DRAWN
from app.reports.published import HEADLINE_ITEM, Document, Measure, read_interval
from app.reports.quarters import quarter_words
from app.reports.response_tables import response_line
from app.reports.tables import dimension_rows, gap_rows
from app.reports.theme_tables import theme_tables

Contents = dict[str, Any]

CUT_ROWS = 8  # of each cut on paper


def contents_of(document: Document, pictures: Sequence[PrintPicture], language: str, calendar: Calendar) -> Contents:
    """Return everything the template prints, as JSON values."""
    name, period = document["department"]["name"], quarter_words(calendar, document["period"])
    drawn = {picture.kind: picture for picture in pictures}
    return {
        "language": language,
        "title": gettext("Scorecard for %(period)s: %(department)s", period=period, department=name),
        "brand": "Parity",
        "caption": gettext("Scorecard for %(period)s", period=period),
        "department": name,
        "finding": said(document, Place.FINDING, calendar) or name,
        "doubts": [
            *_said(document, calendar, Place.GAP, Place.CHANGE, Place.PRECISION, Place.WEIGHTING),
            *hidden_words(document),
        ],
        "headline": headline(document),
        "action": _action(document, calendar),
        "trend": _chart(
            drawn.get(Kind.TREND), title=said(document, Place.TREND, calendar) or gettext("Quarter by quarter")
        ),
        "trend_sentence": said(document, Place.TREND, calendar),
        "dimensions": _dimensions(document, calendar),
        "clock": _clock(document, calendar),
        "cuts": _cuts(document),
        "themes": [asdict(table) for table in theme_tables(document)],
        "comments": asdict(comments) if (comments := comments_of(document)) else None,
        "gaps": _chart(drawn.get(Kind.GAPS)),
        "distribution": _chart(drawn.get(Kind.DISTRIBUTION)),
        "funnel": _funnel(document, calendar),
        "method": _method(document),
        "classes": _classes(document),
        "suppressed": _suppressed(document),
        "revision": _revision(document, calendar.time_zone),
        "footer": gettext(
            "%(department)s, %(period)s, revision %(revision)s. Confidential.",
            department=name,
            period=period,
            revision=document["revision"],
        ),
    }


def _said(document: Document, calendar: Calendar, *places: Place) -> list[str]:
    return [words for place in places if (words := said(document, place, calendar))]


def _action(document: Document, calendar: Calendar) -> Contents | None:
    start = said(document, Place.ACTION, calendar)
    if not start:
        return None
    reasons = _said(document, calendar, Place.ACTION_REASON, Place.ACTION_ADVICE, Place.ACTION_RULE)
    return {
        "label": gettext("One thing to do"),
        "start": start,
        "reasons": reasons,
        "previous": said(document, Place.ACTION_PREVIOUS, calendar),
    }


def _chart(picture: PrintPicture | None, *, title: str | None = None) -> Contents | None:
    if picture is None:
        return None
    about = picture.about
    return {
        "title": title or about.title,
        "subtitle": about.subtitle,
        "notes": about.notes,
        "alt": about.alt,
        "svg": picture.svg,
    }


def _dimensions(document: Document, calendar: Calendar) -> Contents | None:
    rows = dimension_rows(document)
    if not rows:
        return None
    head = [gettext("Satisfied or very satisfied"), gettext("Colleagues"), "n"]
    has_intervals = any(side.range for row in rows for side in (row.internal, row.external))
    note = [gettext("Small figures are intervals.")] if has_intervals else []
    has_customers = any(row.external.n or row.verdict for row in rows)
    if has_customers:
        head += [gettext("Customers"), "n", gettext("Difference"), gettext("Class")]
    if any(row.gap_range for row in rows):
        note.append(gettext("Differences are colleagues minus customers, in points."))
    if _has_means(document):
        note.append(gettext("Whole numbers without a per cent sign are means from 0 to 100."))
    note += _said(document, calendar, Place.GAP_EFFECT)
    return {
        "title": gettext("Inside and outside") if has_customers else gettext("Aspect by aspect"),
        "has_customers": has_customers,
        "head": head,
        "rows": [asdict(row) for row in rows],
        "note": " ".join(note),
    }


def _has_means(document: Document) -> bool:
    sides = [
        side
        for row in gap_rows(document)
        for side in ((row.internal, row.internal_measure), (row.external, row.external_measure))
    ]
    return any(figure is not None and measure is Measure.SCORE for figure, measure in sides)


def _clock(document: Document, calendar: Calendar) -> Contents | None:
    sentences = _said(document, calendar, Place.ON_TIME, Place.WATERMELON, Place.LATE_FEELING)
    return {"title": gettext("The clock and the experience"), "sentences": sentences} if sentences else None


def _cuts(document: Document) -> Contents | None:
    """Return the lowest shown rows of each cut and say that others are hidden; the page has all of them by name."""
    cuts = cut_tables(document)
    tables = [
        {
            "head": [cut.title, gettext("Satisfied"), gettext("People")],
            "rows": [asdict(row) for row in cut.rows if not row.figure.is_hidden][:CUT_ROWS],
            "note": cut.note,
        }
        for cut in cuts
    ]
    if not tables:
        return None
    subtitle = gettext(
        "Share of satisfied colleagues; of what may be shown, the lowest first. Small differences between rows are"
        " mostly chance: look at the intervals."
    )
    left_out = gettext("Hidden rows are left out.") if any(cut.has_hidden for cut in cuts) else ""
    return {"title": cuts_title(document), "subtitle": subtitle, "left_out": left_out, "tables": tables}


def _funnel(document: Document, calendar: Calendar) -> Contents:
    steps = (
        ("completed", pgettext("requests", "completed")),
        ("eligible", pgettext("requests", "eligible")),
        ("invited", pgettext("requests", "invited")),
        ("delivered", pgettext("requests", "delivered")),
        ("answered", pgettext("requests", "answered")),
        ("held_back", pgettext("requests", "held back as automatic")),
        ("imported", pgettext("requests", "answered in an earlier tool")),
    )
    funnel = document.get("funnel", {})
    shown = [(step, [words, numbers.whole(funnel[step])]) for step, words in steps if funnel.get(step) is not None]
    return {
        "title": gettext("How these numbers came about"),
        "steps": [words for _, words in shown],
        "beside": [words for step, words in shown if step not in DRAWN],  # what the picture does not draw
        "sentences": [
            *_said(document, calendar, Place.FUNNEL, Place.RESPONSE_RATE, Place.NONRESPONSE, Place.RESPONSE_BY),
            *_said(document, calendar, Place.DETECTABLE),
            *_more_answers(document),
        ],
        "response": response_line(document),
    }


def _more_answers(document: Document) -> list[str]:
    """Say why there are more answers than answered requests, where both numbers stand on the page."""
    funnel = document.get("funnel", {})
    figure = read_interval(document.get("internal", {}).get(HEADLINE_ITEM, {}).get("top_two_box"))
    if figure is None or "answered" not in funnel:
        return []
    answered = funnel["answered"] + funnel.get("imported", 0)
    if figure.answers <= answered:
        return []
    sentence = gettext(
        "%(answers)s answers to %(answered)s requests: an answer also counts where its request"
        " was opened again before the freeze.",
        answers=numbers.whole(figure.answers),
        answered=numbers.whole(answered),
    )
    return [sentence]


def _method(document: Document) -> Contents:
    method = document["method"]
    confidence = numbers.percent(method["confidence"])
    if method["weighting"] == "per_requester":
        weighting = gettext(
            "Each person counts once. Shares have Wilson intervals of %(confidence)s.", confidence=confidence
        )
    else:
        weighting = gettext(
            "Each request counts. Shares have Wilson intervals of %(confidence)s.", confidence=confidence
        )
    built_in = gettext("built in")
    policies = ", ".join(str(version) if version else built_in for version in method["policy_versions"])
    versions = gettext(
        "Versions in force: questions %(questions)s, policy %(policies)s.",
        questions=", ".join(str(version) for version in method["instrument_versions"]) or "–",
        policies=policies or "–",
    )
    return {
        "title": gettext("Method"),
        "sentences": [
            weighting,
            gettext(
                "Colleagues and customers are subtracted only where both answered the same kind of question"
                " (classes A to C) and there are at least 30 of each. Verdicts allow for comparing many departments"
                " at once."
            ),
            gettext(
                "Results appear for groups of at least %(needed)s people; groups of 5 to 9 are rounded to tenths"
                " and said in words.",
                needed=method["minimum_group_size"],
            ),
            versions,
        ],
    }


def _classes(document: Document) -> Contents | None:
    lines = class_lines(document)
    return {"title": gettext("How customers were asked"), "lines": lines} if lines else None


def _suppressed(document: Document) -> Contents | None:
    names = suppressed_names([entry["what"] for entry in document.get("suppressed", [])])
    if not names:
        return None
    why = gettext("Too few people answered, or showing it would give another group away.")
    return {"title": gettext("What is hidden"), "names": names, "why": why}


def _revision(document: Document, time_zone: tzinfo) -> Contents:
    day = numbers.day(datetime.fromisoformat(document["frozen_at"]).astimezone(time_zone))
    return {
        "sentences": [
            gettext("Frozen on %(day)s as revision %(revision)s.", day=day, revision=document["revision"]),
            gettext("A frozen scorecard never changes; corrections become a new revision."),
        ],
        "digest": document.get("digest", ""),
    }
