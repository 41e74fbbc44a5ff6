"""`flask trackers explain` of what is only polled: the tool's answer, read as a poll reads it. The bodies are ours."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

REDMINE = {
    "id": 7,
    "status": {"id": 5, "name": "Closed"},
    "subject": "Toner",
    "author": {"id": 3, "name": "Alice"},
    "updated_on": "2026-11-17T09:00:00Z",
    "closed_on": "2026-11-17T09:00:00Z",
}
OPEN_AGAIN = {**REDMINE, "status": {"id": 2, "name": "In progress", "is_closed": False}}
YANDEX = {
    "id": "593cd211ef7e8a332414f2a7",
    "key": "HELP-7",
    "status": {"key": "handedOver"},
    "statusType": {"key": "done"},
    "resolvedAt": "2026-11-17T09:00:00.000+0000",
}
GLPI = {"id": 7, "name": "Toner", "status": 5, "solvedate": "2026-11-17 09:00:00", "itilcategories_id": "Printers"}
SNOW = {
    "sys_id": {"value": "abc", "display_value": "abc"},
    "state": {"value": "6", "display_value": "Resolved"},
    "resolved_at": {"value": "2026-11-17 09:00:00", "display_value": "17/11/2026 10:00:00"},
}


def _said(app: Flask, file: Path, kind: str, body: object, *options: str) -> dict[str, Any]:
    file.write_text(json.dumps(body))
    result = app.test_cli_runner().invoke(args=["trackers", "explain", kind, "--body", str(file), "--json", *options])
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    return said


@pytest.mark.parametrize(
    ("kind", "body", "identifier"),
    [
        ("redmine", {"issue": REDMINE}, "7"),
        ("redmine", {"issues": [REDMINE], "total_count": 1}, "7"),
        ("redmine", {"type": "issue.updated", "data": {"issue": REDMINE, "journal": {}}}, "7"),
        ("yandex_tracker", YANDEX, YANDEX["id"]),
        ("yandex_tracker", [YANDEX | {"status": {"key": "closed"}, "statusType": None}], YANDEX["id"]),
        ("glpi", GLPI, "7"),
        ("glpi", {"event": "update", "item": {**GLPI, "status": {"id": 6, "name": "Closed"}}}, "7"),
        ("glpi", {"totalcount": 1, "data": [{"2": 7, "12": 5, "17": "2026-11-17 09:00:00"}]}, "7"),
        ("servicenow", {"result": SNOW}, "abc"),
        ("servicenow", {"result": [{"sys_id": "abc", "state": "7", "closed_at": "2026-11-17 09:00:00"}]}, "abc"),
    ],
)
def test_it_reads_a_finished_request(
    sqlite_app: Flask, tmp_path: Path, kind: str, body: object, identifier: str
) -> None:
    said = _said(sqlite_app, tmp_path / "body.json", kind, body)
    again = _said(sqlite_app, tmp_path / "body.json", kind, body, "--was", "done")

    assert (said["verdict"], said["external_id"], said["signature"]) == ("completed", identifier, "not_checked")
    assert said["completed_at"] == "2026-11-17T09:00:00Z"
    assert again["verdict"] == "not_completed"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("redmine", OPEN_AGAIN),
        ("yandex_tracker", YANDEX | {"statusType": {"key": "inProgress"}}),
        ("glpi", GLPI | {"status": 2}),
        ("servicenow", {"result": SNOW | {"state": "2"}}),
    ],
)
def test_it_reads_an_open_request(sqlite_app: Flask, tmp_path: Path, kind: str, body: object) -> None:
    said = _said(sqlite_app, tmp_path / "body.json", kind, body)
    reopened = _said(sqlite_app, tmp_path / "body.json", kind, body, "--was", "done")

    assert (said["verdict"], said["completed_at"], reopened["verdict"]) == ("not_completed", None, "reopened")


@pytest.mark.parametrize("kind", ["redmine", "yandex_tracker", "glpi", "servicenow"])
@pytest.mark.parametrize("body", [{}, [], 5, None, {"id": 7}, {"issue": []}, {"result": {"sys_id": []}}, {"data": "x"}])
def test_an_answer_without_a_request_is_ignored(sqlite_app: Flask, tmp_path: Path, kind: str, body: object) -> None:
    assert _said(sqlite_app, tmp_path / "body.json", kind, body)["verdict"] == "ignored"


def test_the_own_done_statuses_of_a_queue_stand_before_the_types(sqlite_app: Flask, tmp_path: Path) -> None:
    own = "--setting=done_statuses=closed"

    assert _said(sqlite_app, tmp_path / "body.json", "yandex_tracker", YANDEX, own)["verdict"] == "not_completed"


@pytest.mark.parametrize(
    ("body", "verdict", "score"),
    [
        ({"type": "csat", "rating": 4, "comment": {"body": "ok"}}, "score", 4.0),
        ({"type": "csat", "rating": None}, "no_score", None),
        ({"type": "csat", "rating": "undefined"}, "no_score", None),
        ({"type": "csat", "rating": [5]}, "no_score", None),
    ],
)
def test_a_rating_of_a_service_desk_is_a_score(
    sqlite_app: Flask, tmp_path: Path, body: object, verdict: str, score: float | None
) -> None:
    said = _said(sqlite_app, tmp_path / "body.json", "jira", body)

    assert (said["verdict"], said["score"], said["external_id"]) == (verdict, score, None)
