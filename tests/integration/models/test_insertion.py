from app.models.insertion import insert_missing
from app.models.people import Bounce, Person
from tests.servers.databases import Database


def test_it_counts_the_rows_that_were_new(database: Database, now: object) -> None:
    session = database.session

    counts = [
        insert_missing(session, Person, {"email": "a@example.com"}),
        insert_missing(session, Person, {"email": "a@example.com"}),
        insert_missing(session, Person, [{"email": f"{name}@example.com"} for name in "abc"]),
        insert_missing(session, Person, []),
        insert_missing(session, Bounce, {"address_hash": b"x", "status": "5.1.1", "received_at": now}),
    ]

    assert counts == [1, 0, 2, 0, 1]
