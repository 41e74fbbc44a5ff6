"""What no test may do, whatever it tests: reach a mail server but the fixture's, leave the machine, log an ERROR.

The network is watched by an audit hook, so that code under test cannot get round it and cannot swallow the failure.
"""

import ipaddress
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class ForbiddenConnectionError(RuntimeError):
    """A test tried to reach something that is not part of the test."""


class Network:
    """Loopback is open, and of mail servers only those that a fixture has started."""

    def __init__(self) -> None:
        self.mail_ports: set[int] = set()
        self.violations: list[str] = []

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Judge one audit event. Raises ForbiddenConnectionError, and remembers it for the end of the test."""
        if event == "smtplib.connect":
            _client, host, port = arguments
            if not (_is_loopback(host) and port in self.mail_ports):
                self._refuse(f"mail server {host}:{port}; use the fixture `smtp`")
        elif event in {"socket.connect", "socket.sendto"}:
            address = arguments[1]
            if isinstance(address, tuple) and not _is_loopback(address[0]):
                self._refuse(f"{address[0]}:{address[1]}; tests stay on this machine")

    def _refuse(self, what: str) -> None:
        self.violations.append(what)
        raise ForbiddenConnectionError(f"A test tried to reach {what}")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


network = Network()


def start() -> None:
    """Watch this process until it ends: an audit hook cannot be removed."""
    sys.addaudithook(lambda event, arguments: network.watch(event, arguments) if event in WATCHED else None)


WATCHED = frozenset({"smtplib.connect", "socket.connect", "socket.sendto"})


class Errors(logging.Handler):
    """Collects ERROR records, less those that a test says it expects."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []
        self.expected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def unexpected(self) -> list[str]:
        lines = [f"{record.name}: {record.getMessage()}" for record in self.records]
        return [line for line in lines if not any(part in line for part in self.expected)]


@contextmanager
def collecting_errors() -> Iterator[Errors]:
    """Collect what any logger says at ERROR or above."""
    errors = Errors()
    logging.getLogger().addHandler(errors)
    try:
        yield errors
    finally:
        logging.getLogger().removeHandler(errors)
