"""What is wrong with a table that comes in: one sentence a fault, with the place where to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend; `line` is the line of the file (the row of the sheet), `column` our name or ''."""

    file: str
    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.column, self.sentence) if part)


def grouped(faults: Iterable[Fault]) -> list[tuple[Fault, list[int]]]:
    """Return equal faults as one, where it is met first, with all the lines that have it."""
    met: dict[Fault, list[int]] = {}
    for fault in faults:
        met.setdefault(replace(fault, line=0), []).append(fault.line)
    return [(replace(fault, line=lines[0]), lines) for fault, lines in met.items()]


class RowsRefused(Exception):
    """Some rows do not fit what is stored or each other; nothing of the table was written."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class TableRefused(RowsRefused):
    """The table as a whole cannot be read: unreadable bytes, a missing or unknown column."""


class Unfit(Exception):
    """A cell does not hold what its column asks for; the message is the sentence for the person."""
