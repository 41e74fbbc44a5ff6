"""Keys of requesters that are longer than an index takes: a custom field may hold anything."""

from sqlalchemy import select

from app.domain.service_requests import Requester
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.models.connections import Connection
from app.models.people import Person
from app.pipeline.intake.people import find_or_add_requester
from tests.servers.databases import Database


def test_somebody_named_by_an_essay_is_one_person_under_its_beginning(database: Database) -> None:
    essay = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(1000))  # 3,000 bytes that pack badly
    tracker = Connection(slug="desk", side=ConnectionSide.TRACKER, kind="trello", settings={}, created_at=clock.now())
    database.session.add(tracker)
    database.session.flush()

    found = {find_or_add_requester(database.session, Requester(key=essay), tracker) for _ in range(2)}
    database.session.commit()

    people = database.session.execute(select(Person.id, Person.source_key)).tuples().all()
    assert [(key, name) for key, name in people] == [(found.pop(), essay[:200])]
