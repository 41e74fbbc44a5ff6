"""What a failing statement says stands in logs and in stored errors, so it names no values."""

import traceback

import pytest
from sqlalchemy import Insert, insert, text
from sqlalchemy.exc import DataError, IntegrityError

from app.models.people import Person, PersonVersion
from app.models.silence import without_values
from tests.builders.people import person
from tests.conftest import ALICE
from tests.servers.databases import Database

ADDRESS = "mallory.secret@example.com"
NUMBER = 987654
SECRETS = (ADDRESS, ADDRESS.upper(), ALICE.email, str(NUMBER), "Failing row", "Key (", "DETAIL", "CONTEXT")

CHECK = insert(Person).values(email=ADDRESS.upper())
NOT_NULL = insert(PersonVersion).values(person_id=1, valid_from=None, name=ADDRESS)
UNIQUE = insert(Person).values(email=ALICE.email)
FOREIGN_KEY = insert(PersonVersion).values(person_id=NUMBER, name=ADDRESS)


def _in_the_log(error: BaseException) -> list[str]:
    """Return which secrets a logged traceback holds, with the errors behind the error."""
    log = "".join(traceback.format_exception(error))
    return [secret for secret in SECRETS if secret in log]


@pytest.mark.parametrize(
    ("statement", "on_sqlite", "on_postgresql"),
    [
        pytest.param(CHECK, "person_address_is_lower_case", "person_address_is_lower_case", id="check"),
        pytest.param(NOT_NULL, "person_versions.valid_from", '"valid_from"', id="not-null"),
        pytest.param(UNIQUE, "people.email", "person_address_is_unique", id="unique"),
        pytest.param(FOREIGN_KEY, "FOREIGN KEY", "fk_person_versions_person_id", id="foreign-key"),
    ],
)
def test_a_broken_rule_is_named_and_what_broke_it_is_not(
    database: Database, statement: Insert, on_sqlite: str, on_postgresql: str
) -> None:
    person(database.session, ALICE.email)

    with pytest.raises(IntegrityError) as caught:
        database.session.execute(statement)

    first_line = str(caught.value).splitlines()[0]
    assert (on_sqlite if database.kind == "sqlite" else on_postgresql) in first_line
    assert _in_the_log(caught.value) == []


def test_a_failing_flush_is_silent_too(database: Database) -> None:
    database.session.add(Person(email=ADDRESS.upper()))

    with pytest.raises(IntegrityError) as caught:
        database.session.flush()

    assert _in_the_log(caught.value) == []


def test_a_value_that_does_not_fit_its_type_is_not_quoted(database: Database) -> None:
    if database.kind == "sqlite":
        statement = text("SELECT json_extract(:address, '$')").bindparams(address=ADDRESS)
        with pytest.raises(Exception, match="malformed JSON") as caught:
            database.session.execute(statement)
    else:
        statement = text("SELECT CAST(:address AS integer)").bindparams(address=ADDRESS)
        with pytest.raises(DataError, match="a value does not fit") as caught:
            database.session.execute(statement)

    assert _in_the_log(caught.value) == []


def _copy(database: Database) -> None:
    connection = database.session.connection().connection.dbapi_connection
    assert connection is not None
    cursor = connection.cursor()
    cursor.execute("CREATE TEMPORARY TABLE copied (number integer PRIMARY KEY)")
    with without_values():
        if database.kind == "sqlite":
            cursor.executemany("INSERT INTO copied VALUES (?)", [(NUMBER,), (NUMBER,)])
        else:
            with cursor.copy("COPY copied FROM STDIN") as copy:
                copy.write_row([ADDRESS])


def test_copying_past_sqlalchemy_is_silent_too(database: Database) -> None:
    with pytest.raises(Exception, match=r"does not fit|UNIQUE") as caught:
        _copy(database)

    assert _in_the_log(caught.value) == []
