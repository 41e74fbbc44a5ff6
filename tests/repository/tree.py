"""The tracked files of the repository, for the tests about it."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = frozenset(
    {".py", ".md", ".txt", ".toml", ".html", ".mjml", ".css", ".js", ".po", ".typ", ".sh", ".yml", ".json", ""}
)


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that a clone would hold (also those about to be committed)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(ROOT / line for line in listed.splitlines() if (ROOT / line).is_file())


def python_files(*folders: str) -> Iterator[Path]:
    for path in tracked():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders:
            yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
