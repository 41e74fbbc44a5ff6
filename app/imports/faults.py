"""What is wrong with a table that comes in: one sentence a fault, with the place where to mend it."""

from dataclasses import dataclass


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


class RowsRefused(Exception):
    """Some rows do not fit what is stored or each other; nothing of the table was written."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class TableRefused(RowsRefused):
    """The table as a whole cannot be read: unreadable bytes, a missing or unknown column."""


class Unfit(Exception):
    """A cell does not hold what its column asks for; the message is the sentence for the person."""
