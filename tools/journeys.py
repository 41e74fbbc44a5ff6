"""The journeys for docs/pictures: what the browser tests saw at each station, what axe said, and the page of both."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.servers.fixtures import ARTEFACTS, SCHEMES
from tools.keeping import PICTURES, keep

TESTS = "tests/browser"
PAGE = "journeys.md"
NAME = re.compile(r"journey-(?P<walk>[a-z]+)-(?P<number>\d+)-(?P<station>[a-z-]+)-(?P<width>\d+)-(?P<language>[a-z]+)")
VIEWS = (("1440", "en"), ("1440", "de"), ("360", "en"), ("360", "de"))
WALKS = {
    "requester": "Requester: from the mail to a second thought",
    "head": "Head: home, the scorecard, somebody who waits for a word, what to do",
    "hr": "HR: closing a quarter",
    "culture": "HR: how departments serve each other",
    "tracker": "Administrator: connecting a tracker",
    "policy": "Administrator: changing the policy",
    "auditor": "Auditor: the log",
}
INTRODUCTION = """# Ways through the application

`make pictures` writes this page: it walks each journey (`tests/browser/test_journey_*.py`) in English and in German, at
1440 and at 360 px, keeps a picture of each station, and asks all rules of axe-core {version} about it by day and by
night.

Each cell leads to the picture and says *findings of axe / rules that had something to judge*, by day and by night.
Mails are asked about in `tests/browser/test_mails.py`.
"""


def take_journeys() -> None:
    """Walk all journeys, keep what was seen and write the page. Raises CalledProcessError where a journey fails."""
    for old in [*ARTEFACTS.glob("journey-*"), *PICTURES.glob("journey-*.png")]:
        old.unlink()
    options = ["-q", "-n", "0", "--pictures", "-k", "test_journey"]
    subprocess.run([sys.executable, "-m", "pytest", *options, TESTS], check=True)
    for picture in sorted(ARTEFACTS.glob("journey-*.png")):
        keep(picture.stem, picture.read_bytes())
    (PICTURES / PAGE).write_text(told(ARTEFACTS), encoding="utf-8")


def told(seen: Path) -> str:
    """Return the page about the journeys whose pictures and answers of axe lie in a folder."""
    answers = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(seen.glob("journey-*.json"))}
    versions = {answer[scheme]["version"] for answer in answers.values() for scheme in SCHEMES}
    parts = [INTRODUCTION.format(version=" and ".join(sorted(versions)))]
    names = [path.stem for path in sorted(seen.glob("journey-*.png"))]
    for walk, title in WALKS.items():
        head = " | ".join(f"{width} px, {language}" for width, language in VIEWS)
        parts.append(f"\n## {title}\n\n| Station | {head} |\n|---|{'---|' * len(VIEWS)}\n")
        parts += [f"| {station.replace('-', ' ')} | {cells} |\n" for station, cells in _rows(walk, names, answers)]
    return "".join(parts)


def _rows(walk: str, names: list[str], answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the stations of a walk in order, each with its cells."""
    found = [match for name in names if (match := NAME.fullmatch(name)) and match["walk"] == walk]
    for _, station in sorted({(int(match["number"]), match["station"]) for match in found}):
        of_views = {(match["width"], match["language"]): match[0] for match in found if match["station"] == station}
        yield station, " | ".join(_cell(of_views[view], answers.get(of_views[view])) for view in VIEWS)


def _cell(name: str, answer: dict[str, Any] | None) -> str:
    said = [f"{len(answer[scheme]['found'])}/{answer[scheme]['rules']}" for scheme in SCHEMES] if answer else []
    return " · ".join([f"[picture]({name}.png)", *said])
