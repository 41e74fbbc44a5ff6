"""Trello: cards of one board. A completion is a setting: a list, the mark "complete", or the archive."""

from app.connectors.connector import Connector, Setting
from app.connectors.trackers.trello.calling import fetch, fill_in, poll
from app.connectors.trackers.trello.reading import delivery_key, read, verify
from app.connectors.trackers.trello.registering import check, look_after, register
from app.domain.states import ConnectionSide
from app.foundations.languages import mark

SETTINGS = (
    Setting(name="api_key", meaning=mark("the API key of your Trello app"), needed=True, secret=True),
    Setting(
        name="token", meaning=mark("the token of a member of the board, made for that key"), needed=True, secret=True
    ),
    Setting(name="secret", meaning=mark("the secret beside the API key: it signs deliveries"), needed=True, signs=True),
    Setting(name="board_id", meaning=mark("the board: what follows trello.com/b/ in its address"), needed=True),
    Setting(name="mode", meaning=mark("what makes a card done: list, due_complete, archive, or several of them")),
    Setting(name="done_list_ids", meaning=mark("the ids of the lists whose cards are done")),
    Setting(name="requester_field_id", meaning=mark("the id of the custom field that names who asked")),
    Setting(name="requester_label", meaning=mark("how the line begins that holds the address of who asked")),
    Setting(name="department_field_id", meaning=mark("the id of the custom field that names the department")),
    Setting(name="bot_ids", meaning=mark("the ids of members who are programs: nobody writes to them")),
    Setting(name="base_url", meaning=mark("another address of the API, for a gateway of your own")),
)

CONNECTOR = Connector(
    kind="trello",
    side=ConnectionSide.TRACKER,
    settings=SETTINGS,
    read=read,
    verify=verify,
    delivery_key=delivery_key,
    answers_head=True,
    check=check,
    fetch=fetch,
    fill_in=fill_in,
    register=register,
    look_after=look_after,
    poll=poll,
)
