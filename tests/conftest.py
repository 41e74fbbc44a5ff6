"""Guards that are always on, the named people, and the fixtures of tests/servers."""

import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from app.foundations.languages import SOURCE_LANGUAGE, speak
from tests import guards
from tests.guards import Errors

pytest_plugins = ["tests.servers.fixtures"]

# The same examples every time, and no deadline: a slow machine is not a failure.
settings.register_profile("parity", deadline=None, derandomize=True)
settings.load_profile("parity")


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "keep what the browser tests see in tests/browser/artefacts"
    parser.addoption("--pictures", action="store_true", help=told)


def pytest_configure() -> None:
    for name in [name for name in os.environ if name.startswith("PARITY_") and name not in KEPT]:
        del os.environ[name]
    guards.start()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep what all tests share out of the search for garbage: it is never any, and a tenth of the time went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000)  # objects that may wait; what one test leaves behind is still found while others run


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name long bytes by number only: compressed ones hold the time of day, and two workers must find one list."""
    return "bytes" if isinstance(val, bytes) and len(val) > 40 else None


# Where the tests find their data and servers; any other setting of the developer's shell must not leak in.
KEPT = frozenset({"PARITY_SHARED", "PARITY_TEST_DATABASE_URL", "PARITY_TEST_CHROMIUM"})


@dataclass(frozen=True)
class Person:
    """One of the people in our stories."""

    name: str
    email: str


ALICE = Person("Alice Requester", "alice@example.com")
BOB = Person("Bob Head", "bob@example.com")
HELEN = Person("Helen Human", "helen@example.com")
CAROL = Person("Carol Admin", "carol@example.com")
MALLORY = Person("Mallory Stranger", "mallory@example.com")


@pytest.fixture(autouse=True)
def expected_errors() -> Iterator[list[str]]:
    """Guard every test; append a part of each ERROR line that the test means to provoke."""
    guards.network.violations.clear()
    speak(SOURCE_LANGUAGE)  # a test before this one may have spoken another language
    with guards.collecting_errors() as errors:
        yield errors.expected
    _complain(errors)


def _complain(errors: Errors) -> None:
    if guards.network.violations:
        pytest.fail(f"The test tried to reach {guards.network.violations}", pytrace=False)
    if unexpected := errors.unexpected():
        pytest.fail(f"Unexpected ERROR logs: {unexpected}", pytrace=False)


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in the fourth quarter, for tests that need some moment."""
    return datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data; the test steps aside only where there is none."""
    folder = Path(os.environ.get("PARITY_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no reference data at {folder}: set PARITY_SHARED")
    return folder
