"""Turns mapped cells into typed rows of one kind, or into faults; the kinds are the modules beside this one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from app.foundations.languages import gettext
from app.imports.columns import Column, Parser, Reading
from app.imports.faults import Fault, Unfit


class Row(Protocol):
    """What every typed row knows beside its own columns."""

    @property
    def line(self) -> int: ...
    @property
    def given(self) -> frozenset[str]:
        """The columns that the table or the body has; the others leave stored values alone."""
        ...


R = TypeVar("R", bound=Row)
Complaint = tuple[str, str]  # column, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[R]):
    """One kind of table: its columns, what a row needs, and what makes it one row and not another."""

    name: str
    columns: tuple[Column, ...]
    row: Callable[..., R]
    key: Callable[[R], object]
    key_column: str
    natural_key: tuple[str, ...]  # columns that make two rows one to `--rows`; the first is never empty
    id_column: str | None = None  # the column that `--unpivot` and `--id-prefix` work on
    any_of: tuple[tuple[str, ...], ...] = ()  # of each group the table must have one column
    aliases: Mapping[str, str] = field(default_factory=dict)
    unpivot_into: Mapping[str, str] = field(default_factory=dict)  # --as column -> column that takes the value
    rated: tuple[str, ...] = ()  # columns in which `--not-applicable` codes may stand
    check: Callable[[R], Iterable[Complaint]] | None = None

    def column_names(self) -> tuple[str, ...]:
        """Return our names, required ones first as documented."""
        return tuple(column.name for column in self.columns)

    def ours(self, name: str) -> str:
        """Return our name for `name`, which may be an alias."""
        return self.aliases.get(name, name)


class RowReader(Generic[R]):
    """Reads the cells of one table's rows; compiled once, called a hundred thousand times."""

    def __init__(
        self,
        kind: Kind[R],
        names: Iterable[str],
        reading: Reading,
        *,
        file: str,
        not_applicable: Iterable[str] = (),
    ) -> None:
        self._kind = kind
        self._file = file
        self._names = tuple(names)
        given = frozenset(self._names)
        self._given = given
        known = {column.name: column for column in kind.columns}
        codes = frozenset(not_applicable)
        self._plan: tuple[tuple[str, Parser, bool, frozenset[str]], ...] = tuple(
            (name, known[name].parser(reading), known[name].filled, codes if name in kind.rated else frozenset())
            for name in self._names
        )

    def row(self, line: int, cells: Iterable[str]) -> R | tuple[Fault, ...]:
        """Return the typed row, or everything that is wrong with it."""
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for (name, parse, filled, codes), cell in zip(self._plan, cells, strict=False):
            if codes and cell in codes:
                values["not_applicable"] = values.get("not_applicable", frozenset()) | {name}
            elif cell:
                try:
                    values[name] = parse(cell)
                except Unfit as unfit:
                    faults.append(Fault(self._file, line, name, str(unfit), unfit.mend))
            elif filled:
                faults.append(Fault(self._file, line, name, gettext("this must not be empty")))
        if faults:
            return tuple(faults)
        row = self._kind.row(line=line, given=self._given, **values)
        complaints = self._kind.check(row) if self._kind.check else ()
        faults = [Fault(self._file, line, column, sentence) for column, sentence in complaints]
        return tuple(faults) or row


def missing_columns(kind: Kind[R], given: frozenset[str]) -> Iterable[Complaint]:
    """Name the columns that a table or a body of this kind lacks."""
    for column in kind.columns:
        if column.required and column.name not in given:
            yield column.name, gettext("this column is missing")
    for group in kind.any_of:
        if not given.intersection(group):
            sentence = gettext("one of these columns is needed: %(columns)s", columns=", ".join(group))
            yield group[0], sentence


def from_mapping(
    kind: Kind[R], body: Mapping[str, object], reading: Reading, *, place: str = "", line: int = 0
) -> R | tuple[Fault, ...]:
    """Read one JSON object with the columns' names: null and '' clear a value, an absent name leaves it alone."""
    known = set(kind.column_names())
    cells = {kind.ours(name): as_text(value) for name, value in body.items()}
    unknown = [Fault(place, line, name, gettext("this name is not known")) for name in cells if name not in known]
    if len(cells) < len(body):
        twice = sorted(name for name in body if name != kind.ours(name) and kind.ours(name) in body)
        unknown += [Fault(place, line, name, gettext("this stands under two names")) for name in twice]
    missing = [Fault(place, line, *complaint) for complaint in missing_columns(kind, frozenset(cells))]
    if unknown or missing:
        return (*unknown, *missing)
    return RowReader(kind, cells, reading, file=place).row(line, cells.values())


def as_text(value: object) -> str:
    """Write a JSON value as the cell that a table would have."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ";".join(f"{name}={amount}" for name, amount in value.items())
    return str(value).strip()
