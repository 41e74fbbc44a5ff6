"""How many statements a page and an answer cost through the whole application, whatever is stored."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.models.base import db
from tests.integration.web.conftest import Link, nonce_of

FULL = {"csat_overall": "1", "timeliness": "2", "communication": "na", "contact": "1", "comment": "x" * 2000}


@contextmanager
def _counted(link: Link) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SET", "PRAGMA")):
            statements.append(statement)

    with link.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_page_costs_two_statements_at_most_and_an_answer_eight(link: Link) -> None:
    client = link.app.test_client()
    client.get(link.path)  # once a minute, a process looks whether the branding has changed
    counts = []

    for query in ("?score=1", "?change=1"):
        with _counted(link) as get:
            nonce = nonce_of(client.get(link.path + query))
        link.clock.wait(seconds=30)
        with _counted(link) as post:
            client.post(link.path, data={"nonce": nonce, **FULL})
        counts.append((len(get), len(post)))

    first = 2 if link.database.kind == "postgresql" else 8  # a first answer is stored whole there, in one trip
    assert counts == [(1, first), (2, 7)]
