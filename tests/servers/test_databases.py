"""The migrations build, on both databases, exactly the tables that the models describe."""

from zoneinfo import ZoneInfo

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select

from app.domain.periods import Calendar
from app.models.base import Base, make_engine
from app.models.responses import ReleasedComment
from app.models.scorecards import ScorecardRevision
from app.models.service_requests import ServiceRequest
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.builders.people import person
from tests.builders.service_requests import LONG_AGO, completed_request
from tests.servers.databases import Database, migrate


def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert differences == []


def test_migrations_run_down_and_up_again(database: Database) -> None:
    before = set(inspect(database.engine).get_table_names())

    migrate(database.url, "base")
    emptied = set(inspect(database.engine).get_table_names())
    migrate(database.url)

    assert emptied == {"alembic_version"}
    assert set(inspect(database.engine).get_table_names()) == before
    assert before >= {"departments", "invitations", "alembic_version"}


def test_a_status_stored_before_its_beginning_was_kept_counts_from_its_latest_report(database: Database) -> None:
    session = database.session
    alice, place = person(session, "alice@example.com"), department(session, "IT")
    for status in ("Doing", None):
        cycle = completed_request(session, place, alice, LONG_AGO)
        session.get_one(ServiceRequest, cycle.request_id).status = status
    session.commit()

    migrate(database.url, "0014")
    migrate(database.url)

    found = select(ServiceRequest.status, ServiceRequest.status_at).order_by(ServiceRequest.id)
    assert session.execute(found).tuples().all() == [("Doing", LONG_AGO), (None, None)]


def test_comments_kept_by_the_weaker_rule_before_0022_are_deleted(database: Database) -> None:
    session, place = database.session, department(database.session, "IT")
    session.add(ReleasedComment(id=b"c" * 16, department_id=place.id, period="2026-Q3", text="of five people"))
    session.commit()

    migrate(database.url, "0021")
    migrate(database.url)

    assert session.scalars(select(ReleasedComment.text)).all() == []


def test_scorecards_frozen_before_their_lines_were_kept_get_them_from_their_documents(database: Database) -> None:
    row = issue(database.session, department(database.session, "IT"), posted=None, calendar=Calendar(ZoneInfo("UTC")))
    database.session.commit()
    known = row.name, row.finding

    migrate(database.url, "0045")
    migrate(database.url)

    query = select(ScorecardRevision.name, ScorecardRevision.finding)
    assert database.session.execute(query).tuples().all() == [known]
    assert known[0] == "IT Support"
    assert "key" in known[1]


def test_engines_of_a_kind_write_a_statement_once(database: Database) -> None:
    engines = [make_engine(database.url) for _ in range(2)]

    written = []
    for engine in engines:
        with engine.connect() as connection:
            written.append(connection.execute(select(ServiceRequest.status)).context.compiled)
        engine.dispose()

    assert written[0] is written[1]
