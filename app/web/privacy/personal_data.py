"""What is held about somebody as a page that they can read: the values of the export and no others, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.decisions import DecisionReason
from app.domain.instruments import Wording, wording
from app.domain.instruments.items import GRID, Item
from app.domain.periods import Calendar
from app.domain.states import FollowUpState, InvitationState, MessageState, RequesterKind, RequestState, Resolution
from app.foundations import formats
from app.foundations.languages import gettext, mark, spoken
from app.models.base import SINCE_EVER
from app.reports.decisions import reason_in_words
from app.reports.message_names import names_in_words
from app.reports.quarters import quarter_words
from app.web.frame.speaking import LANGUAGE_NAMES

#: The tables of an export in the order of the page.
HEADINGS = {
    "versions": mark("Name, department and language"),
    "key_requester": mark("Counted among the key requesters"),
    "opt_out": mark("Wish not to be asked"),
    "requests": mark("Requests"),
    "completions": mark("Completions of these requests"),
    "invitations": mark("Invitations to answer"),
    "messages": mark("Mails"),
    "follow_ups": mark("Cases of contact"),
    "answers": mark("Answers that can still be connected with you"),
}

#: What each column is called. A name means the same wherever it stands.
LABELS = {
    "valid_from": mark("Since"),
    "since": mark("Since"),
    "until": mark("Until"),
    "department": mark("Department"),
    "name": mark("Name"),
    "language": mark("Language"),
    "time_zone": mark("Time zone"),
    "created_at": mark("Made on"),
    "external_id": mark("Number in the tracker"),
    "external_key": mark("Short name in the tracker"),
    "title": mark("Title"),
    "url": mark("Address in the tracker"),
    "request_type": mark("Type of request"),
    "status": mark("Status in the tracker"),
    "status_at": mark("With that status since"),
    "raw_department": mark("Department as the tracker names it"),
    "provider_department": mark("Department that did the work"),
    "requester_kind": mark("Asked by"),
    "requester_department": mark("Department of the requester"),
    "first_response_at": mark("First reply"),
    "due_at": mark("Due"),
    "on_time": mark("On time"),
    "reopened_count": mark("How often opened again"),
    "reassignment_count": mark("How often passed on"),
    "state": mark("State"),
    "state_at": mark("In that state since"),
    "updated_at": mark("Last news"),
    "cycle_count": mark("How often completed"),
    "learned_at": mark("Known to Parity since"),
    "forgotten_at": mark("Details deleted"),
    "number": mark("Completion"),
    "completed_at": mark("Completed"),
    "resolution": mark("How it ended"),
    "period": mark("Quarter"),
    "month": mark("Month"),
    "was_reopened": mark("Opened again"),
    "undone_at": mark("Taken back"),
    "decision": mark("Why asked or not"),
    "decided_at": mark("Decided"),
    "sending_period": mark("Quarter of the mail"),
    "planned_at": mark("Planned for"),
    "sent_at": mark("Sent"),
    "remind_at": mark("Reminder planned for"),
    "reminded_at": mark("Reminded"),
    "expires_at": mark("Link ends"),
    "mail_system": mark("Mail server that took it"),
    "key": mark("Identifier"),
    "params": mark("Filled in"),
    "recipient": mark("Recipient"),
    "give_up_at": mark("Tried until"),
    "attempts": mark("Attempts"),
    "leased_until": mark("Being sent until"),
    "lease": mark("Identifier of the attempt"),
    "accepted_at": mark("Taken by the mail server"),
    "error": mark("Last refusal"),
    "note": mark("Note of the department's head"),
    "contacted_at": mark("Contacted"),
    "done_at": mark("Closed on"),
    "last_word": mark("What you were told at the end"),
    "reason_chips": mark("Reasons"),
    "comment": mark("Comment"),
    "has_consented": mark("Wanted to be contacted"),
    "has_thanked": mark("Said thank you"),
}

#: What a state is called, by column and value; `state` by its table first.
STATES: Mapping[str, Mapping[str, str]] = {
    "requests": {
        RequestState.OPEN: mark("in work"),
        RequestState.DONE: mark("completed"),
        RequestState.DELETED: mark("deleted in the tracker"),
    },
    "invitations": {
        InvitationState.QUEUED: mark("planned"),
        InvitationState.WITHDRAWN: mark("taken back before it was sent"),
        InvitationState.SENT: mark("sent"),
        InvitationState.BOUNCED: mark("came back"),
        InvitationState.HELD_BACK: mark("answered, and the answer held back for a check"),
        InvitationState.ANSWERED: mark("answered"),
        InvitationState.EXPIRED: mark("ended without an answer"),
        InvitationState.CLOSED: mark("ended with its quarter"),
    },
    "messages": {
        MessageState.WAITING: mark("waits"),
        MessageState.SENDING: mark("being sent"),
        MessageState.SENT: mark("sent"),
        MessageState.FAILED: mark("refused"),
        MessageState.WITHDRAWN: mark("held back"),
    },
    "follow_ups": {
        FollowUpState.WAITING: mark("nobody got in touch yet"),
        FollowUpState.CONTACTED: mark("somebody got in touch"),
        FollowUpState.DONE: mark("closed by the head"),
    },
    "resolution": {
        Resolution.DELIVERED: mark("delivered"),
        Resolution.NOT_DELIVERED: mark("closed without being delivered"),
        Resolution.AUTOMATIC: mark("closed by a rule of the tracker"),
    },
    "requester_kind": {RequesterKind.PERSON: mark("a person"), RequesterKind.BOT: mark("a program")},
}

_DEPARTMENTS = frozenset({"department", "provider_department", "requester_department"})
_PERIODS = frozenset({"period", "sending_period"})
_MOMENTS = frozenset({"since", "until", "valid_from", "leased_until"})

Row = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """A part of the page: each row is what one entry says, as label and value."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Reader:
    """What is needed to say values in words, in the language of the moment."""

    names: Mapping[str, str]  # of departments, by code
    calendar: Calendar
    zone: ZoneInfo

    def sections(self, found: Mapping[str, Any]) -> list[Section]:
        """Return an export (`upkeep.privacy.export`) as the sections of a page; what is empty is left out."""
        return [
            Section(gettext(heading), tuple(tuple(self._row(table, row)) for row in found[table]))
            for table, heading in HEADINGS.items()
        ]

    def quarter(self, period: str) -> str:
        """Return a quarter by its months."""
        return quarter_words(self.calendar, period)

    def _row(self, table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for column, value in row.items():
            if column == "items":
                yield from self._answers(value, self._department(row["department"] or ""))
            elif value not in (None, "", [], {}):
                label = mark("Mail") if (table, column) == ("messages", "name") else LABELS[column]
                yield gettext(label), self._value(table, column, value)

    def _value(self, table: str, column: str, value: Any) -> str:
        if column in _DEPARTMENTS:
            return self._department(value)
        if column in _PERIODS:
            return self.quarter(value)
        if column in _MOMENTS or column.endswith("_at"):
            return self._moment(datetime.fromisoformat(value))
        if column == "month":
            return formats.month(date.fromisoformat(f"{value}-01"))
        return self._words(table, column, value) if isinstance(value, str) else _plain(value)

    def _words(self, table: str, column: str, value: str) -> str:
        states = STATES.get(table if column == "state" else column)
        if states is not None:
            return gettext(states[value])
        if column == "decision":
            return reason_in_words(DecisionReason(value))
        if column == "language":
            return LANGUAGE_NAMES.get(value, value)
        return names_in_words().get(value, value) if (table, column) == ("messages", "name") else value

    def _moment(self, at: datetime) -> str:
        if at == SINCE_EVER:
            return gettext("the beginning")
        return f"{formats.full_day(at.astimezone(self.zone).date())}, {formats.clock(at, self.zone)}"

    def _department(self, code: str) -> str:
        return self.names.get(code, code)

    def _answers(self, items: Mapping[str, int | None], department: str) -> Iterator[tuple[str, str]]:
        words = wording(spoken())
        for name, value in items.items():
            item = Item(name)
            yield _question(item, words, department), _answer(item, words, value)


def _plain(value: Any) -> str:
    """Return yes or no, reasons by their words, and a tracker's or a mail's own values as they are."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        words: dict[str, str] = {reason.value: said for reason, said in wording(spoken()).reasons.items()}
        return ", ".join(words.get(str(chip), str(chip)) for chip in value)
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_plain(said)}" for name, said in value.items())
    return str(value)


def _question(item: Item, words: Wording, department: str) -> str:
    if item is Item.CSAT_OVERALL:
        return words.csat_overall
    if item is Item.RECOMMEND:
        return words.recommendation(department)
    return words.question(item) if item in GRID else words.statement(item, department)


def _answer(item: Item, words: Wording, value: int | None) -> str:
    if value is None:
        return words.not_applicable
    if item is Item.RECOMMEND:
        return gettext("%(value)s of %(highest)s", value=value, highest=10)
    labels = words.csat_labels if item is Item.CSAT_OVERALL else words.agree_labels
    point = (words.grid_labels if item in GRID else labels)[value - 1]
    return f"{point} ({gettext('%(value)s of %(highest)s', value=value, highest=5)})"
