import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from standardwebhooks import Webhook

from app.foundations.crypto import Keys
from app.models.audit import AuditEntry
from app.models.connections import Connection
from app.settings import Settings
from tests.conftest import ALICE
from tests.servers.databases import Database
from tests.servers.vendor import Reply, Vendor

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = json.dumps({"event": "completed", "external_id": "R-1", "completed_at": "2026-07-06T09:00:00Z"})


def _run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(arguments))
    return done.exit_code, done.output


def _explain(app: Flask, tmp_path: Path, *options: str, body: str = BODY) -> dict[str, Any]:
    path = tmp_path / "body.json"
    path.write_text(body)
    code, printed = _run(app, "trackers", "explain", "signed", "--body", str(path), "--json", *options)
    assert code == 0
    document: dict[str, Any] = json.loads(printed)
    return document


def test_it_adds_a_tracker_and_prints_address_and_secret_once(app: Flask, client: FlaskClient) -> None:
    code, printed = _run(app, "trackers", "add", "desk", "--kind", "signed")
    lines = dict(line.split(": ", 1) for line in printed.splitlines()[1:3])
    now = datetime.now(UTC)
    signature = Webhook(lines["secret"]).sign("m", now, BODY)
    headers = {"webhook-id": "m", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}

    sent = client.post(lines["hook"].removeprefix("http://127.0.0.1:8000"), data=BODY, headers=headers)

    assert (code, sent.status_code) == (0, 202)
    assert _run(app, "trackers", "list") == (0, "desk\tsigned\t-\n")


def test_a_file_tracker_and_a_file_source_have_no_hook(app: Flask) -> None:
    assert _run(app, "trackers", "add", "files", "--kind", "csv") == (0, "added files\n")
    assert _run(app, "sources", "add", "survey-2019", "--kind", "csv") == (0, "added survey-2019\n")
    assert _run(app, "sources", "list") == (0, "survey-2019\tcsv\t-\n")


def test_slugs_are_one_namespace_and_well_formed(app: Flask) -> None:
    _run(app, "trackers", "add", "desk", "--kind", "csv")

    assert [_run(app, "sources", "add", slug, "--kind", "csv") for slug in ("desk", "Desk!", "survey")] == [
        (1, "Error: 'desk' exists already: trackers and sources share their slugs\n"),
        (1, "Error: 'Desk!' cannot be a slug: use small letters, digits and hyphens, at most 60\n"),
        (1, "Error: 'survey' cannot be a slug: use small letters, digits and hyphens, at most 60\n"),
    ]


def test_an_unknown_kind_is_refused_by_name(app: Flask) -> None:
    code, printed = _run(app, "trackers", "add", "desk", "--kind", "jirra")

    assert (code, "'signed'" in printed) == (2, True)


def test_a_secret_is_renewed_in_two_steps(app: Flask) -> None:
    _run(app, "trackers", "add", "desk", "--kind", "signed")

    code, printed = _run(app, "trackers", "renew-secret", "desk")

    assert (code, printed.startswith("secret: whsec_")) == (0, True)
    assert _run(app, "trackers", "renew-secret", "desk", "--forget-old") == (0, "")
    assert _run(app, "trackers", "renew-secret", "other") == (1, "Error: there is no tracker or source 'other'\n")


def test_it_explains_a_delivery_without_checking_where_no_secret_is_given(app: Flask, tmp_path: Path) -> None:
    document = _explain(app, tmp_path, "--header", "webhook-id: msg_1")

    assert (document["verdict"], document["external_id"], document["event_id"], document["signature"]) == (
        "completed",
        "R-1",
        "msg_1",
        "not_checked",
    )


def test_it_checks_the_signature_of_an_archived_delivery_whatever_its_age(app: Flask, tmp_path: Path) -> None:
    long_ago = datetime(2021, 2, 25, tzinfo=UTC)
    headers = [
        "webhook-id: msg_1",
        f"Webhook-Timestamp: {int(long_ago.timestamp())}",
        f"webhook-signature: {Webhook(SECRET).sign('msg_1', long_ago, BODY)}",
    ]
    options = [option for header in headers for option in ("--header", header)]

    good = _explain(app, tmp_path, *options, "--setting", f"secret={SECRET}")
    bad = _explain(app, tmp_path, *options, "--setting", f"secret={SECRET}", body=BODY + " ")

    assert [(found["verdict"], found["signature"]) for found in (good, bad)] == [
        ("completed", "valid"),
        ("invalid", "invalid"),
    ]


def test_it_explains_against_the_stored_state(app: Flask, tmp_path: Path) -> None:
    assert _explain(app, tmp_path, "--was", "done")["why"] == "the request was done already"


def test_an_unreadable_body_is_invalid_and_says_why(app: Flask, tmp_path: Path) -> None:
    document = _explain(app, tmp_path, body="{}")

    assert (document["verdict"], document["why"]) == (
        "invalid",
        "event: say what happened: completed, reopened, updated, deleted; external_id: this must not be empty",
    )


def test_what_an_object_holds_is_printed_by_name(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "body.json"
    body = json.loads(BODY) | {"requester": {"email": ALICE.email, "name": ALICE.name}}
    path.write_text(json.dumps(body))

    lines = _run(app, "trackers", "explain", "signed", "--body", str(path))[1].splitlines()

    assert [line for line in lines if line.startswith("requester")] == [
        "requester     name Alice Requester, email alice@example.com"
    ]


def test_without_json_it_prints_a_table_that_a_person_reads(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "body.json"
    path.write_text(BODY)

    code, printed = _run(app, "trackers", "explain", "signed", "--body", str(path))

    assert (code, printed.splitlines()[:3]) == (
        0,
        [
            "verdict       completed",
            "why           the sender says that the request was completed",
            "external_id   R-1",
        ],
    )


def test_it_judges_by_a_password_where_the_sender_proves_itself_with_one(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "body.json"
    path.write_text('{"webhookEvent": "comment_created"}')
    call = ("trackers", "explain", "jira", "--body", str(path), "--json", "--setting", "basic_auth=jira:s3cret")

    said = [
        json.loads(_run(app, *call, "--header", f"Authorization: Basic {base64.b64encode(pair).decode()}")[1])
        for pair in (b"jira:s3cret", b"jira:other")
    ]

    assert [(one["verdict"], one["signature"]) for one in said] == [("ignored", "valid"), ("invalid", "invalid")]


REDMINE = ("--setting", "base_url=https://redmine.example.com", "--setting", "api_key=k")


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("base_url=null", "base_url is needed (the server's address: https://redmine.example.com)"),
        ("api_key=", "api_key is needed (an administrator's API key)"),
        ("poll_minutes=often", "poll_minutes must be a whole number of minutes, 1 to 1440 (a day)"),
        ("poll_minutes=1441", "poll_minutes must be a whole number of minutes, 1 to 1440 (a day)"),
        ("poll_minutes=0", "poll_minutes must be a whole number of minutes, 1 to 1440 (a day)"),
        ("requesters=5", 'requesters must be a table of texts, as in {"u-17": "alice@example.com"}'),
        ('requesters={"u1": "nobody"}', "requesters: 'nobody' is not an e-mail address"),
        ('departments={"IT": 7}', 'departments must be a table of texts, as in {"Printers": "IT-PRINT"}'),
    ],
)
def test_a_setting_that_nothing_could_use_is_refused_and_changes_nothing(
    app: Flask, database: Database, setting: str, complaint: str
) -> None:
    _run(app, "trackers", "add", "red", "--kind", "redmine", "--untried", *REDMINE)

    assert _run(app, "trackers", "set", "red", "--setting", setting) == (1, f"Error: {complaint}\n")

    stored = database.session.scalars(select(Connection)).one()
    assert stored.settings == {"base_url": "https://redmine.example.com"}
    assert stored.known_settings(Keys.of(database.settings))["api_key"] == "k"


def test_a_setting_that_the_kind_could_not_use_is_none_of_its_settings(app: Flask) -> None:
    kept = "touchpoint, instrument, dimension, values, surveys, api_key"
    source = ("sources", "add", "voices", "--kind", "delighted", "--setting", "touchpoint=t", "--setting")

    refused = [
        _run(app, "trackers", "add", "desk", "--kind", "signed", "--setting", "poll_minutes=5"),
        _run(app, *source, "instrument=csat5", "--setting", "api_key=k", "--setting", 'departments={"a": "IT"}'),
    ]

    assert refused == [
        (1, "Error: 'poll_minutes' is no setting of signed; it has: departments, requesters\n"),
        (1, f"Error: 'departments' is no setting of delighted; it has: {kept}\n"),
    ]


def test_departments_that_are_unknown_here_are_named_and_kept(app: Flask) -> None:
    mapped = ("--setting", 'departments={"Printers": "IT-PRINT"}')

    assert _run(app, "trackers", "add", "red", "--kind", "redmine", "--untried", *REDMINE, *mapped) == (
        0,
        "No department here has this code or name: IT-PRINT. Until there is one, it maps nothing.\nadded red\n",
    )


def test_a_map_with_a_wrong_address_changes_nothing(app: Flask, tmp_path: Path) -> None:
    _run(app, "trackers", "add", "desk", "--kind", "signed")
    file = tmp_path / "map.csv"
    file.write_text("what,value,means\nrequester,u1,bob\ndepartment,list:Printers,IT\n")

    assert _run(app, "trackers", "map", "desk", str(file)) == (
        1,
        "Error: requesters: 'bob' is not an e-mail address\n",
    )


def test_a_tracker_is_switched_off_and_on(app: Flask, client: FlaskClient, database: Database) -> None:
    _, printed = _run(app, "trackers", "add", "desk", "--kind", "signed")
    hook = printed.splitlines()[1].removeprefix("hook: http://127.0.0.1:8000")

    off = _run(app, "trackers", "pause", "desk")
    answers = [client.post(hook, data=b"{}").status_code]
    listed = _run(app, "trackers", "list")
    on = _run(app, "trackers", "resume", "desk")
    answers.append(client.post(hook, data=b"{}").status_code)

    assert (off[0], on[0], answers, listed[1]) == (0, 0, [404, 401], "desk\tsigned\t-\tswitched off\n")
    notes = database.session.scalars(select(AuditEntry.details).order_by(AuditEntry.id)).all()
    assert notes[-2:] == [{"is_active": False}, {"is_active": True}]


def test_a_tracker_is_removed_once_and_that_is_noted(app: Flask, client: FlaskClient, database: Database) -> None:
    _, printed = _run(app, "trackers", "add", "desk", "--kind", "signed")
    hook = printed.splitlines()[1].removeprefix("hook: http://127.0.0.1:8000")

    removed, again = (_run(app, "trackers", "remove", "desk", "--yes") for _ in range(2))

    assert removed == (0, "desk is removed. Delete its webhook and key in the tool, too.\n")
    assert again == (1, "Error: there is no tracker or source 'desk'\n")
    assert client.post(hook, data=b"{}").status_code == 404
    (note,) = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "connection.removed"))
    assert note.details == {"kind": "signed", "requests_kept": 0, "scores_kept": 0}


def test_credentials_are_tried_again_once_they_are_mended(settings: Settings, vendor: Vendor, app: Flask) -> None:
    app.extensions["parity_settings"] = replace(settings, private_hosts=("127.0.0.1",))
    vendor.answer("GET", "/users/current.json", Reply(status=401), Reply({"user": {"login": "parity"}}))
    options = ("--setting", f"base_url={vendor.url}", "--setting", "api_key=k")

    mend = "flask trackers set red --setting …"
    added = _run(app, "trackers", "add", "red", "--kind", "redmine", *options)
    checked = _run(app, "trackers", "check", "red")

    assert added[0] == 1
    assert added[1].splitlines() == [
        "added red",
        "127.0.0.1 does not take our key or password (status 401)",
        f"Error: red is kept: mend it with {mend}, then flask trackers check red (docs/connectors/redmine.md)",
    ]
    assert checked == (0, "Redmine knows us: parity\n")
    assert _run(app, "trackers", "check", "other") == (1, "Error: there is no tracker or source 'other'\n")
