"""One memory of compiled templates for all applications of a process, as one that serves has it.

Every test makes an application of its own, and Jinja would compile each page anew: half of the processors' time of a
test that looks at one.
"""

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _Memory(BytecodeCache):
    """Keeps code by the template's name and the checksum of its source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


def remember() -> None:
    """Let every application that is made from now on look there first."""
    Flask.jinja_options = {"bytecode_cache": _Memory()}
