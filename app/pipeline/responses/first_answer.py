"""A first answer in one statement, for PostgreSQL: claim, response, answers, link, marks, case and page time together.

There each statement is a trip that wakes up two processes, and six of them with BEGIN and COMMIT cost more than all
else that storing an answer takes. SQLite has no trips, and knows no INSERT inside WITH: it goes on one by one.
docs/decisions/0023-the-requesters-statements-go-to-the-driver.md
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, bindparam, text
from sqlalchemy.types import TypeEngine

from app.domain.states import FollowUpState, InvitationState
from app.models.base import UtcDateTime
from app.models.prepared import Prepared
from app.models.rollups import LINE
from app.pipeline.responses.statements import ANSWERS, INVITATIONS, LINKS, RESPONSES


class FirstAnswer(NamedTuple):
    """What shapes the statement."""

    values: int  # how many items were answered
    is_accepted: bool
    has_case: bool  # somebody who rated low asked to be contacted


@cache
def first_answer(kind: FirstAnswer) -> Prepared:
    """Return the statement; it touches one row where the invitation still stood as it was read, else none at all.

    Its values: the columns of held_responses and response_links by name, `this`, `state_read` and `moment` of the
    claim, `person_id`, `ends_at` of the quarter, `bin`, and `item_N` and `value_N`.
    """
    parts = [_claim(kind.is_accepted), f"line(id) AS ({LINE})", *_rows(kind)]
    words = f"WITH RECURSIVE {', '.join(parts)} SELECT id FROM claim"  # noqa: S608 - parts of this module
    return Prepared(text(words).bindparams(*_binds(kind)))


def _claim(is_accepted: bool) -> str:
    """Return the guard against two submissions at once; whoever waited for it finds the state changed, and no row."""
    state = InvitationState.ANSWERED if is_accepted else InvitationState.HELD_BACK
    reminder = ", remind_at = NULL" if is_accepted else ""
    return (
        f"claim AS (UPDATE invitations SET state = '{state}'{reminder}"  # noqa: S608 - our own names
        " WHERE id = :this AND state = :state_read AND expires_at > :moment RETURNING id)"
    )


def _rows(kind: FirstAnswer) -> Iterable[str]:
    told = ", ".join(f"(:item_{n}, :value_{n})" for n in range(kind.values))
    response, link = ([column.name for column in table.columns] for table in (RESPONSES, LINKS))
    yield f"response AS ({_insert('held_responses', response, response)})"
    yield (
        "answer AS (INSERT INTO held_answers (response_id, item, value)"  # noqa: S608 - numbered places
        f" SELECT :response_id, told.item, told.value FROM claim, (VALUES {told}) AS told(item, value))"
    )
    yield f"link AS ({_insert('response_links', link, link)})"
    yield "mark AS (INSERT INTO dirty_marks (department_id, period) SELECT line.id, :period FROM claim, line)"
    if kind.has_case:
        names = ["invitation_id", "person_id", "department_id", "period", "state", "created_at"]
        values = ["this", "person_id", "department_id", "period", None, "moment"]
        case = _insert("follow_ups", names, values, otherwise=f"'{FollowUpState.WAITING}'")
        yield f"contact AS ({case} ON CONFLICT (invitation_id) DO NOTHING)"
    if kind.is_accepted:
        time = _insert("page_times", ["period", "bin", "count"], ["period", "bin", None], otherwise="1")
        yield f"page_time AS ({time} ON CONFLICT (period, bin) DO UPDATE SET count = page_times.count + 1)"


def _insert(table: str, names: Iterable[str], values: Iterable[str | None], *, otherwise: str = "") -> str:
    told = ", ".join(f":{name}" if name else otherwise for name in values)
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {told} FROM claim"  # noqa: S608 - our own names


def _binds(kind: FirstAnswer) -> Iterable[BindParameter[Any]]:
    types: dict[str, TypeEngine[Any]] = {column.name: column.type for column in (*RESPONSES.columns, *LINKS.columns)}
    types |= {"this": INVITATIONS.c.id.type, "state_read": INVITATIONS.c.state.type, "moment": UtcDateTime()}
    types |= {"ends_at": UtcDateTime()} | ({"bin": Integer()} if kind.is_accepted else {})
    for n in range(kind.values):
        types |= {f"item_{n}": ANSWERS.c.item.type, f"value_{n}": ANSWERS.c.value.type}
    return (bindparam(name, type_=one) for name, one in types.items())
