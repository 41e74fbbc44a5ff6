"""What all sources share: settings say which question is which touchpoint, dimension and instrument.

No tool tells all of it. The scale and its direction belong to the instrument, which the registry knows.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.connectors.connector import Setting, Shape
from app.connectors.hooks import Conclusion, UnreadableBody, Verdict
from app.connectors.lenient import inside, text_of
from app.domain.external_scores import ScoreEvent
from app.domain.instruments import item_named
from app.foundations.http import Trouble
from app.foundations.languages import gettext, mark

DIMENSION = "csat_overall"
LONGEST_COMMENT = 10_000
LARGEST = 1_000_000  # no scale reaches so far; beyond it a float would not hold every point
_NUMBER = re.compile(r"[+-]?[0-9]{1,7}(\.[0-9]{1,6})?")

PLACE_SETTINGS = (
    Setting(name="touchpoint", meaning=mark("the touchpoint that the scores speak of"), needed=True),
    Setting(
        name="instrument", meaning=mark("the instrument with the scale: csat5, nps, … or one of yours"), needed=True
    ),
    Setting(name="dimension", meaning=mark("the item that the scores answer; csat_overall where it is empty")),
    Setting(name="values", meaning=mark('which answers are which points: {"good": 1, "bad": 0}'), shape=Shape.TABLE),
)
SURVEYS = Setting(
    name="surveys",
    meaning=mark('surveys that are something else: {"id": {"touchpoint": …, "instrument": …}}'),
    shape=Shape.TABLE,
)
QUESTIONS = Setting(
    name="questions",
    meaning=mark('the questions that count: {"id": {"dimension": …, "instrument": …}}'),
    shape=Shape.TABLE,
)
UNSIGNED = Setting(
    name="unsigned", meaning=mark("true where the tool cannot sign: then only the address is secret"), shape=Shape.FLAG
)

GIVEN = mark("a customer gave a score")
NO_ANSWER = mark("the customer has not given a score")
PARTIAL = mark("the response is not finished: parts of it are no score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a customer answered to one question; `names` are the ids under which the tool knows the question."""

    raw: object
    names: tuple[str, ...] = ()
    is_rating: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One customer's response in the words of the tool, finished, before the settings say what it means."""

    identifier: str
    told_at: datetime
    answered_at: datetime
    answers: tuple[Answer, ...]
    survey: str | None = None
    respondent: str | None = None
    comment: str | None = None


def scores_of(settings: Mapping[str, Any], response: Response) -> tuple[ScoreEvent, ...]:
    """Return the scores of a response: of the questions in the settings, else of its only rating.

    Raises UnreadableBody where the settings name a dimension that is none.
    """
    return tuple(_scores(settings, response))


def as_polled(settings: Mapping[str, Any], responses: Iterable[Response | None]) -> tuple[ScoreEvent, ...]:
    """Return the scores of a page of a poll. Raises Trouble where the settings are wrong, which ends the poll."""
    try:
        return tuple(score for one in responses if one is not None for score in scores_of(settings, one))
    except UnreadableBody as unreadable:
        raise Trouble(str(unreadable)) from unreadable


def _scores(settings: Mapping[str, Any], response: Response) -> Iterator[ScoreEvent]:
    for question, answer in _counted(settings, response.answers):
        score = number_of(settings, answer.raw)
        if score is None:
            continue
        place = _Place(settings, response.survey, question)
        yield ScoreEvent(
            response_id=f"{response.identifier}#{answer.names[0]}" if question else response.identifier,
            told_at=response.told_at,
            answered_at=response.answered_at,
            touchpoint=place.said("touchpoint") or "",
            dimension=_item(place.said("dimension") or DIMENSION),
            instrument=place.said("instrument") or "",
            score=score,
            respondent=response.respondent,
            comment=response.comment,
        )


def _counted(settings: Mapping[str, Any], answers: Sequence[Answer]) -> list[tuple[str | None, Answer]]:
    """Return the answers that count, each with the setting's name of its question; several unnamed ratings are none."""
    named = settings.get("questions")
    if isinstance(named, Mapping) and named:
        found = [(next((name for name in answer.names if name in named), None), answer) for answer in answers]
        return [(name, answer) for name, answer in found if name is not None]
    ratings = [answer for answer in answers if answer.is_rating and answer.raw is not None]
    return [(None, ratings[0])] if len(ratings) == 1 else []


class _Place:
    """What a question measures: the question's own words, else its survey's, else the source's."""

    def __init__(self, settings: Mapping[str, Any], survey: str | None, question: str | None) -> None:
        self._layers = (
            inside(settings.get("questions"), question) if question else None,
            inside(settings.get("surveys"), survey) if survey else None,
            settings,
        )

    def said(self, name: str) -> str | None:
        """Return what the innermost layer says."""
        return next(filter(None, (text_of(inside(layer, name)) for layer in self._layers)), None)


def _item(name: str) -> str:
    item = item_named(name)
    if item is None:
        raise UnreadableBody(gettext("the setting dimension says '%(name)s', which is no item", name=name[:80]))
    return item.value


def number_of(settings: Mapping[str, Any], raw: object) -> float | None:
    """Return the point that an answer stands for: what `values` says, else the number that it is, else None."""
    values = settings.get("values")
    if isinstance(values, Mapping):
        points = {str(name).strip().casefold(): point for name, point in values.items()}
        raw = points.get(str(raw).strip().casefold(), raw)
    if isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return float(raw) if abs(raw) <= LARGEST else None


def nothing(verdict: Verdict, why: str) -> Conclusion:
    """Return a conclusion that records nothing: `why` is a marked sentence."""
    return Conclusion(verdict=verdict, why=gettext(why))


def conclude(settings: Mapping[str, Any], response: Response, **details: Any) -> Conclusion:
    """Return what one finished response tells, with the raw scores in the details. Raises UnreadableBody."""
    scores = scores_of(settings, response)
    ratings = [answer for answer in response.answers if answer.is_rating and answer.raw is not None]
    if not scores and len(ratings) > 1:
        why = gettext("several ratings, and none is named in the setting questions: none is recorded")
        found = [{"question": answer.names[0], "score": answer.raw} for answer in ratings if answer.names]
        return Conclusion(verdict=Verdict.SCORE_LIST, why=why, details={**details, "scores": found})
    if not scores:
        why = _why_none(ratings)
        return Conclusion(verdict=Verdict.NO_SCORE, why=why, details=details)
    told = _listed(scores) if len(scores) > 1 else {"score": _plain(scores[0].score)}
    verdict = Verdict.SCORE_LIST if len(scores) > 1 else Verdict.SCORE
    return Conclusion(verdict=verdict, why=gettext(GIVEN), scores=scores, details=told | details)


def conclude_list(settings: Mapping[str, Any], responses: Iterator[Response | None]) -> Conclusion:
    """Return what a list of responses tells, as a tool's API gives it. Raises UnreadableBody."""
    scores = tuple(score for one in responses if one is not None for score in scores_of(settings, one))
    why = gettext("scores in this list: %(count)s", count=len(scores))
    return Conclusion(verdict=Verdict.SCORE_LIST, why=why, scores=scores, details=_listed(scores))


def _listed(scores: Sequence[ScoreEvent]) -> dict[str, Any]:
    return {"scores": [{"external_id": one.response_id, "score": _plain(one.score)} for one in scores]}


def _why_none(ratings: Sequence[Answer]) -> str:
    if ratings and isinstance(ratings[0].raw, str):
        text = (text_of(ratings[0].raw) or "")[:80]
        return gettext("'%(text)s' is no number: say in the setting values which point it is", text=text)
    return gettext(NO_ANSWER)


def _plain(score: float | None) -> float | int | None:
    return int(score) if score is not None and score.is_integer() else score
