"""What a head finds first: the newest posted quarter of their departments in a sentence each, the topmost in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.periods import Calendar, Period
from app.domain.rights import Viewer
from app.domain.sentences import Place, SentenceKey
from app.reports.descriptions import said
from app.reports.headlines import hidden_words
from app.reports.issued import Issued, IssuedScorecard
from app.reports.published import Document
from app.reports.quarters import quarter_words
from app.reports.sentences import say


@dataclass(frozen=True)
class Line:
    """A department's quarter in one sentence."""

    department_id: int
    code: str
    name: str
    finding: str


@dataclass(frozen=True)
class Lead(Line):
    """The department that the page is about: what the quarter says, how sure that is, and what to do."""

    changes: Sequence[str]  # against the quarter before
    doubts: Sequence[str]
    start: str  # the one thing to do; empty where nothing is proposed
    reasons: Sequence[str]
    previous: str  # what the figures say of the quarter before's proposal


@dataclass(frozen=True)
class Home:
    """The newest quarter with anything to see; `below` counts the scorecards of departments below one's own."""

    period: Period
    quarter: str
    lead: Lead
    others: Sequence[Line]
    below: int


def home_of(issued: Issued, viewer: Viewer, calendar: Calendar) -> Home | None:
    """Return what the page shows; None before the first scorecard is posted."""
    quarter = issued.newest()
    if quarter is None:
        return None
    own = [card for card in quarter.scorecards if card.department_id in viewer.departments]
    shown = own or list(quarter.scorecards)  # a department too small for a scorecard may have larger ones below it
    first = issued.topmost(shown, quarter.period)
    lead = _lead(first, issued.document(first), calendar)
    others = [_line(card, calendar) for card in shown if card is not first]
    below = len(quarter.scorecards) - len(shown)
    return Home(quarter.period, quarter_words(calendar, quarter.period), lead, others, below)


def _signal(document: Document, trend: str | None) -> str | None:
    """Return the sentence of a signal; that there is none yet, or too few quarters, changes nothing."""
    key = document["sentences"].get(Place.TREND.value, {}).get("key")
    return trend if key == SentenceKey.TREND_SIGNAL else None


def _line(card: IssuedScorecard, calendar: Calendar) -> Line:
    finding = say(card.finding, calendar) if card.finding else card.name
    return Line(card.department_id, card.code, card.name, finding)


def _lead(card: IssuedScorecard, document: Document, calendar: Calendar) -> Lead:
    line = _line(card, calendar)
    told = {place: said(document, place, calendar) for place in Place}
    return Lead(
        line.department_id,
        line.code,
        line.name,
        line.finding,
        changes=[words for words in (told[Place.CHANGE], _signal(document, told[Place.TREND])) if words],
        doubts=[*(words for place in (Place.GAP, Place.PRECISION) if (words := told[place])), *hidden_words(document)],
        start=told[Place.ACTION] or "",
        reasons=[words for place in (Place.ACTION_REASON, Place.ACTION_ADVICE) if (words := told[place])],
        previous=told[Place.ACTION_PREVIOUS] or "",
    )
