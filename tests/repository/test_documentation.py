"""The documentation names every setting, command, make target and file of deploy/, and none that is gone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
import pytest
from flask import Flask

import config
from app.cli import COMMANDS
from app.connectors import CONNECTORS
from app.connectors.connector import Connector
from app.connectors.hooks import Hook, Verdict
from app.domain.states import ConnectionSide
from tests.repository.tree import ROOT, name, tracked

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
IMPORTS = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str = "flask") -> Iterator[str]:
    context = click.Context(group)
    for title in group.list_commands(context):
        command = group.get_command(context, title)
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {title}")
        else:
            yield f"{prefix} {title}"


def options(group: click.Group, prefix: str = "flask") -> Iterator[tuple[str, str]]:
    """Yield our commands with each of their options."""
    context = click.Context(group)
    for title in group.list_commands(context) if prefix != "flask" else COMMANDS:
        command = group.get_command(context, title)
        assert command is not None
        if isinstance(command, click.Group):
            yield from options(command, f"{prefix} {title}")
        else:
            told = (parameter for parameter in command.params if isinstance(parameter, click.Option))
            yield from ((f"{prefix} {title}", option.opts[0]) for option in told)


@pytest.mark.parametrize("setting", sorted(config.KNOWN))
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`PARITY_{setting}`" in OPERATIONS


def test_no_documented_setting_is_gone() -> None:
    named = set(re.findall(r"`PARITY_([A-Z_]+)`", OPERATIONS)) - {"X_FILE"}

    assert named - config.KNOWN == set()


def test_every_command_is_documented(sqlite_app: Flask) -> None:
    of_libraries = ("flask db ", "flask openapi ")  # Alembic's and flask-smorest's own
    ours = [command for command in commands(sqlite_app.cli) if not command.startswith(of_libraries)]
    missing = [command for command in ours if f"`{command}" not in OPERATIONS]

    assert missing == []


def test_every_option_is_documented_beside_its_command(sqlite_app: Flask) -> None:
    rows = [line for line in OPERATIONS.splitlines() if line.startswith("| `flask ")]

    def told(command: str) -> str:
        if command.startswith("flask import "):
            return IMPORTS
        return "\n".join(row for row in rows if f"`{command}" in row)

    missing = [
        f"{command} {option}"
        for command, option in options(sqlite_app.cli)
        if not re.search(rf"{option}(?![a-z-])", told(command))
    ]

    assert missing == []


def test_no_documented_command_is_gone(sqlite_app: Flask) -> None:
    known = list(commands(sqlite_app.cli))
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = re.compile(r"(?:`|^|\n)(flask [a-z][a-z-]*(?: [a-z][a-z-]*)?)(?=[` \n])")
    gone = [
        f"{name(page)}: {command}"
        for page in pages
        for command in named.findall(page.read_text(encoding="utf-8"))
        if not any(f"{one} ".startswith(f"{command} ") or f"{command} ".startswith(f"{one} ") for one in known)
    ]

    assert gone == []


def test_every_file_of_deploy_is_documented() -> None:
    missing = [
        name(path) for path in tracked() if name(path).startswith("deploy/") and f"`{name(path)}`" not in OPERATIONS
    ]

    assert missing == []


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    described = re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE)

    assert phony is not None
    assert sorted(phony[1].split()) == sorted(described)


def test_the_connector_in_the_documents_works() -> None:
    text = (ROOT / "docs" / "connectors.md").read_text(encoding="utf-8")
    source = text.split("## A new kind of tracker")[1].split("```python\n")[1].split("```")[0]
    space: dict[str, Any] = {}
    exec(compile(source, "connectors.md", "exec"), space)
    body = b'{"id": 7, "status": "solved", "subject": "A badge", "by": {"email": "alice@example.com"}}'

    found = space["CONNECTOR"].read(Hook(body=body, headers={}, received_at=datetime(2026, 11, 17, tzinfo=UTC)))

    assert (found.verdict, found.events[0].external_id) == (Verdict.COMPLETED, "7")
    assert len(source.splitlines()) < 60


PAGED = [one for one in CONNECTORS if one.kind not in {"csv", "signed"}]


@pytest.mark.parametrize("connector", PAGED, ids=lambda one: f"{one.side}-{one.kind}")
def test_every_setting_of_a_connector_stands_in_its_page_and_no_page_tells_of_others(connector: Connector) -> None:
    pages = [f"connectors/{connector.kind}.md", "connectors.md"]
    if connector.side is ConnectionSide.SCORES:
        pages.append("connectors/scores.md")
    tables = [(ROOT / "docs" / page).read_text(encoding="utf-8") for page in pages]
    told = {
        word
        for table in tables
        for row in re.findall(r"^\| (`[a-z_`, ]+`)(?: \([^|]*\))? \|", table, re.MULTILINE)
        for word in re.findall(r"[a-z_]+", row)
    }
    both = {setting.name for one in CONNECTORS if one.kind == connector.kind for setting in one.settings}
    elsewhere = {setting.name for one in CONNECTORS if one.kind != connector.kind for setting in one.settings}
    shared = {"questions", "surveys", "values", "dimension", "instrument"}  # scores.md says who has them

    assert {setting.name for setting in connector.settings} - told == set()
    assert told & elsewhere - both - shared == set()


def test_every_link_between_our_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{name(page)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_file_that_our_pages_name_exists() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = re.compile(r"`((?:app|docs|deploy|tests|templates|migrations|tools|static)/[\w./-]*\w)`")
    broken = [
        f"{name(page)}: {path}"
        for page in pages
        for path in named.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / path).exists() and path != "tests/browser/artefacts"
    ]

    assert broken == []


def test_every_setting_in_deploy_is_one() -> None:
    named = {
        setting.removesuffix("_FILE")
        for path in tracked()
        if name(path).startswith("deploy/")
        for setting in re.findall(r"PARITY_([A-Z_]+)", path.read_text(encoding="utf-8"))
    }

    assert named - config.KNOWN == set()
