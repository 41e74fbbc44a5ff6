"""What customers say of the sample company's departments: single responses and totals, on several instruments."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from app.demo.providers import VOICES, CustomerVoice
from app.domain.instruments import BUILT_IN, GRID, Item
from app.domain.periods import Calendar, Period
from app.imports.external_scores import ExternalResponseRow, ExternalTotalRow

_RESPONSE = frozenset({"response_id", "touchpoint", "dimension", "instrument", "answered_at", "score"})
_TOTAL = frozenset({"touchpoint", "dimension", "instrument", "period", "positive_share"})
WITH_DIMENSIONS = frozenset({"portal", "account"})  # they ask about time, result and communication too


def responses(calendar: Calendar, period: Period, rng: np.random.Generator) -> Iterator[ExternalResponseRow]:
    """Yield the quarter's single responses."""
    for voice in VOICES:
        items = (Item.CSAT_OVERALL, *GRID) if voice.touchpoint in WITH_DIMENSIONS else (Item.CSAT_OVERALL,)
        for item in items if voice.shares else ():
            yield from _of_item(voice, item, calendar, period, rng)


def _of_item(
    voice: CustomerVoice, item: Item, calendar: Calendar, period: Period, rng: np.random.Generator
) -> Iterator[ExternalResponseRow]:
    scale = BUILT_IN[voice.instrument].scale
    assert scale is not None
    scores = rng.choice(list(scale.points), size=voice.n, p=voice.shares)
    first = calendar.starts_at(period).astimezone(ZoneInfo("UTC"))
    for number, score in enumerate(scores):
        yield ExternalResponseRow(
            line=0,
            given=_RESPONSE,
            response_id=f"{voice.touchpoint}-{period}-{item.value}-{number:04d}",
            touchpoint=voice.touchpoint,
            dimension=item.value,
            instrument=voice.instrument,
            answered_at=first + timedelta(hours=float(rng.random() * 24 * 88)),
            score=float(score),
        )


def totals(period: Period) -> Iterator[ExternalTotalRow]:
    """Yield what is only quoted: a share without n, so class E."""
    for voice in VOICES:
        if voice.quoted is not None:
            yield ExternalTotalRow(
                line=0,
                given=_TOTAL,
                touchpoint=voice.touchpoint,
                dimension=Item.CSAT_OVERALL.value,
                instrument=voice.instrument,
                period=str(period),
                positive_share=voice.quoted,
            )
