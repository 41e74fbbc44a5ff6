"""The migrations build, on both databases, exactly the tables that the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from app.models.base import Base
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
