"""What HR's page and PDF say: the frozen document as sections of words, pictures and tables, in one order for both."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.domain.culture.sentences import CultureKey
from app.domain.periods import Calendar
from app.domain.scorecards.themes import HIDDEN
from app.foundations.languages import gettext, ngettext
from app.reports import numbers
from app.reports.culture.sections import CultureQuarter, Part, Section, said, sections
from app.reports.descriptions import Description
from app.reports.pictures.company import CompanyKind
from app.reports.published import Document
from app.reports.quarters import quarter_words
from app.reports.sentences import say

Contents = dict[str, Any]


def culture_contents(
    quarter: CultureQuarter, about: Mapping[CompanyKind, Description], language: str, part: Part = Part.WHOLE
) -> Contents:
    """Return everything the templates say, as JSON values; `about` are the texts of the pictures that are drawn."""
    document, calendar = quarter.document, quarter.calendar
    period = quarter_words(calendar, document["period"])
    return {
        "language": language,
        "title": gettext("Culture, %(period)s", period=period),
        "caption": gettext("Culture, %(period)s", period=period),
        "heading": _heading(document),
        "finding": say(document["finding"], calendar),
        "population": said(quarter)[CultureKey.POPULATION],
        "sections": [_written(section, about) for section in sections(quarter, part)],
        "suppressed": _suppressed(document),
        "method": _method(document),
        "revision": _revision(document, calendar),
        "footer": gettext(
            "Culture, %(period)s, revision %(revision)s. Confidential.", period=period, revision=document["revision"]
        ),
    }


def _heading(document: Document) -> str:
    if document["service_matrix"]["cells"]:
        return gettext("How departments serve each other")
    return gettext("How service within the company is felt")


def _written(section: Section, about: Mapping[CompanyKind, Description]) -> Contents:
    found = about.get(section.kind) if section.kind is not None else None
    written = asdict(section)
    for table in (*written["tables"], *written["beside"]):
        table["label"] = table["title"] or section.title
    written["kind"] = section.kind.value if section.kind is not None and found is not None else None
    return written | {"about": asdict(found)} if found is not None else written | {"about": None}


def _suppressed(document: Document) -> Contents | None:
    hidden = [entry["what"] for entry in document["suppressed"]]
    count = sum(1 for what in hidden if what != HIDDEN)
    themes = [gettext("Some reasons and themes are hidden: few people name them, or few of those asked do not.")]
    sentence = ngettext(
        "%(num)s cell of the matrix is hidden: too few people answered, or showing it would give another one away.",
        "%(num)s cells of the matrix are hidden: too few people answered, or showing them would give another one away.",
        count,
    )
    sentences = [*([sentence] if count else []), *(themes if HIDDEN in hidden else [])]
    return {"title": gettext("What is hidden"), "sentence": " ".join(sentences)} if sentences else None


def _method(document: Document) -> Contents:
    method = document["method"]
    sentences = [
        gettext("Lines are %(confidence)s intervals.", confidence=numbers.percent(method["confidence"])),
        gettext(
            "Numbers and colours in the matrix are as observed. In the column “Adjusted” they are moved towards"
            " the common share where answers are few."
        ),
    ]
    if "false_discoveries" in method:
        share = numbers.percent(method["false_discoveries"])
        sentences.append(
            gettext(
                "Of everything marked as clearly lower or higher, at most %(share)s is expected to be chance.",
                share=share,
            )
        )
    return {"title": gettext("Method"), "sentences": sentences}


def _revision(document: Document, calendar: Calendar) -> Contents:
    day = numbers.day(datetime.fromisoformat(document["frozen_at"]).astimezone(calendar.time_zone))
    return {
        "title": gettext("Revision"),
        "sentences": [
            gettext("Frozen on %(day)s as revision %(revision)s.", day=day, revision=document["revision"]),
            gettext("It is made of the frozen scorecards of its quarter and shows nothing that they hide."),
        ],
        "digest": document["digest"],
    }
