"""What can go wrong on the way out, named for what the caller can do. No message holds a path, a query or a key."""

from datetime import datetime


class Trouble(Exception):
    """A call to another server did not give what was asked for."""


class Unreachable(Trouble):
    """The server did not answer, or not in time. Worth another try later."""


class Broken(Trouble):
    """The server answered that it is broken (5xx). Worth another try later."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Throttled(Trouble):
    """The server asks us to come back later; `until` says when, as far as it told."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class Refused(Trouble):
    """The server understood and refused (4xx): the same call will not do better. `body` is what it said, shortened."""

    def __init__(self, message: str, status: int, body: bytes = b"") -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class UnreadableAnswer(Trouble):
    """The answer is not what the tool documents: too long, not JSON, or another shape."""


class TookTooLong(Trouble):
    """The calls of this block have used up their time together; what was done before stays."""
