"""`flask people` tags key requesters, lists them, and notes the act without a name."""

from app.upkeep.audit import log as audit
from tests.builders.people import person
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database


def test_key_requesters_are_tagged_listed_and_untagged(flask: Flaskly, database: Database) -> None:
    person(database.session, "ines@example.com", name="Ines")
    database.session.commit()

    tagged = flask("people", "tag", "Ines@example.com")
    again = flask("people", "tag", "ines@example.com")
    listed = flask("people", "list")
    untagged = flask("people", "tag", "ines@example.com", "--no-key")

    assert tagged.output == "Ines@example.com is a key requester.\n"
    assert again.output == "Nothing changes for ines@example.com.\n"
    assert listed.output == "ines@example.com\n"
    assert untagged.output == "ines@example.com is a requester like all others.\n"
    assert flask("people", "list").output == ""


def test_the_act_is_noted_without_a_name(flask: Flaskly, database: Database) -> None:
    person(database.session, "ines@example.com", name="Ines")
    database.session.commit()

    flask("people", "tag", "ines@example.com")
    flask("people", "tag", "ines@example.com")

    entries = audit.entries(database.session)
    assert [(entry.action, entry.details) for entry in entries] == [("person.tagged", {"key": True})]
    assert "ines" not in str(entries).lower()


def test_a_stranger_cannot_be_tagged(flask: Flaskly) -> None:
    found = flask("people", "tag", "mallory@example.com")

    assert (found.exit_code, found.output) == (1, "Error: Nobody is known as mallory@example.com.\n")
