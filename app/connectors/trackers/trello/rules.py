"""When a Trello card is done: the connection says by which lists, by the mark "complete", or by archiving."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.connectors.lenient import words_of


class Mode(StrEnum):
    """What makes a card done. Several may hold for one connection: then any of them does."""

    LIST = "list"  # it lies in one of the lists `done_list_ids`
    DUE_COMPLETE = "due_complete"  # it is marked as complete
    ARCHIVE = "archive"  # off by default: teams archive a whole Done list at once


@dataclass(frozen=True)
class Facts:
    """What is known of a card at one moment; None is unknown."""

    list_id: str | None = None
    due_complete: bool | None = None
    closed: bool | None = None


@dataclass(frozen=True)
class Rules:
    """The settings of one connection, read leniently; `unknown` are modes that do not exist."""

    modes: frozenset[Mode]
    done_lists: frozenset[str]
    bots: frozenset[str]
    unknown: tuple[str, ...] = ()

    def is_done(self, facts: Facts) -> bool | None:
        """True if any mode says so, False if all deny it, None where the facts do not suffice."""
        answers = [self._by(mode, facts) for mode in self.modes]
        if any(answers):
            return True
        return None if None in answers else False

    def _by(self, mode: Mode, facts: Facts) -> bool | None:
        match mode:
            case Mode.LIST:
                return None if facts.list_id is None else facts.list_id in self.done_lists
            case Mode.DUE_COMPLETE:
                return facts.due_complete
            case Mode.ARCHIVE:
                return facts.closed


def rules_of(settings: Mapping[str, Any]) -> Rules:
    """Return the rules that the settings `mode`, `done_list_ids` and `bot_ids` make."""
    words = tuple(word.lower() for word in words_of(settings.get("mode"))) or (Mode.LIST,)
    return Rules(
        modes=frozenset(Mode(word) for word in words if word in set(Mode)),
        done_lists=frozenset(words_of(settings.get("done_list_ids"))),
        bots=frozenset(words_of(settings.get("bot_ids"))),
        unknown=tuple(word for word in words if word not in set(Mode)),
    )
