"""Each connector set up by the commands that its page in docs/connectors shows, against a small fake of its tool."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.connectors import CONNECTORS, find_connector
from app.connectors.connector import Connector
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.installation import Installation
from app.jobs.polling import poll_connections
from app.models.base import db, reading
from app.models.external_scores import ExternalResponse
from app.models.service_requests import RequestCycle
from app.upkeep.connections.health import findings
from tests.builders.senders import PROOFS, send
from tests.builders.small_tools import ASANA_SECRET, JIRA_RATINGS, SOURCES, TRACKERS, Tool, play
from tests.repository.tree import ROOT
from tests.servers import web
from tests.servers.databases import Database
from tests.servers.processes import free_port
from tests.servers.vendor import Vendor

SECRETS = {"formbricks": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "asana": ASANA_SECRET}
CASES = [
    *((ConnectionSide.TRACKER, kind, tool) for kind, tool in TRACKERS.items()),
    *((ConnectionSide.SCORES, kind, tool) for kind, tool in SOURCES.items()),
    (ConnectionSide.SCORES, "jira", JIRA_RATINGS),
]


@dataclass
class Administrator:
    """Somebody who types what a page says, with files of that name beside it."""

    work: Installation
    app: Flask
    vendor: Vendor
    folder: Path

    def documented(self, kind: str, verb: str, group: str = "(?:trackers|sources)") -> list[list[str]]:
        """Return the commands of a page, as they are typed here: with our files, and leading to the fake."""
        page = (ROOT / "docs" / "connectors" / f"{kind}.md").read_text(encoding="utf-8").replace("\\\n", "")
        found = re.findall(rf"flask ({group} {verb} [^`\n…]*)[`\n]", page)
        return [[self._here(kind, word) for word in shlex.split(line)] for line in dict.fromkeys(found)]

    def _here(self, kind: str, word: str) -> str:
        if found := re.fullmatch(r"(\w+)=(\w+\.txt)", word):
            path = self.folder / found[2]
            is_address = found[1] == "webhook_url"
            path.write_text(f"{self.vendor.url}/rest/1/code/\n" if is_address else f"{SECRETS.get(kind, 's3cret')}\n")
            return f"{found[1]}={path}"
        return re.sub(r"^base_url=https://\S+$", f"base_url={self.vendor.url}", word)

    def types(self, *words: str) -> tuple[int, str]:
        done = self.app.test_cli_runner().invoke(args=list(words))
        return done.exit_code, done.output

    def count(self, table: type) -> int:
        with reading(), self.work.sessions() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def findings(self) -> list[str]:
        with reading(), self.work.sessions() as session:
            return list(findings(session))


@pytest.fixture
def carol(sqlite: Database, vendor: Vendor, tmp_path: Path) -> Iterator[Administrator]:
    """An administrator of an installation whose pages are open."""
    port = free_port()
    settings = replace(sqlite.settings, base_url=f"http://127.0.0.1:{port}", private_hosts=("127.0.0.1",))
    app = create_app(settings)
    with web.serving(app, port):
        yield Administrator(Installation(settings, Keys.of(settings), sqlite.sessions), app, vendor, tmp_path)
    with app.app_context():
        db.engine.dispose()


def test_every_kind_is_set_up_here() -> None:
    kinds = {(one.side, one.kind) for one in CONNECTORS} - {(side, "csv") for side in ConnectionSide}

    assert {(side, kind) for side, kind, _ in CASES} == kinds - {(ConnectionSide.TRACKER, "signed")}


@pytest.mark.parametrize(("side", "kind", "tool"), CASES, ids=lambda one: one if isinstance(one, str) else "")
def test_the_page_leads_to_a_connection_that_tells_and_of_which_nothing_is_wrong(
    carol: Administrator, side: ConnectionSide, kind: str, tool: Tool
) -> None:
    play(carol.vendor, tool)
    connector = find_connector(side, kind)
    assert connector is not None

    slug, printed = _added(carol, connector, tool)
    address = re.search(r"^hook: (\S+)$", printed, re.MULTILINE)
    if address is not None:
        _heard(carol, connector, tool, slug, address[1], printed)
    _asked(carol, connector, tool, slug)

    assert carol.count(RequestCycle if side is ConnectionSide.TRACKER else ExternalResponse) == 1
    assert carol.findings() == []
    _listed(carol, connector, slug)


def _added(carol: Administrator, connector: Connector, tool: Tool) -> tuple[str, str]:
    """Type the documented command, and those that set what the tool shows only then; nothing is missing afterwards."""
    group = "trackers" if connector.side is ConnectionSide.TRACKER else "sources"
    (command,) = carol.documented(connector.kind, "add", group)
    slug = command[2]
    leads_here = (
        any(word.startswith(f"base_url={carol.vendor.url}") for word in command) or connector.kind == "bitrix24"
    )
    has_address = leads_here or not tool.answers
    more = [*(() if has_address else (f"base_url={carol.vendor.url}",)), *tool.settings]
    code, printed = carol.types(*command, *(word for pair in more for word in ("--setting", pair)))

    assert (code, f"added {slug}" in printed) == (0, True), printed
    assert tool.knows_us in printed
    assert ("the hook is registered" in printed) == (connector.register is not None)
    for later in carol.documented(connector.kind, f"set {slug} --secret-file"):
        if connector.make_secret is None:  # else the page speaks of a hook made by hand
            assert carol.types(*later) == (0, "")
    assert carol.findings() == []
    return slug, printed


def _heard(carol: Administrator, connector: Connector, tool: Tool, slug: str, address: str, printed: str) -> None:
    """Let the tool call our hook once; see what the delivery means, and that it is recorded."""
    kind = connector.kind
    made = re.search(r"^secret: (\S+)$", printed, re.MULTILINE)
    secret = made[1] if made else SECRETS.get(kind, "s3cret")
    headers = {**PROOFS[kind](tool.delivery, secret, address), **tool.headers}
    file = carol.folder / "delivery"
    file.write_bytes(tool.delivery)
    lines = [word for name, value in tool.headers.items() for word in ("--header", f"{name}: {value}")]

    answers = [send(address, tool.delivery, headers) for _ in range(2)]
    code, explained = carol.types("trackers", "explain", kind, "--body", str(file), "--connection", slug, *lines)

    assert (answers, code, explained.splitlines()[0].split()) == ([202, 202], 0, ["verdict", tool.verdict])
    assert process_deliveries(carol.work, now=datetime.now(UTC)) == 1
    assert carol.types("deliveries", "list", slug) == (0, "Every event was read.\n")


def _asked(carol: Administrator, connector: Connector, tool: Tool, slug: str) -> None:
    """Ask for everything since a day, twice and once more by poll: it is the same again."""
    said = [carol.types("trackers", "backfill", slug, "--since", "2026-11-01") for _ in range(2)]
    polled = poll_connections(carol.work, now=datetime.now(UTC) + timedelta(days=1))

    if connector.poll is None:
        sentence = f"Error: {slug} cannot be asked: its kind only calls us. Bring in what is older as a table.\n"
        assert (said, polled) == ([(1, sentence)] * 2, 0)
    else:
        assert (said, polled) == ([(0, f"{tool.told} told by the tool\n")] * 2, 1)


def _listed(carol: Administrator, connector: Connector, slug: str) -> None:
    group = "trackers" if connector.side is ConnectionSide.TRACKER else "sources"
    _, listed = carol.types(group, "list")
    _, shown = carol.types("trackers", "show", slug)
    lines = dict(line.split(": ", 1) for line in shown.splitlines())

    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert re.fullmatch(rf"{slug}\t{connector.kind}\t\d{{4}}-\d\d-\d\d \d\d:\d\d\n", listed)
    assert (lines["kind"], lines["last event"][:10] >= today) == (connector.kind, True)
    assert lines.get("polls that failed in a row", "0") == "0"
    assert ("hook" in lines) == (connector.read is not None)
