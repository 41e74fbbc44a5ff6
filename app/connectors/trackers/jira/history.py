"""What a changelog tells of an issue: the changes of one event, or the histories of its whole life."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.connectors.lenient import inside, moment_of, objects, text_of
from app.connectors.trackers.jira.issue import DONE, Issue


@dataclass(frozen=True)
class Step:
    """One change of one field."""

    field: str
    before: str | None
    after: str | None
    at: datetime | None = None
    before_name: str | None = None


def steps_of(items: object, at: datetime | None = None) -> Iterator[Step]:
    """Yield the changes of system fields; `Status` of a new issue is `status`, a custom field of that name is not."""
    for item in objects(items):
        name = text_of(item.get("fieldId")) or (text_of(item.get("field")) or "").lower()
        if item.get("fieldtype") != "custom":
            before, after = text_of(item.get("from")), text_of(item.get("to"))
            yield Step(name, before, after, at, text_of(item.get("fromString")))


def last_of(steps: list[Step], name: str) -> Step | None:
    return next((step for step in reversed(steps) if step.field == name), None)


@dataclass(frozen=True)
class History:
    """The life of an issue as `expand=changelog` tells it, oldest step first."""

    issue: Issue
    steps: tuple[Step, ...]
    is_complete: bool  # answers are cut off: Cloud's searches after the 40 newest histories

    @classmethod
    def of(cls, issue: Issue) -> "History":
        """Read the histories of an issue; none where its body has none."""
        found = issue.raw.get("changelog")
        histories = list(objects(inside(found, "histories")))
        told = [(moment_of(one.get("created"), issue.time_zone), one) for one in histories]
        dated = sorted(((at, one) for at, one in told if at is not None), key=lambda pair: pair[0])
        steps = tuple(step for at, one in dated for step in steps_of(one.get("items"), at))
        total = inside(found, "total")
        return cls(issue, steps, bool(histories) and isinstance(total, int) and total <= len(dated))

    @property
    def moves(self) -> list[Step]:
        """The changes of status."""
        return [step for step in self.steps if step.field == "status"]

    @property
    def unknown_statuses(self) -> set[str]:
        """The ids of statuses whose category only the site can tell."""
        ids = {one for step in self.moves for one in (step.before, step.after) if one}
        return {one for one in ids if self.issue.category_of_id(one) is None}

    @property
    def started_at(self) -> datetime | None:
        """When somebody first took it up: the first move into a status in progress."""
        moves = (step.at for step in self.moves if self.issue.category_of_id(step.after) == "indeterminate")
        return next(moves, None)

    @property
    def completed_at(self) -> datetime | None:
        """When it last came into a done status from one that is not done; None while a status is unknown."""
        if self.unknown_statuses:
            return None
        into = [
            step.at for step in self.moves if (self._is_done(step.before), self._is_done(step.after)) == (False, True)
        ]
        return into[-1] if into else None

    @property
    def counts(self) -> Mapping[str, Any]:
        """How often it was reopened and handed on, where the changelog is whole and its statuses are known."""
        if not self.is_complete:
            return {}
        handed_on = sum(1 for step in self.steps if step.field == "assignee" and step.before and step.after)
        if self.unknown_statuses:
            return {"reassignment_count": handed_on}
        reopened = sum(1 for step in self.moves if self._is_done(step.before) and not self._is_done(step.after))
        return {"reassignment_count": handed_on, "reopened_count": reopened}

    def _is_done(self, status_id: str | None) -> bool:
        return self.issue.category_of_id(status_id) == DONE
