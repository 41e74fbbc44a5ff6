"""A process of its own, for the concurrency test."""

from datetime import UTC, datetime
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from app.models.base import make_engine, make_sessions
from app.pipeline.invitations import pass_once
from tests.builders.asking import KEYS, asking

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def run(url: str, together: Barrier, told: "SimpleQueue[int]") -> None:
    """Wait for the other processes, pass once and tell how many invitations were written."""
    engine = make_engine(url)
    sessions = make_sessions(engine)
    with sessions() as session:
        session.connection()
    together.wait(timeout=60)
    with sessions.begin() as session:
        told.put(pass_once(session, asking(), KEYS, now=NOW).invited.invited)
    engine.dispose()
