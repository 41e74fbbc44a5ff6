"""One issue as Jira describes it in bodies of hooks and answers alike: its state, and what we keep of it.

Statuses and resolutions are told apart by id, or by the category that Jira gives: names are translated and renamed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.connectors.atlassian import base_of, texts_of
from app.connectors.lenient import address_of, end_of_day, id_of, inside, moment_of, objects, text_of
from app.domain.service_requests import Requester
from app.domain.states import RequesterKind, Resolution

DONE = "done"
_CATEGORIES = {"new", "indeterminate", DONE, "undefined"}
_CATEGORY_IDS = {"1": "undefined", "2": "new", "3": DONE, "4": "indeterminate"}  # the same on every site
# The statuses that every Jira has from its installation: Open, In Progress, Reopened, Resolved, Closed.
SYSTEM_STATUSES: Mapping[str, str] = {"1": "new", "3": "indeterminate", "4": "new", "5": DONE, "6": DONE}

NOT_DELIVERED_RESOLUTIONS = (
    "won't do",
    "won't fix",
    "duplicate",
    "declined",
    "cannot reproduce",
    "incomplete",
    "rejected",
    "cancelled",
    "canceled",
    "withdrawn",
    "invalid",
    "obsolete",
    "not a bug",
)
NOT_DELIVERED_STATUSES = ("cancelled", "canceled", "declined", "rejected", "withdrawn", "won't do", "duplicate")

BORN_DONE = timedelta(seconds=5)  # how long creating an issue in a done status takes
LONGEST_VALUE = 200
MOST_VALUES = 10  # of one field that names departments


@dataclass(frozen=True)
class Issue:
    """A view of the JSON of one issue; what is missing or misshapen counts as absent."""

    raw: Mapping[str, Any]
    settings: Mapping[str, Any] = field(repr=False)
    time_zone: ZoneInfo
    statuses: Mapping[str, str] = field(default_factory=dict)  # id -> category, as the site tells

    @property
    def id(self) -> str | None:
        return id_of(self.raw.get("id"))

    @property
    def key(self) -> str | None:
        return text_of(self.raw.get("key"), LONGEST_VALUE)

    @property
    def fields(self) -> Mapping[str, Any]:
        found = self.raw.get("fields")
        return found if isinstance(found, Mapping) else {}

    @property
    def url(self) -> str | None:
        """The page that people open; the `self` of a body may be anybody's."""
        base = text_of(self.settings.get("browse_url")) or base_of(self.settings)
        return f"{base.rstrip('/')}/browse/{self.key}" if base and self.key else None

    def text(self, *path: str, longest: int = LONGEST_VALUE) -> str | None:
        return text_of(inside(self.fields, *path), longest)

    def moment(self, name: str) -> datetime | None:
        return moment_of(self.fields.get(name), self.time_zone)

    @property
    def is_done(self) -> bool | None:
        """Whether its status is done; None where only the site can tell."""
        category = category_of(self.fields.get("status"), self.statuses)
        return None if category is None else category == DONE

    def category_of_id(self, status_id: object) -> str | None:
        """Return the category of a status of which only the id is known."""
        name = text_of(status_id) or ""
        own = self.fields.get("status")
        if isinstance(own, Mapping) and text_of(own.get("id")) == name:
            return category_of(own, self.statuses)
        return self.statuses.get(name) or SYSTEM_STATUSES.get(name)

    @property
    def resolution(self) -> Resolution:
        """Whether a closed issue was delivered, by the ids or the names of its resolution and its status."""
        without = {
            "resolution": texts_of(self.settings.get("not_delivered_resolutions")) or NOT_DELIVERED_RESOLUTIONS,
            "status": texts_of(self.settings.get("not_delivered_statuses")) or NOT_DELIVERED_STATUSES,
        }
        for name, values in without.items():
            told = {(self.text(name, part) or "").replace("’", "'").casefold() for part in ("id", "name")} - {""}
            if told & {value.casefold() for value in values}:
                return Resolution.NOT_DELIVERED
        return Resolution.DELIVERED

    @property
    def is_born_done(self) -> bool:
        """True for an issue that was created in a done status, as imports and rules do."""
        created, done_at = self.moment("created"), self.moment("statuscategorychangedate")
        done_at = done_at or self.moment("resolutiondate")
        return bool(self.is_done and created and done_at and abs(done_at - created) <= BORN_DONE)

    @property
    def asker(self) -> object:
        """Who asked, as it stands in the body: whom the setting `requester_field` names, else the reporter."""
        named = text_of(self.settings.get("requester_field"))
        found = self.fields.get(named) if named else None
        if isinstance(found, list):
            found = next(iter(found), None)
        if isinstance(found, str):
            found = {"emailAddress": found}
        return found if user_of(found) else self.fields.get("reporter")

    @property
    def requester(self) -> Requester | None:
        return user_of(self.asker)

    @property
    def requester_kind(self) -> RequesterKind:
        return RequesterKind.BOT if inside(self.asker, "accountType") == "app" else RequesterKind.PERSON

    @property
    def department(self) -> dict[str, str]:
        """The raw values that may lead to a provider department, the surest first."""
        named = text_of(self.settings.get("department_field"))
        found = numbered(named, values_of(self.fields.get(named))) if named else {}
        found |= numbered("component", (self._component_names()))
        for name, part in (("project", "key"), ("project_name", "name")):
            if value := self.text("project", part):
                found[name] = value
        return found

    @property
    def raw_department(self) -> dict[str, Any] | None:
        """The same as it stands in the body."""
        if not isinstance(self.fields.get("project"), Mapping):
            return None
        named = text_of(self.settings.get("department_field"))
        found: dict[str, Any] = {
            "project_key": self.text("project", "key"),
            "project_name": self.text("project", "name"),
        }
        found["components"] = self._component_names()
        return found | ({named: self.fields.get(named)} if named else {})

    def _component_names(self) -> list[str]:
        names = (text_of(one.get("name"), LONGEST_VALUE) for one in objects(self.fields.get("components")))
        return [name for name in names if name]

    @property
    def due_at(self) -> datetime | None:
        """The end of the due day: whoever promises a day may use all of it."""
        return end_of_day(self.fields.get("duedate"), self.time_zone) or self.moment("duedate")

    @property
    def on_time(self) -> bool | None:
        """Whether the service level of the setting `sla_field` was met."""
        return was_met(self.fields.get(text_of(self.settings.get("sla_field")) or ""))


def category_of(status: object, statuses: Mapping[str, str]) -> str | None:
    """Return `new`, `indeterminate`, `done` or `undefined`; None for a status that says nothing of it.

    Service Management writes them in capitals.
    """
    told = inside(status, "statusCategory")
    key = (text_of(inside(told, "key")) or "").lower()
    if key in _CATEGORIES:
        return key
    by_id = _CATEGORY_IDS.get(text_of(inside(told, "id")) or "")
    own = text_of(inside(status, "id")) or ""
    return by_id or statuses.get(own) or SYSTEM_STATUSES.get(own)


def user_of(found: object) -> Requester | None:
    """Return a person by `accountId` (Cloud), else `key` or `name` (Data Center); an address only where one is told."""
    key = text_of(inside(found, "accountId")) or text_of(inside(found, "key")) or text_of(inside(found, "name"))
    name = text_of(inside(found, "displayName"), LONGEST_VALUE) or text_of(inside(found, "name"), LONGEST_VALUE)
    email = address_of(inside(found, "emailAddress"))
    return Requester(email=email, key=key, name=name) if key or email else None


def values_of(found: object) -> list[str]:
    """Return what a custom field names: text, options (an inner choice first), groups, users, or lists of these."""
    return [value for value in _values(found, depth=0) if value][:MOST_VALUES]


def _values(found: object, depth: int) -> Iterator[str | None]:
    if isinstance(found, list) and depth < 3:
        for one in found:
            yield from _values(one, depth + 1)
    elif isinstance(found, Mapping) and depth < 3:
        yield from _values(found.get("child"), depth + 1)
        yield next(filter(None, (text_of(found.get(name), LONGEST_VALUE) for name in _NAMES)), None)
    else:
        yield text_of(found, LONGEST_VALUE)


_NAMES = ("value", "name", "displayName")


def numbered(name: str, values: list[str]) -> dict[str, str]:
    """Return the values of one field under `name`, `name_2`, `name_3` …"""
    return {name if number == 1 else f"{name}_{number}": value for number, value in enumerate(values, start=1)}


def was_met(sla: object) -> bool | None:
    """Return whether a service level was met, from a field or a row of `/sla`; None while nobody knows.

    Several cycles are one for each time that the clock was stopped: the last one speaks for the last completion. Times
    of cycles are working time, so only Jira itself can compare them with the clock.
    """
    cycles = sorted(objects(inside(sla, "completedCycles")), key=_stopped_at)
    if cycles:
        return _cycle_met(cycles[-1])
    return False if inside(sla, "ongoingCycle", "breached") is True else None


def _stopped_at(cycle: Mapping[str, Any]) -> int:
    found = inside(cycle, "stopTime", "epochMillis")
    return found if isinstance(found, int) else 0


def _cycle_met(cycle: Mapping[str, Any]) -> bool | None:
    if isinstance(cycle.get("breached"), bool):
        return not cycle["breached"]
    took, goal = inside(cycle, "elapsedTime", "millis"), inside(cycle, "goalDuration", "millis")
    return took <= goal if isinstance(took, int) and isinstance(goal, int) else None
