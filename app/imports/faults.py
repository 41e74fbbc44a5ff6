"""What is wrong with a table that comes in: one sentence a fault, with the place where to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend; `line` is the line of the file (the row of the sheet), `column` our name or ''.

    The sentence says what is wrong and where. What helps beside changing the file is `mend`, the name of an option as
    commands call it; pages call it otherwise, so each edge says that part itself.
    """

    file: str
    line: int
    column: str
    sentence: str
    mend: str = ""
    near: str = ""  # our name of the column that this one probably is

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

    mend = ""  # as of a fault


class UnlessEmpty(Unfit):
    """A cell that may mean nothing."""

    mend = "--empty"


class Ahead(Unfit):
    """A time of what has happened that is still to come: a wrong date, or a time of another zone."""

    mend = "--time-zone"


class OptionRefused(Exception):
    """An option of an import cannot be understood; the sentence says how to write it, `option` which one it is."""

    def __init__(self, sentence: str, *, option: str = "", mend: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.option, self.mend = sentence, option, mend

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.option, self.sentence)))
