"""What a requester may send: checked here, so that a wrong value is named and nothing typed is lost.

By hand: binding and validating twelve WTForms fields was a tenth of a flow (benchmarks/survey.py).
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.instruments import COMMENT_LIMIT, FIVE_POINTS, GRID, ROTATING, Item, Reason
from app.foundations.languages import gettext, ngettext
from app.pipeline.responses import Answers

NOT_APPLICABLE = "na"
_POINTS = {str(point): point for point in FIVE_POINTS.points}
_ITEMS = (Item.CSAT_OVERALL, *GRID, *ROTATING)
_UNCHECKED = (None, "", "false")


def _storable(text: str) -> str:
    """Browsers send CR LF for every line end, which the limit counts once; PostgreSQL stores no NUL in a text."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


class AnswerForm:
    """The survey page's fields. Browser and server agree on the names of items."""

    def __init__(self, sent: MultiDict[str, str]) -> None:
        self._chosen = {item: sent.get(item.value) for item in _ITEMS}
        self._reasons = frozenset(sent.getlist("reason"))
        self._comment = _storable(sent.get("comment", ""))
        self._wants_contact = sent.get("contact") not in _UNCHECKED
        self._thanks = sent.get("kudos") not in _UNCHECKED

    def problems(self) -> dict[str, str]:
        """Return one sentence per field that is wrong; empty when everything can be stored."""
        found = {item.value: problem for item, value in self._chosen.items() if (problem := _problem(item, value))}
        over = len(self._comment) - COMMENT_LIMIT
        return found | {"comment": _too_long(over)} if over > 0 else found

    def answers(self, rotating: Item | None, language: str) -> Answers:
        """Return what was sent, once it is valid; of the rotating items only the one that was asked."""
        asked = (Item.CSAT_OVERALL, *GRID, *((rotating,) if rotating else ()))
        values = {item: _POINTS.get(value) for item in asked if (value := self._chosen[item])}
        return Answers(
            values=values,
            reasons=tuple(reason for reason in Reason if reason.value in self._reasons),
            comment=self._comment or None,
            wants_contact=self._wants_contact,
            thanks=self._thanks,
            language=language,
        )

    def typed(self) -> dict[str, Any]:
        """Return everything as it was sent, for showing the page again."""
        points: Mapping[Any, Any] = _POINTS
        return {
            "values": {item.value: points.get(value, value) for item, value in self._chosen.items()},
            "reasons": set(self._reasons),
            "comment": self._comment,
            "contact": self._wants_contact,
            "kudos": self._thanks,
        }


def _problem(item: Item, value: str | None) -> str | None:
    if value in _POINTS:
        return None
    if item is Item.CSAT_OVERALL:
        if not value:
            return gettext("Choose one of the five answers.")
        return gettext("This is none of the five answers. Choose one of them.")
    if not value or value == NOT_APPLICABLE:
        return None
    return gettext("This is none of the choices. Choose one of them, or leave it open.")


def _too_long(over: int) -> str:
    return ngettext(
        "Your comment is %(num)s character too long; there is room for %(limit)s. Shorten it and send again.",
        "Your comment is %(num)s characters too long; there is room for %(limit)s. Shorten it and send again.",
        over,
        limit=COMMENT_LIMIT,
    )
