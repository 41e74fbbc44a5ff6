"""Every command that changes something writes one entry, which names no person, and `flask audit` reads them."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from app.upkeep.audit import log as audit
from tests.conftest import ALICE, BOB, CAROL
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

Noted = tuple[str, str, dict[str, object]]


def _noted(database: Database) -> list[Noted]:
    database.session.rollback()
    return [(entry.action, entry.subject, entry.details) for entry in audit.entries(database.session)]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    tables = {
        "departments": "code,name\nIT,Computers\n",
        "people": f"email,name,department_code\n{ALICE.email},{ALICE.name},IT\n",
        "requests": "external_id,requester_email,provider_department,created_at\nA-1,alice@example.com,IT,2026-07-01\n",
        "responses": "response_id,provider_department,requester,completed_at,csat_overall\n1,IT,u-1,2026-07-02,4\n",
        "external": "response_id,touchpoint,dimension,instrument,score,answered_at\n1,web,overall,csat5,5,2026-07-02\n",
        "policy": json.dumps({"quarantine_days": 45}),
    }
    for name, content in tables.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return {name: tmp_path / name for name in tables}


COMMANDS: list[tuple[str, Noted]] = [
    ("trackers add desk --kind signed", ("connection.added", "tracker:desk", {"kind": "signed"})),
    ("trackers renew-secret desk", ("connection.secret_renewed", "tracker:desk", {})),
    ("trackers renew-secret desk --forget-old", ("connection.old_secret_forgotten", "tracker:desk", {})),
    ("sources add forms --kind csv", ("connection.added", "source:forms", {"kind": "csv"})),
    (
        "import departments {departments} --save-profile ours",
        ("import.run", "departments", {"kind": "departments", "new": 1, "changed": 0, "unchanged": 0}),
    ),
    ("", ("import.profile_saved", "profile:ours", {"kind": "departments"})),
    (
        "import people {people}",
        ("import.run", "people", {"kind": "people", "new": 1, "changed": 0, "unchanged": 0}),
    ),
    (
        "import requests {requests} --tracker desk",
        ("import.run", "tracker:desk", {"kind": "requests", "new": 1, "changed": 0, "unchanged": 0}),
    ),
    (
        "import responses {responses} --source forms",
        ("import.run", "source:forms", {"kind": "responses", "new": 1, "seen_before": 0, "replaced": 0}),
    ),
    (
        "import external {external} --source forms",
        ("import.run", "source:forms", {"kind": "external", "new": 1, "changed": 0, "unchanged": 0}),
    ),
    (
        "instruments add ours --points 1..5 --construct satisfaction",
        ("instrument.added", "instrument:ours", {"points": "1..5", "reverse": False}),
    ),
    (
        f"staff add {BOB.email} --role head --department IT",
        ("staff.added", "staff:1", {"role": "head", "department": "IT"}),
    ),
    (f"staff add {CAROL.email} --role admin", ("staff.added", "staff:2", {"role": "admin"})),
    (f"staff sign-in-link {CAROL.email}", ("staff.sign_in_link_printed", "staff:2", {})),
    (f"staff sign-in-link {CAROL.email} --break-glass", ("staff.break_glass", "staff:2", {"administrators_told": 0})),
    (
        f"api-keys add of-{ALICE.email} --scope people:write",
        ("api_key.added", "api-key:1", {"scopes": ["people:write"], "is_personal": False, "days": None}),
    ),
    (f"api-keys revoke of-{ALICE.email}", ("api_key.revoked", "api-key:1", {})),
]


def test_each_command_writes_one_entry_that_names_no_person(
    flask: Flaskly, database: Database, files: dict[str, Path]
) -> None:
    for command, _ in COMMANDS:
        if command:
            result = flask(*command.format(**files).split())
            assert (command, result.exit_code) == (command, 0)

    assert _noted(database) == [noted for _, noted in COMMANDS]
    entries = audit.entries(database.session)
    assert {entry.actor for entry in entries} == {"command line"}
    assert audit.check(database.session).broken is None
    whole = json.dumps([(entry.actor, entry.subject, entry.details) for entry in entries])
    assert [name for person in (ALICE, BOB, CAROL) for name in (person.email, person.name) if name in whole] == []


def test_a_policy_is_noted_with_the_fields_that_changed_and_only_once(
    flask: Flaskly, database: Database, files: dict[str, Path]
) -> None:
    document = json.loads(flask("policy", "show", "--json").output)
    field = next(name for name, value in sorted(document.items()) if isinstance(value, int) and value > 1)
    files["policy"].write_text(json.dumps({field: document[field] + 1}))

    for _ in range(2):
        assert flask("policy", "set", files["policy"]).exit_code == 0

    assert _noted(database) == [("policy.set", "policy", {"version": 1, "changed": [field]})]


def test_export_and_erasure_mean_a_person_whom_only_we_can_recognise(
    flask: Flaskly, database: Database, files: dict[str, Path]
) -> None:
    flask("import", "people", files["people"], "--create-departments")

    flask("privacy", "export", ALICE.email)
    flask("privacy", "erase", ALICE.email)
    flask("privacy", "erase", ALICE.email)
    about = flask("audit", "list", "--about", ALICE.email, "--json").output.splitlines()

    told = [json.loads(line) for line in about]
    assert [(entry["action"], entry["details"]) for entry in told] == [
        ("person.exported", {}),
        ("person.erased", {"known": True}),
        ("person.erased", {"known": False}),
    ]
    assert {entry["subject"][:7] for entry in told} == {"person:"}
    assert "alice" not in "".join(about)


def test_what_was_refused_or_only_tried_is_not_noted(
    flask: Flaskly, database: Database, files: dict[str, Path]
) -> None:
    codes = [
        flask("staff", "add", "nobody", "--role", "admin").exit_code,
        flask("api-keys", "revoke", "unknown").exit_code,
        flask("privacy", "export", ALICE.email).exit_code,
        flask("import", "people", files["people"]).exit_code,
        flask("import", "departments", files["departments"], "--dry-run").exit_code,
    ]

    assert codes == [1, 1, 1, 1, 0]
    assert _noted(database) == []


def test_retention_is_noted_with_what_it_deleted(flask: Flaskly, database: Database) -> None:
    flask("privacy", "retain")

    ((action, subject, details),) = _noted(database)
    assert (action, subject, details["deliveries"], details["audit"]) == ("retention.run", "database", 0, 0)


def test_a_backup_and_its_return_are_noted(sqlite: Database, tmp_path: Path) -> None:
    from app import create_app

    flask = Flaskly(create_app(sqlite.settings))
    flask("trackers", "add", "desk", "--kind", "csv")
    for command in ("backup", "restore"):
        assert flask(command, tmp_path / "copy").exit_code == 0

    assert [action for action, _, _ in _noted(sqlite)] == ["connection.added", "backup.restored"]
    assert flask("audit", "verify").output.startswith("2 entries, unbroken\nsha256:")


def test_the_list_says_in_words_who_did_what(flask: Flaskly, database: Database) -> None:
    flask("staff", "add", CAROL.email, "--role", "admin")
    (entry,) = audit.entries(database.session)

    said = flask("audit", "list").output.splitlines()

    assert said == [
        "time                 who           what        on what            details",
        f"{entry.at:%Y-%m-%d %H:%M:%S}  command line  role given  carol@example.com  role=admin",
    ]
    assert flask("audit", "list", "--since", "2099-01-01", "--json").output == ""


def test_verify_names_what_was_changed_and_knows_a_digest_noted_elsewhere(flask: Flaskly, database: Database) -> None:
    for email in (CAROL.email, BOB.email):
        flask("staff", "add", email, "--role", "admin")
    count, digest = flask("audit", "verify").output.splitlines()
    known = flask("audit", "verify", "--digest", digest)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entries WHERE id = 2"))
    removed = flask("audit", "verify", "--digest", digest)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entries SET subject = 'staff:9' WHERE id = 1"))
    changed = flask("audit", "verify")

    assert (count, known.exit_code) == ("2 entries, unbroken", 0)
    assert (removed.exit_code, removed.output) == (
        1,
        "Error: No entry has this digest: the newest entries were removed, or an older backup was restored.\n",
    )
    assert (changed.exit_code, changed.output) == (
        1,
        "Error: The audit log was changed: entry 1 does not follow the one before it.\n",
    )
