"""What HR's PDF says: the frozen document as words and cells in the language of the moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.culture.sentences import CultureKey
from app.domain.periods import Calendar
from app.domain.sentences import coarse_word
from app.foundations.languages import gettext, ngettext
from app.reports import numbers
from app.reports.dimensions import coarse_name
from app.reports.pictures.company import CompanyKind
from app.reports.pictures.kinds import Drawing
from app.reports.published import Document, Measure, read_interval
from app.reports.quarters import quarter_words
from app.reports.sentences import say
from app.reports.sentences.culture import measure_name

Contents = dict[str, Any]
Pictures = Mapping[CompanyKind, tuple[Drawing, str]]  # with its SVG

_SHARES = frozenset({"participation_rate", "responsiveness", "loop_closure_rate"})
_OF_DEPARTMENTS = frozenset(
    {
        CultureKey.DEPARTMENTS_DIFFER,
        CultureKey.DEPARTMENTS_DO_NOT_DIFFER,
        CultureKey.DEPARTMENTS_TOO_FEW,
        CultureKey.DEPARTMENTS_OVERDISPERSED,
    }
)


def culture_contents(
    document: Document, pictures: Pictures, names: Mapping[str, str], language: str, calendar: Calendar
) -> Contents:
    """Return everything the template prints, as JSON values."""
    period = quarter_words(calendar, document["period"])
    said = {sentence["key"]: say(sentence, calendar) for sentence in document["sentences"]}
    of_measures = [words for key, words in said.items() if key not in {CultureKey.POPULATION, *_OF_DEPARTMENTS}]
    return {
        "language": language,
        "title": gettext("Culture, %(period)s", period=period),
        "caption": gettext("Culture, %(period)s", period=period),
        "finding": say(document["finding"], calendar),
        "population": said[CultureKey.POPULATION],
        "pictures": {kind.value: _picture(*found) for kind, found in pictures.items()},
        "pairs": _pairs(document, names),
        "totals": _totals(document, names),
        "measures": {"title": gettext("The company's measures"), "sentences": of_measures},
        "trend": _trend(document, calendar),
        "departments": " ".join(words for key, words in said.items() if key in _OF_DEPARTMENTS),
        "refused": {
            "title": gettext("What is not said, and why"),
            "sentences": [say(sentence, calendar) for sentence in document["refused"]],
        },
        "suppressed": _suppressed(document),
        "revision": _revision(document, calendar),
        "footer": gettext(
            "Culture, %(period)s, revision %(revision)s. Confidential.", period=period, revision=document["revision"]
        ),
    }


def _picture(drawing: Drawing, svg: str) -> Contents:
    about = drawing.about
    return {"title": about.title, "subtitle": about.subtitle, "notes": about.notes, "alt": about.alt, "svg": svg}


def _pairs(document: Document, names: Mapping[str, str]) -> Contents | None:
    """Return the pairs that the finding speaks of, each with its interval."""
    cells = [cell for cell in document["service_matrix"]["cells"] if cell.get("flag") == "lower"]
    if not cells:
        return None
    return {
        "title": gettext("Pairs that need a look"),
        "words": 2,  # columns before the figures
        "head": [gettext("Serves"), gettext("Asks"), gettext("Satisfied or very satisfied"), "n"],
        "rows": [
            [
                names.get(cell["provider"], cell["provider"]),
                names.get(cell["requester"], cell["requester"]),
                *_share(cell["top_two_box"]),
            ]
            for cell in cells
        ],
    }


def _totals(document: Document, names: Mapping[str, str]) -> Contents | None:
    """Return what each department says of all that serve it, by code: the margin of the matrix."""
    rows = document["service_matrix"].get("totals", [])
    if not rows:
        return None
    return {
        "title": gettext("What each department says of all that serve it"),
        "words": 1,
        "head": [gettext("Asks"), gettext("Satisfied or very satisfied"), "n"],
        "rows": [[names.get(row["requester"], row["requester"]), *_share(row["top_two_box"])] for row in rows],
    }


def _share(found: Document) -> tuple[str, str]:
    figure = read_interval(found)
    if figure is None:
        return "", ""
    if figure.is_coarse:
        return coarse_name(coarse_word(figure.estimate)), numbers.whole(figure.n)
    spread = numbers.interval(figure, Measure.SHARE)
    return f"{numbers.percent(figure.estimate)} ({spread})", numbers.whole(figure.n)


def _trend(document: Document, calendar: Calendar) -> Contents | None:
    """Return the measures quarter by quarter; nothing for the first quarter."""
    points: Sequence[Document] = document["trend"]
    shown = [name for name in _measures(points) if len(points) > 1]
    if not shown:
        return None
    return {
        "title": gettext("Quarter by quarter"),
        "words": 1,
        "head": [gettext("Quarter"), *(_capital(measure_name(name)) for name in shown)],
        "rows": [
            [quarter_words(calendar, point["period"]), *(_value(name, point.get(name)) for name in shown)]
            for point in points
        ],
    }


def _measures(points: Sequence[Document]) -> list[str]:
    return list(dict.fromkeys(name for point in reversed(points) for name in point if name != "period"))


def _value(measure: str, found: Document | None) -> str:
    if found is None:
        return "–"
    if measure in _SHARES:
        return numbers.percent(found["estimate"])
    return numbers.tenths(found["estimate"]) if measure == "kudos_rate" else numbers.whole(found["estimate"])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _suppressed(document: Document) -> Contents | None:
    count = len(document["suppressed"])
    if not count:
        return None
    sentence = ngettext(
        "%(num)s cell of the matrix is hidden: too few people answered, or showing it would give another one away.",
        "%(num)s cells of the matrix are hidden: too few people answered, or showing them would give another one away.",
        count,
    )
    return {"title": gettext("What is hidden"), "sentence": sentence}


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
