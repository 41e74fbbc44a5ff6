"""What is held about somebody, in words: no column and no state of the tables is left without one."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.periods import Calendar
from app.domain.states import FollowUpState, InvitationState, MessageState, RequesterKind, RequestState, Resolution
from app.foundations.languages import speaking
from app.models.base import SINCE_EVER
from app.upkeep.privacy.export import TABLES, columns_told
from app.web.privacy.personal_data import HEADINGS, LABELS, STATES, Reader

BERLIN = ZoneInfo("Europe/Berlin")
READER = Reader({"it": "IT Service"}, Calendar(BERLIN), BERLIN)
NOTHING: dict[str, Any] = {table: [] for table in HEADINGS}


def said(table: str, row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the page says of one row of a table."""
    sections = READER.sections(NOTHING | {table: [row]})
    assert [len(section.rows) for section in sections] == [int(name == table) for name in HEADINGS]
    return list(sections[list(HEADINGS).index(table)].rows[0])


def test_every_table_has_its_heading_and_every_column_its_label() -> None:
    columns = {told for table in TABLES.values() for told in columns_told(table).values()}

    assert list(HEADINGS) == [*TABLES, "answers"]
    assert columns - set(LABELS) == set()


def test_every_state_has_its_words() -> None:
    kinds = {
        "requests": RequestState,
        "invitations": InvitationState,
        "messages": MessageState,
        "follow_ups": FollowUpState,
        "resolution": Resolution,
        "requester_kind": RequesterKind,
    }

    assert {name: set(words) for name, words in STATES.items()} == {name: set(kind) for name, kind in kinds.items()}


@pytest.mark.parametrize(
    ("table", "row", "expected"),
    [
        ("versions", {"valid_from": SINCE_EVER.isoformat()}, [("Since", "the beginning")]),
        (
            "versions",
            {"department": "it", "language": "de", "name": None},
            [("Department", "IT Service"), ("Language", "Deutsch")],
        ),
        (
            "opt_out",
            {"created_at": datetime(2026, 7, 14, 9, 5, tzinfo=UTC).isoformat()},
            [("Made on", "14\u00a0July 2026, 11:05")],
        ),
        (
            "requests",
            {"on_time": False, "reopened_count": 0, "raw_department": {}},
            [("On time", "no"), ("How often opened again", "0")],
        ),
        (
            "requests",
            {"state": "done", "raw_department": {"team": "Büro", "ids": [1, 2]}},
            [("State", "completed"), ("Department as the tracker names it", "team: Büro\nids: 1, 2")],
        ),
        (
            "completions",
            {"period": "2026-Q3", "month": "2026-07"},
            [("Quarter", "July to September 2026"), ("Month", "July 2026")],
        ),
        ("completions", {"decision": "opted_out"}, [("Why asked or not", "The requester does not want to be asked.")]),
        ("messages", {"name": "reminder", "state": "failed"}, [("Mail", "Reminders"), ("State", "refused")]),
    ],
)
def test_values_are_said_in_words(table: str, row: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert said(table, row) == expected


def test_answers_stand_under_their_questions() -> None:
    items = {"csat_overall": 2, "timeliness": None, "effort": 5, "recommend": 10}
    answer = {"department": "it", "items": items, "reason_chips": ["too_slow", "x"], "has_thanked": True}

    with speaking("de"):
        told = said("answers", answer)

    assert [value for _, value in told] == [
        "IT Service",
        "Eher unzufrieden (2 von 5)",
        "Kann ich nicht beurteilen",
        "Stimme voll und ganz zu (5 von 5)",
        "10 von 10",
        "Zu lange gedauert, x",
        "ja",
    ]
    assert told[3][0] == "Die Abteilung „IT Service“ hat es mir leicht gemacht, mein Anliegen zu klären."
