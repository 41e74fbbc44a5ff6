"""Rows on their way from a file to the database wait on disk: parsing holds no transaction and no memory."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TypeVar

R = TypeVar("R")


@contextmanager
def spooled(rows: Iterable[R]) -> Iterator[Iterator[R]]:
    """Take all rows now and give them back one by one, in their order."""
    with tempfile.TemporaryFile() as file:
        for row in rows:
            pickle.dump(row, file, protocol=pickle.HIGHEST_PROTOCOL)
        size = file.tell()
        file.seek(0)
        yield _read(file, size)


def _read(file: IO[bytes], size: int) -> Iterator[R]:
    while file.tell() < size:
        row: R = pickle.load(file)  # noqa: S301 - our own unnamed file of a moment ago
        yield row
