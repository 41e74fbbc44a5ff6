"""Write the next numbered migration and move migrations/HEAD to it: `make migration NAME=add_ces_scale`.

The file is Alembic's proposal against a fresh SQLite database at the present head; read it before committing.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def next_number(names: list[str]) -> str:
    """Return the number after the largest one that the file `names` start with, for example `0007`."""
    numbers = [int(match.group()) for name in names if (match := re.match(r"\d{4}", name))]
    return f"{max(numbers, default=0) + 1:04d}"


def main() -> int:
    """Run Alembic against a scratch database."""
    if len(sys.argv) != 2 or not re.fullmatch(r"[a-z][a-z0-9_]+", sys.argv[1]):
        print("Name the migration: make migration NAME=add_ces_scale", file=sys.stderr)
        return 2
    name = sys.argv[1]
    number = next_number([path.name for path in (MIGRATIONS / "versions").glob("*.py")])
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PARITY_DATABASE_URL": f"sqlite:///{folder}/scratch.sqlite3",
            "PARITY_SECRET_KEY": "only-for-writing-a-migration",
        }
        flask = [sys.executable, "-m", "flask", "db"]
        subprocess.run([*flask, "upgrade"], env=environment, check=True)
        command = [*flask, "revision", "--autogenerate", "--rev-id", number, "-m", name]
        subprocess.run(command, env=environment, check=True)
    (MIGRATIONS / "HEAD").write_text(f"{number}_{name}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
