"""A Trello board: added, heard, reopened in time, silent for an hour, asked for all of it again."""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.jobs.deliveries import process_deliveries
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.jobs.polling import poll_connections
from app.models.invitations import Invitation
from tests.builders.trello_board import ALICE as ALICE_ID
from tests.builders.trello_board import BOARD, DOING, DONE, SECRET, TrelloBoard
from tests.conftest import ALICE
from tests.journeys.conftest import Company, next_morning
from tests.journeys.told import cycles, flask, open_service_desk, states
from tests.servers.vendor import Vendor

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def _add(company: Company, board: TrelloBoard) -> str:
    settings = {
        "api_key": "thekey",
        "token": "ATTAtoken",
        "secret": SECRET,
        "board_id": BOARD,
        "done_list_ids": [DONE],
        "requesters": {ALICE_ID: ALICE.email},
        "departments": {"board_name:Service desk": "IT"},
        "base_url": board.vendor.url,
    }
    pairs = [f"--setting={name}={json.dumps(value)}" for name, value in settings.items()]
    return flask(company, "trackers", "add", "desk", "--kind", "trello", *pairs)


def test_a_board_from_its_first_card_over_an_outage_to_a_backfill(company: Company, vendor: Vendor) -> None:
    work, board = company.installation, TrelloBoard(vendor)
    open_service_desk(company)
    began = datetime.now(UTC) - 8 * MINUTE

    # added: credentials tried, hook registered after Trello's HEAD
    printed = _add(company, board)
    assert "Trello: walter sees the board Service desk; done by: Done ✅" in printed
    assert "the hook is registered" in printed

    # completed, decided on the next morning, opened again before the mail left
    card = board.create(1, "VPN drops", began)
    board.move(card, DONE, began + MINUTE)
    assert (board.answers, process_deliveries(work, now=datetime.now(UTC))) == ([202, 202], 2)
    assert cycles(company) == [("VPN drops", 1, True)]
    morning = next_morning(datetime.now(UTC))
    run_invitations(work, now=morning)
    board.move(card, DOING, began + 2 * MINUTE)
    process_deliveries(work, now=datetime.now(UTC))
    run_invitations(work, now=morning + MINUTE)
    assert deliver_mail(work, now=morning + MINUTE).sent == 0
    assert cycles(company) == [("VPN drops", 1, False)]

    # completed once more: one survey, to who made the card and not to who moved it
    board.move(card, DONE, began + 3 * MINUTE)
    process_deliveries(work, now=datetime.now(UTC))
    later = next_morning(morning)
    run_invitations(work, now=later)
    assert deliver_mail(work, now=later + MINUTE).sent == 1
    assert [str(mail["Subject"]) for mail in company.mails_to(ALICE.email)] == ["How was this handled? VPN drops"]

    _an_hour_of_silence(company, board)


def _an_hour_of_silence(company: Company, board: TrelloBoard) -> None:
    work, noon = company.installation, datetime.now(UTC)
    assert poll_connections(work, now=noon) == 1
    heard = [board.body(action) for action in board.actions]

    board.calls_hook = False
    done = board.create(2, "Toner", noon + 5 * MINUTE)
    board.move(done, DONE, noon + 10 * MINUTE)
    twice = board.create(3, "Monitor", noon + 15 * MINUTE)
    for place, minutes in ((DONE, 20), (DOING, 25), (DONE, 30)):
        board.move(twice, place, noon + minutes * MINUTE)
    gone = board.create(4, "Mouse", noon + 35 * MINUTE)
    board.move(gone, DONE, noon + 40 * MINUTE)
    board.delete(gone, noon + 45 * MINUTE)
    after = [
        ("Monitor", 1, False),
        ("Monitor", 2, True),
        ("Mouse", 1, False),
        ("Toner", 1, True),
        ("VPN drops", 1, False),
        ("VPN drops", 2, True),
    ]

    # the poll hears all of it …
    assert poll_connections(work, now=noon + HOUR) == 1
    assert cycles(company) == after
    assert states(company) == {"Monitor": "done", "Mouse": "deleted", "Toner": "done", "VPN drops": "done"}

    # … and neither late hooks, nor repeated ones, nor a backfill add anything
    assert board.hook is not None
    late = [board.body(action) for action in board.actions]
    assert {board.deliver(body) for body in heard + late} == {202}
    process_deliveries(work, now=noon + HOUR)
    assert flask(company, "trackers", "backfill", "desk", "--since", f"{noon - timedelta(days=2):%Y-%m-%d}") != ""
    poll_connections(work, now=noon + 2 * HOUR)
    assert cycles(company) == after
    assert len(company.rows(select(Invitation.id))) == 2  # of the first card: one withdrawn, one sent
