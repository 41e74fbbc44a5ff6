"""Small companies of random shape, with everything that they were told in two quarters."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.decisions import DecisionReason
from app.domain.periods import Period
from app.domain.states import FollowUpState, InvitationState
from app.models.base import SINCE_EVER
from app.models.departments import Department, DepartmentVersion
from app.models.follow_ups import FollowUp
from app.models.people import RequesterTag
from app.models.rollups import mark_dirty
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, KEYS, freeze
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import completed_request, open_request

Q2, Q3 = Period(2026, 2), Period(2026, 3)
JULY_FIRST = datetime(2026, 7, 1, tzinfo=UTC)
PEOPLE = 45
KEY_REQUESTERS = 12
CONSENTING = 3  # people who ask to be contacted, in everything they answer
DELIVERED = (InvitationState.SENT, InvitationState.ANSWERED, InvitationState.HELD_BACK)
STATES = ("answered", "sent", "held_back", "bounced")
DECISIONS = ("invited", "own_department", "requester_is_a_bot", "quarantine", "sampled_out")
ASPECTS = ("timeliness", "result_quality", "communication")
CHIPS = {"too_slow": 0.6, "result_not_right": 0.4, "too_much_effort": 0.2}  # how often a low rating names each
Line = tuple[str, ...]  # a department and those above it, nearest first
COMPANY = ""  # above every department


@dataclass(frozen=True)
class Given:
    """One response as the company knows it."""

    number: int
    line: Line
    revision: int  # the first that may tell of it
    who: str
    has_consented: bool
    has_thanked: bool
    values: dict[str, str]  # per cut
    items: dict[str, int | None]
    chips: frozenset[str] = frozenset()
    source: str = "survey"
    is_contacted: bool = False

    @property
    def is_low(self) -> bool:
        """Tell whether the response rates low: in our own survey it was asked why."""
        return (self.items.get("csat_overall") or 5) <= 2

    def is_in(self, measure: str, cut: str, value: str) -> bool:
        """Tell whether the response counts in a measure and a value of a cut."""
        return (not cut or self.values.get(cut) == value) and self._counts_in(measure)

    def _counts_in(self, measure: str) -> bool:
        kind, _, item = measure.partition(":")
        if kind == "answers":
            return self.items.get(item) is not None
        if kind == "not_applicable":
            return item in self.items and self.items[item] is None
        is_asked = self.is_low and self.source == "survey"
        counted = {
            "low_ratings": self.is_low,
            "theme": is_asked,
            "asked": is_asked,
            "named": is_asked and item in self.chips,
            "silent": is_asked and item not in self.chips,
            "imported": self.source != "survey",
            "consented": self.has_consented,
            "contacted": self.is_contacted,
            "thanks": self.has_thanked,
            "responses": True,
            "complete": all(self.items.get(name) for name in ("csat_overall", *ASPECTS)),
        }
        return counted[kind]


@dataclass(frozen=True)
class Asked:
    """One request: every figure of the funnel and of the work counts some of them."""

    number: int
    line: Line
    decision: DecisionReason | None  # None: still open
    revision: int = 1  # the first that may tell of it
    state: InvitationState | None = None
    values: dict[str, str] = field(default_factory=dict)

    @property
    def who(self) -> str:
        """Each request by itself: counts of requests are judged by requests."""
        return str(self.number)

    def is_in(self, measure: str, cut: str, value: str) -> bool:
        """Tell whether the request counts in a step or reason of the funnel, or in the work; there is no cut."""
        name = measure.removeprefix("requests:")
        if cut or value or (self.decision is None) != (name == "open"):
            return False
        return {
            "open": True,
            "eligible": self.decision is not None and self.decision.is_eligible,
            "completed": True,
            "completions": True,
            "arrivals": True,
            "delivered": self.state in DELIVERED,
            "answered": self.state is InvitationState.ANSWERED,
            "held_back": self.state is InvitationState.HELD_BACK,
        }.get(name, name == self.decision)


@dataclass
class World:
    """A company of random shape, with what it was told in each quarter."""

    session: Session
    random: np.random.Generator
    rates_aspects: bool = False
    aside: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))
    why: np.random.Generator = field(default_factory=lambda: np.random.default_rng(2))
    places: dict[str, Department] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    told: dict[Period, list[Given]] = field(default_factory=lambda: defaultdict(list))
    requests: dict[Period, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    _asked: dict[Period, set[int]] = field(default_factory=lambda: defaultdict(set))
    _people: dict[int, Any] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _touched: set[str] = field(default_factory=set)

    def of_measure(self, period: Period, measure: str) -> list[Given] | list[Asked]:
        """Return what a measure counts some of."""
        return self.requests[period] if measure.startswith("requests:") else self.told[period]

    def behind(self, period: Period, measure: str, place: tuple[str, str, str], revision: int) -> frozenset[int]:
        """Return the numbers of what a figure of a department, cut and value rests on in a revision."""
        code, cut, value = place
        return frozenset(
            one.number
            for one in self.of_measure(period, measure)
            if (code in {COMPANY, f"{one.line[0]}/own", *one.line})
            and one.revision <= revision
            and one.is_in(measure, cut, value)
        )

    def founded(self) -> "World":
        """Make one to three roots, departments below them and some below these."""
        for root in range(int(self.random.integers(1, 4))):
            self._department(f"R{root}", None)
            for child in range(int(self.random.integers(0, 4))):
                self._department(f"R{root}{child}", f"R{root}")
                for leaf in range(int(self.random.choice([0, 0, 2, 3]))):
                    self._department(f"R{root}{child}{leaf}", f"R{root}{child}")
        for period in (Q2, Q3):
            quarter_salt(self.session, KEYS, str(period))
        return self

    def _department(self, code: str, parent: str | None) -> None:
        above = self.places[parent] if parent else None
        self.places[code] = department(self.session, code, parent=above)
        if parent:
            self.parents[code] = parent

    def line(self, code: str) -> Line:
        """Return a department and those above it."""
        found = [code]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return tuple(found)

    def reorganised(self) -> None:
        """Put one department below another one that is not below it."""
        movable = sorted(self.parents)
        if not movable:
            return
        moved = str(self.random.choice(movable))
        targets = [code for code in sorted(self.places) if moved not in self.line(code)]
        above = str(self.random.choice(targets))
        row = self.places[moved]
        current = DepartmentVersion.department_id == row.id
        self.session.execute(update(DepartmentVersion).where(current).values(valid_to=JULY_FIRST))
        self.session.add(
            DepartmentVersion(
                department_id=row.id,
                parent_id=self.places[above].id,
                valid_from=JULY_FIRST,
                name=moved,
                staff_count=20,
            )
        )
        self.session.flush()
        self.parents[moved] = above

    def answered(self, period: Period, count: int, revision: int = 1) -> None:
        """Let people answer, unevenly over departments and kinds of requests."""
        for code in self._chosen(count):
            self._answer(period, code, revision)
        self._mark(period)

    def worked(self, period: Period, count: int) -> None:
        """Let requests be completed, most of them asked about, unevenly over departments."""
        for code in self._chosen(count):
            decision = DecisionReason(self.random.choice(DECISIONS, p=[0.6, 0.1, 0.1, 0.1, 0.1]))
            self._complete(period, code, decision, int(self.random.integers(PEOPLE)))
        self._mark(period)

    def learned_late(self, period: Period, count: int) -> None:
        """Let a tracker tell of completed requests after the quarter was frozen."""
        for code in self.aside.choice(sorted(self.places), size=count):
            self._complete(period, str(code), DecisionReason.TOO_LATE, int(self.aside.integers(PEOPLE)), revision=2)
        self._mark(period)

    def left_open(self, period: Period, count: int) -> None:
        """Let requests of long ago stand open, beside those of the quarter before."""
        for code in self.aside.choice(sorted(self.places), size=count):
            open_request(self.session, self.places[str(code)], self._person(0), CALENDAR.starts_at(Period(2026, 1)))
            self._open.append(str(code))
        told = self.requests[period]
        told += [Asked(number, self.line(code), None) for number, code in enumerate(self._open, start=len(told))]

    def _complete(self, period: Period, code: str, decision: DecisionReason, number: int, *, revision: int = 1) -> None:
        done = CALENDAR.starts_at(period) + timedelta(days=7)
        self._asked[period].add(number)
        cycle = completed_request(self.session, self.places[code], self._person(number), done, decision=decision)
        state = None
        if decision is DecisionReason.INVITED:
            state = InvitationState(self.aside.choice(STATES, p=[0.5, 0.15, 0.25, 0.1]))
            invitation(self.session, cycle, sent_at=done + timedelta(days=1, minutes=cycle.id), state=state)
        self._touched.add(code)
        told = self.requests[period]
        told.append(Asked(len(told), self.line(code), decision, revision, state))

    def _chosen(self, count: int) -> list[str]:
        codes = sorted(self.places)
        shares = self.random.dirichlet(np.full(len(codes), 0.8))
        return [str(code) for code in self.random.choice(codes, size=count, p=shares)]

    def _mark(self, period: Period) -> None:
        for code in sorted(self._touched):
            mark_dirty(self.session, self.places[code].id, str(period), CALENDAR.ends_at(period))
        self._touched.clear()

    def _answer(self, period: Period, code: str, revision: int) -> None:
        random, number = self.random, int(self.random.integers(PEOPLE))
        works_in = sorted(self.places)[number % min(4, len(self.places))]
        values = {
            "request_type": str(random.choice(["access", "repair", "visit"], p=[0.6, 0.3, 0.1])),
            "on_time": str(random.choice(["yes", "no"], p=[0.85, 0.15])),
            "reopened": str(random.choice(["yes", "no"], p=[0.15, 0.85])),
            "requester_department": works_in,
            "month": f"2026-{period.quarter * 3 - int(random.integers(3)):02d}",
            "requester_tag": "key" if number < KEY_REQUESTERS else "other",
            "requester_history": self._history(period, number),
        }
        items: dict[str, int | None] = {
            str(random.choice(["trust", "effort", "recommend"])): int(random.integers(1, 6))
        }
        items |= {"csat_overall": int(random.integers(1, 6))} if random.random() < 0.9 else {}
        items |= {"timeliness": int(random.integers(1, 6)) if random.random() < 0.8 else None}
        items |= self._further_aspects(items) if self.rates_aspects else {}
        has_consented, has_thanked = number < CONSENTING, bool(random.random() < 0.15)
        source = str(self.why.choice(["survey", "old-tool"], p=[0.75, 0.25]))
        chips = frozenset(chip for chip, often in CHIPS.items() if self.why.random() < often)
        is_contacted = has_consented and self._contacted(period, code, number)
        held_response(
            self.session,
            self.places[code],
            self._person(number),
            items,
            str(period),
            request_type=values["request_type"],
            requester_department_id=self.places[works_in].id,
            on_time=values["on_time"] == "yes",
            was_reopened=values["reopened"] == "yes",
            month=values["month"],
            has_consented=has_consented,
            has_thanked=has_thanked,
            reason_chips=sorted(chips),
            source=source,
        )
        who = "" if has_consented else str(number)
        told = self.told[period]
        known = (values, items, chips, source, is_contacted)
        told.append(Given(len(told), self.line(code), revision, who, has_consented, has_thanked, *known))
        self._touched.add(code)

    def _contacted(self, period: Period, code: str, number: int) -> bool:
        """Add the case of somebody who asked to be contacted; its request is of long ago and counts nowhere."""
        place, before = self.places[code], CALENDAR.starts_at(Period(2020, 1)) + timedelta(days=7)
        cycle = completed_request(self.session, place, self._person(number), before)
        about = invitation(self.session, cycle, sent_at=before + timedelta(minutes=cycle.id))
        is_contacted = bool(self.aside.random() < 0.7)
        at = CALENDAR.ends_at(period)
        self.session.add(
            FollowUp(
                invitation_id=about.id,
                person_id=self._person(number).id,
                department_id=place.id,
                period=str(period),
                state=FollowUpState.CONTACTED if is_contacted else FollowUpState.WAITING,
                created_at=at,
                contacted_at=at if is_contacted else None,
            )
        )
        return is_contacted

    def _history(self, period: Period, number: int) -> str:
        """Return whether somebody asked before; of the first quarter nothing is known."""
        if period == Q2:
            return "unknown"
        return "returning" if number in self._asked[Q2] else "first_time"

    def _further_aspects(self, items: dict[str, int | None]) -> dict[str, int | None]:
        """Return aspects of which one follows the overall rating, so that there are drivers to tell."""
        overall = items.get("csat_overall")
        if overall is None or self.aside.random() < 0.1:
            return {}
        found: dict[str, int | None] = {"result_quality": int(self.aside.integers(1, 6)), "communication": overall}
        if self.aside.random() < 0.4:
            found["cooperation"] = int(self.aside.integers(1, 6))
        return found

    def _person(self, number: int) -> Any:
        if number not in self._people:
            self._people[number] = person(self.session, f"p{number}@example.com")
            if number < KEY_REQUESTERS:
                self.session.add(RequesterTag(person_id=self._people[number].id, since=SINCE_EVER))
                self.session.flush()
        return self._people[number]

    def lived_through_two_quarters(self) -> "World":
        """Freeze a quarter, reorganise, freeze the next, let late answers and requests come in and freeze again."""
        self.lived_through(Q2, 70)
        self.reorganised()
        self.lived_through(Q3, 90)
        self.answered(Q3, 25, revision=2)
        self.learned_late(Q3, 6)
        freeze(self.session, CALENDAR.freezes_at(Q3))
        return self

    def lived_through(self, period: Period, answers: int) -> "World":
        """Freeze a quarter with its work and its answers."""
        self.left_open(period, 30)
        self.worked(period, 60)
        self.answered(period, answers)
        freeze(self.session, CALENDAR.freezes_at(period), period=period)
        return self
