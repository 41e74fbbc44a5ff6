"""A process of its own, for the concurrency test: `python -m …one_run URL WHEN` passes once at WHEN."""

import sys
import time
from datetime import UTC, datetime

from app.models.base import make_engine, make_sessions
from app.pipeline.invitations import pass_once
from tests.builders.asking import KEYS, asking

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def main(url: str, when: float) -> None:
    """Wait for the other process, then pass once and print how many invitations were written."""
    sessions = make_sessions(make_engine(url))
    with sessions() as session:
        session.connection()
    time.sleep(max(0.0, when - time.time()))
    with sessions.begin() as session:
        sys.stdout.write(str(pass_once(session, asking(), KEYS, now=NOW).invited.invited))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
