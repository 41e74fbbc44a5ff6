"""`flask api-keys`: keys of nobody and of somebody, and how long they last."""

import pytest

from app.domain.states import Role
from app.foundations import clock
from tests.builders.issued import staff
from tests.conftest import HELEN
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


@pytest.fixture
def helen(database: Database) -> str:
    staff(database.session, HELEN.email, Role.HR, now=clock.now())
    database.session.commit()
    return HELEN.email


def test_a_key_of_somebody_is_listed_with_its_person_and_its_end(flask: Flaskly, helen: str) -> None:
    made = flask("api-keys", "add", "sheet", "--scope", "culture:read", "--for", helen.upper(), "--days", 30)
    flask("api-keys", "add", "sync", "--scope", "people:write")

    listed = flask("api-keys", "list").stdout.splitlines()

    assert made.stdout.startswith("parity_")
    assert listed[0].split() == ["name", "scopes", "acts", "as", "made", "valid", "until", "revoked"]
    assert [line.split()[:3] for line in listed[1:]] == [
        ["sheet", "culture:read", helen],
        ["sync", "people:write", "–"],
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--scope", "follow-ups:write"), "a key of nobody cannot have follow-ups:write: say whose it is (--for)"),
        (("--for", "nobody@example.com"), "nobody@example.com has no role here: flask staff add"),
        (("--for", HELEN.email), f"the roles of {HELEN.email} do not reach as far as people:write"),
        (("--days", "0"), "0 is not in the range 1<=x<=3650"),
    ],
)
def test_a_key_that_cannot_be_is_refused_in_a_sentence(
    flask: Flaskly, helen: str, words: tuple[str, ...], sentence: str
) -> None:
    assert helen == HELEN.email

    refused = flask("api-keys", "add", "sheet", "--scope", "people:write", *words)

    assert refused.exit_code != 0
    assert sentence in refused.stderr
    assert len(flask("api-keys", "list").stdout.splitlines()) <= 1
