"""The rules of the house that neither the linter nor the import contracts can see."""

import re
import subprocess
import sys
from pathlib import Path

from tests.repository.tree import ROOT, TEXT, name, python_files, tracked

COMMITTERS = ("app/web/", "app/cli/", "app/jobs", "app/mail/outbox")
STRANGE_PLACES = re.compile(
    r"/(?:root|work|opt)/|/(?:home|Users)/\w|pythonhosted\.org|pypi\.org/simple|registry\.npmjs|--(?:extra-)?index-url"
)
# A path inside a container or of a package that an operator installs is no path of a developer's machine.
EXCEPTIONS = {"tests/repository/test_house_rules.py", "Makefile"}


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_only_the_edges_commit() -> None:
    strangers = [
        f"{name(path)}:{number}"
        for path in python_files("app")
        if not name(path).startswith(COMMITTERS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\bcommit\(", line)
    ]

    assert strangers == []


def test_migrations_do_not_import_the_application() -> None:
    strangers = [
        name(path)
        for path in python_files("migrations")
        if "versions" in path.parts
        and re.search(r"^\s*(from|import) app\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert strangers == []


def test_migrations_head_names_the_newest_one() -> None:
    newest = max(path.stem for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))

    assert (ROOT / "migrations" / "HEAD").read_text(encoding="utf-8").strip() == newest


def test_no_file_names_a_machine_or_a_registry() -> None:
    strangers = [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix in TEXT and name(path) not in EXCEPTIONS and "vendor" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if STRANGE_PLACES.search(line)
    ]

    assert strangers == []


def test_what_is_left_to_do_stands_in_an_issue() -> None:
    notes = re.compile(r"(?:#|//|\{#|<!--|/\*)\s*(?:TODO|FIXME|XXX)\b(?!.*#\d)")
    strangers = [
        f"{name(path)}:{number}"
        for path in tracked()
        if path.suffix in TEXT and name(path) not in EXCEPTIONS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if notes.search(line)
    ]

    assert strangers == []


def test_decisions_are_counted_through_and_found_where_they_are_named() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    counted = [(path.name[:4], path.read_text(encoding="utf-8").split("\n", 1)[0][:6]) for path in decisions]
    named = {
        found
        for path in tracked()
        if path.suffix in {".py", ".md"}
        for found in re.findall(r"decisions/(\d{4}-[\w-]+\.md)", path.read_text(encoding="utf-8"))
    }

    assert counted == [(f"{number:04}", f"# {number:04}") for number in range(1, len(decisions) + 1)]
    assert named - {path.name for path in decisions} == set()
