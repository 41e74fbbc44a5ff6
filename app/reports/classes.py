"""Why customers' questions have the class they have, one sentence a dimension and touchpoint, with what is quoted."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from app.domain.instruments import Ground
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.dimensions import listed_name
from app.reports.published import Document

Row = Mapping[str, Any]  # one of `external.touchpoints`

# What is said of a touchpoint: dimensions that agree in all of it share a line.
_SAID = ("code", "comparability", "why", "points", "quoted_share", "source", "notes")

_WHY: MappingProxyType[str, Callable[[int], str]] = MappingProxyType(
    {
        Ground.SAME_QUESTION.value: lambda _: gettext(
            "Customers were asked our own question, on the same scale and in the same way."
        ),
        Ground.OTHER_WORDS.value: lambda _: gettext(
            "Customers chose among as many points as colleagues, but in other words. Means may be compared, shares may"
            " not."
        ),
        Ground.OTHER_WAY.value: lambda _: gettext(
            "Customers were asked in our words, but by another way or at another time. Means may be compared, shares"
            " may not."
        ),
        Ground.NEAR_SCALE.value: lambda points: gettext(
            "Customers chose among %(points)s points, which is close to our scale. Means may be compared, shares may"
            " not.",
            points=points,
        ),
        Ground.EQUATED.value: lambda points: gettext(
            "Customers chose among %(points)s points. Their mean was set on our scale by people who answered both"
            " questions, so means may be compared, shares may not.",
            points=points,
        ),
        Ground.FAR_SCALE.value: lambda points: gettext(
            "Customers chose among %(points)s points. Such a scale alone moves a mean by about 3 points of 100, so a"
            " difference below 5 says nothing.",
            points=points,
        ),
        Ground.APPROVAL.value: lambda points: gettext(
            "Customers chose among %(points)s points. That is approval, not a graded judgement, so nothing is"
            " subtracted.",
            points=points,
        ),
        Ground.OTHER_CONSTRUCT.value: lambda _: gettext(
            "Customers were asked about something else, so nothing is subtracted. Look at each figure by itself."
        ),
        Ground.ONLY_A_SHARE.value: lambda _: gettext(
            "Only a percentage is known, not the question behind it, so nothing is subtracted."
        ),
        Ground.UNKNOWN_N.value: lambda _: gettext(
            "Nobody told how many customers answered, so the figure is quoted and never computed with."
        ),
        Ground.UNKNOWN_DATE.value: lambda _: gettext(
            "Nobody told when customers answered, so the figure is quoted and never computed with."
        ),
        Ground.UNKNOWN_SCALE.value: lambda _: gettext(
            "Nobody told on which scale customers answered, so the figure is quoted and never computed with."
        ),
    }
)


def class_lines(document: Document) -> list[str]:
    """Return why each touchpoint has its class; nothing for documents that were frozen before it was noted."""
    alike: dict[tuple[Any, ...], list[Row]] = {}
    for row in document.get("external", {}).get("touchpoints", []):
        if row.get("why") in _WHY:
            alike.setdefault(tuple(row.get(key) for key in _SAID), []).append(row)
    return [_line(rows) for rows in alike.values()]


def _line(rows: Sequence[Row]) -> str:
    """Return the sentences about a touchpoint, once for all dimensions that have them in common."""
    row = rows[0]
    head = gettext(
        "%(touchpoint)s, class %(letter)s (%(dimensions)s):",
        dimensions=", ".join(listed_name(each["dimension"]) for each in rows),
        touchpoint=row["code"],
        letter=row["comparability"],
    )
    parts = [head, _WHY[row["why"]](row.get("points", 0))]
    if "quoted_share" in row:
        parts.append(gettext("Quoted: %(share)s.", share=numbers.percent(row["quoted_share"])))
    if source := row.get("source"):
        parts.append(gettext("Source: %(source)s", source=source))
    if notes := row.get("notes"):
        parts.append(notes)
    return " ".join(parts)
