"""The company's measures: one card each, what the cooperation index is made of, and the five years behind them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.culture.measures import DRAWS, MEASURES
from app.domain.culture.sentences import CultureKey
from app.domain.periods import Calendar
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.culture.entries import Column, Entry, Table, figures, nothing, words
from app.reports.cut_tables import Bar
from app.reports.dimensions import dimension_name
from app.reports.published import Document, Interval, Measure, read_interval
from app.reports.quarters import quarter_words
from app.reports.sentences.culture import measure_name

_SHARES = frozenset({"participation_rate", "responsiveness", "loop_closure_rate"})
_SAID: Mapping[str, tuple[CultureKey, ...]] = MappingProxyType(
    {
        "participation_rate": (CultureKey.PARTICIPATION,),
        "responsiveness": (CultureKey.RESPONSIVENESS, CultureKey.FIRST_RESPONSE),
        "trust_index": (CultureKey.TRUST,),
        "cooperation": (CultureKey.COOPERATION,),
        "cooperation_index": (CultureKey.COOPERATION_INDEX,),
        "kudos_rate": (CultureKey.THANKS,),
        "loop_closure_rate": (CultureKey.LOOP_CLOSURE,),
    }
)


@dataclass(frozen=True)
class Card:
    """One measure: its name, its figure, the figure as a bar on 0 to 100, and its sentences."""

    name: str
    value: str
    bar: Bar
    sentences: tuple[str, ...]
    n: str


@dataclass(frozen=True)
class Dot:
    """One quarter of a strip: its place across in per cent, and estimate and interval as heights in the drawing."""

    across: int
    low: int
    middle: int
    high: int
    words: str
    words_at: int  # their foot: above the interval, below it where there is no room


@dataclass(frozen=True)
class Strip:
    """One measure quarter by quarter, each with its interval; a quarter without a figure leaves a gap."""

    name: str
    dots: tuple[Dot, ...]
    first: str
    last: str
    axis: tuple[tuple[str, int], ...]  # what stands beside the lines across, and where they are
    height: int


STRIP_HEIGHT = 120  # pixels, with MARGIN above 100 and below 0
MARGIN = 16
WORDS_ABOVE, WORDS_BELOW, ROOM = 6, 16, 14  # pixels from an interval's end to the foot of its words; what these need


def measure_cards(document: Document, said: Mapping[str, str]) -> list[Card]:
    """Return the measures that have a figure; `said` are the document's sentences by key."""
    return [_card(name, document[name], said, document) for name in MEASURES if name in document]


def _card(name: str, found: Document, said: Mapping[str, str], document: Document) -> Card:
    figure = _figure(found)
    scale = 100 if name in _SHARES else 1
    places = (min(100, round(scale * at)) for at in (figure.lower, figure.estimate, figure.upper))
    sentences = [said[key] for key in _SAID[name] if key in said]
    if name == "loop_closure_rate" and "median_hours" in document.get("loop", {}):
        time = numbers.span(document["loop"]["median_hours"])
        sentences.append(gettext("Half of them were contacted within %(time)s.", time=time))
    return Card(
        capital(measure_name(name)), _value(name, figure), Bar(*places), tuple(sentences), numbers.whole(figure.n)
    )


def _figure(found: Document) -> Interval:
    figure = read_interval(found.get("timeliness", found))
    assert figure is not None
    return figure


def _value(name: str, figure: Interval) -> str:
    if name in _SHARES:
        return numbers.percent(figure.estimate)
    return numbers.tenths(figure.estimate) if name == "kudos_rate" else numbers.whole(figure.estimate)


def index_table(document: Document) -> Table | None:
    """Return the parts of the cooperation index with the formula that makes one of them."""
    parts = document.get("cooperation_index", {}).get("parts")
    if not parts:
        return None
    names = {
        "cooperation": dimension_name("cooperation"),
        "communication": dimension_name("communication"),
        "loop_closure": capital(measure_name("loop_closure_rate")),
    }
    weight = f"1/{len(parts)}"
    rows = tuple((Entry(names[part]), Entry(numbers.tenths(value)), Entry(weight)) for part, value in parts.items())
    notes = (
        gettext("Index = (cooperation + communication + contact cases closed) / 3, each from 0 to 100."),
        gettext("Equal weights, declared before any figure was seen; hidden as soon as one part is."),
        gettext("Its interval: people and contact cases drawn anew %(draws)s times.", draws=numbers.whole(DRAWS)),
    )
    heads = words(gettext("Part")) + figures(gettext("0 to 100"), gettext("Weight"))
    return Table(gettext("What the cooperation index is made of"), heads, rows, notes)


def trend_table(document: Document, calendar: Calendar) -> Table | None:
    """Return the measures quarter by quarter with their intervals; nothing for the first quarter."""
    points: Sequence[Document] = document["trend"]
    told = {name for point in points for name in point}
    shown = [name for name in MEASURES if name in told]
    if not shown or len(points) < 2:
        return None
    rows = tuple(
        (Entry(quarter_words(calendar, point["period"])), *(_trend_entry(name, point.get(name)) for name in shown))
        for point in points
    )
    heads = words(gettext("Quarter")) + tuple(Column(capital(measure_name(name)), is_figure=True) for name in shown)
    return Table("", heads, rows, is_grid=True)


def trend_strips(document: Document, calendar: Calendar) -> tuple[Strip, ...]:
    """Return the same as drawings on one scale from 0 to 100, of measures that two quarters have."""
    points: Sequence[Document] = document["trend"]
    if len(points) < 2:
        return ()
    first, last = (quarter_words(calendar, points[place]["period"]) for place in (0, -1))
    found = [(name, tuple(_dots(name, points))) for name in MEASURES]
    axis = tuple((numbers.whole(at), _height(at)) for at in (100, 50, 0))
    return tuple(
        Strip(capital(measure_name(name)), dots, first, last, axis, STRIP_HEIGHT)
        for name, dots in found
        if len(dots) > 1
    )


def _dots(name: str, points: Sequence[Document]) -> Iterator[Dot]:
    scale = 100 if name in _SHARES else 1
    for place, point in enumerate(points):
        if name in point:
            figure = _figure(point[name])
            low, middle, high = (_height(scale * at) for at in (figure.lower, figure.estimate, figure.upper))
            at = high - WORDS_ABOVE if high >= ROOM + WORDS_ABOVE else low + WORDS_BELOW
            yield Dot(round(16 + 76 * place / (len(points) - 1)), low, middle, high, _value(name, figure), at)


def _height(value: float) -> int:
    """Return how far below the upper edge a value from 0 to 100 is drawn."""
    return round(MARGIN + (STRIP_HEIGHT - 2 * MARGIN) * (100 - min(100.0, value)) / 100)


def _trend_entry(name: str, found: Document | None) -> Entry:
    if found is None:
        return nothing()
    figure = _figure(found)
    if name == "kudos_rate":
        return Entry(_value(name, figure), f"{numbers.tenths(figure.lower)}–{numbers.tenths(figure.upper)}")
    return Entry(_value(name, figure), numbers.interval(figure, Measure.SHARE if name in _SHARES else Measure.SCORE))


def capital(words: str) -> str:
    """Return words as they stand alone."""
    return words[:1].upper() + words[1:]
