"""Finds for each of our columns the place in another tool's table, or says what is missing or unknown."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.foundations.languages import gettext
from app.imports.faults import Fault, TableRefused
from app.imports.mapping import Mapping, RepeatedRows
from app.imports.reading import Table
from app.imports.schema import Kind, R, missing_columns


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one of our cells comes from: a position of the file's row, or a constant where there is none."""

    position: int | None
    constant: str = ""
    values: dict[str, str] = field(default_factory=dict)
    factor: float | None = None

    @property
    def is_plain(self) -> bool:
        """True when the cell is taken as it stands."""
        return not self.values and self.factor is None


@dataclass(frozen=True, slots=True)
class Choice:
    """The values of a column that mean something, as `--done` and `--only` name them."""

    position: int
    values: frozenset[str]

    def meant_by(self, cells: list[str]) -> bool:
        return cells[self.position] in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a row of the file becomes rows under our names; origins behind `names` are read by choices only."""

    names: tuple[str, ...]
    origins: tuple[Origin, ...]
    done: Choice | None
    not_delivered: Choice | None
    only: Choice | None  # of the file's row, the others of the mapped one
    unpivot: tuple[tuple[int, str], ...]  # position in the file's row, value it stands for
    gather: tuple[int, dict[str, str]] | None  # position in the mapped row, value -> point

    def at(self, name: str) -> int | None:
        """Return the place of one of our columns in a mapped row."""
        return self.names.index(name) if name in self.names else None


def planned(kind: Kind[R], table: Table, mapping: Mapping) -> Plan:
    """Return the plan for this table; raise TableRefused with everything that does not fit together."""
    planner = _Planner(kind, table, mapping)
    plan = planner.plan()
    if planner.faults:
        raise TableRefused(*planner.faults)
    return plan


class _Planner:
    def __init__(self, kind: Kind[R], table: Table, mapping: Mapping) -> None:
        self.kind, self.table, self.mapping = kind, table, mapping
        self.faults: list[Fault] = []
        self.used: set[str] = set()
        self.origins: dict[str, Origin] = {}
        self.values: dict[str, dict[str, str]] = {}
        for column, theirs, ours in mapping.values:
            self.values.setdefault(kind.ours(column), {})[theirs] = ours

    def plan(self) -> Plan:
        self._constants()
        self._mapped_columns()
        self._columns_of_the_same_name()
        unpivot = self._unpivoted()
        self._derived_columns()
        names = tuple(self.origins)
        gather = self._gathered()
        done = self._choice(self.mapping.done, "--done")
        not_delivered = self._choice(self.mapping.not_delivered, "--not-delivered")
        only = self._only()
        self._check_rows_option()
        self._check_header(names)
        return Plan(
            names=names,
            origins=tuple(self.origins.values()),
            done=done,
            not_delivered=not_delivered,
            only=only,
            unpivot=unpivot,
            gather=gather,
        )

    def _say(self, column: str, sentence: str, line: int = 1) -> None:
        self.faults.append(Fault(self.table.name, line, column, sentence))

    def _known(self, name: str, option: str) -> str | None:
        ours = self.kind.ours(name)
        if ours in self.kind.column_names():
            return ours
        sentence = gettext(
            "%(option)s names a column that %(kind)s do not have; they have: %(columns)s",
            option=option,
            kind=self.kind.name,
            columns=", ".join(self.kind.column_names()),
        )
        self._say(name, sentence, 0)
        return None

    def _position(self, theirs: str, option: str) -> int | None:
        self.used.add(theirs)
        if self.table.header.count(theirs) == 1:
            return self.table.header.index(theirs)
        if theirs in self.table.header:
            self._say(theirs, gettext("this column occurs more than once"))
        else:
            sentence = gettext(
                "the file has no such column (%(option)s); it has: %(columns)s",
                option=option,
                columns=", ".join(self.table.header),
            )
            self._say(theirs, sentence)
        return None

    def _place(self, ours: str, position: int | None, constant: str = "") -> None:
        factor = dict(self.mapping.scale).get(ours)
        self.origins[ours] = Origin(position, constant, self.values.get(ours, {}), factor)

    def _constants(self) -> None:
        for name, value in self.mapping.constants:
            if ours := self._known(name, "--set"):
                self._place(ours, None, value)

    def _mapped_columns(self) -> None:
        for name, theirs in self.mapping.columns:
            ours = self._known(name, "--map")
            position = self._position(theirs, "--map")
            if ours and position is not None:
                self._place(ours, position)

    def _columns_of_the_same_name(self) -> None:
        taken = set(self.origins)
        known = set(self.kind.column_names())
        for name in dict.fromkeys(self.table.header):
            ours = self.kind.ours(name)
            if ours in known and ours not in taken:
                position = self._position(name, ours)
                if position is not None:
                    self._place(ours, position)

    def _unpivoted(self) -> tuple[tuple[int, str], ...]:
        if not self.mapping.unpivot:
            return ()
        into = self.mapping.unpivot_into or ""
        if into not in self.kind.unpivot_into:
            possible = ", ".join(self.kind.unpivot_into) or "–"
            sentence = gettext("--unpivot needs --as with one of: %(columns)s", columns=possible)
            self._say(into, sentence, 0)
            return ()
        for ours in (into, self.kind.unpivot_into[into]):
            self.origins[ours] = Origin(None)
        found = [(self._position(theirs, "--unpivot"), value) for theirs, value in self.mapping.unpivot]
        return tuple((position, value) for position, value in found if position is not None)

    def _derived_columns(self) -> None:
        if self.mapping.done and "completed_at" not in self.origins:
            self.origins["completed_at"] = Origin(None)
        if self.mapping.not_delivered and "resolution" not in self.origins:
            self.origins["resolution"] = Origin(None)

    def _choice(self, given: tuple[str, tuple[str, ...]] | None, option: str) -> Choice | None:
        if given is None:
            return None
        ours, values = self.kind.ours(given[0]), frozenset(given[1])
        if "completed_at" not in self.kind.column_names():
            self._say(option, gettext("only requests are completed"), 0)
        if ours in self.origins:
            return Choice(tuple(self.origins).index(ours), values)
        position = self._position(given[0], option)
        self.origins[f"{option} {given[0]}"] = Origin(position)
        return Choice(len(self.origins) - 1, values)

    def _only(self) -> Choice | None:
        if self.mapping.only is None:
            return None
        position = self._position(self.mapping.only[0], "--only")
        return None if position is None else Choice(position, frozenset(self.mapping.only[1]))

    def _gathered(self) -> tuple[int, dict[str, str]] | None:
        if self.mapping.gather_counts is None:
            return None
        column, points = self.mapping.gather_counts
        if "counts" not in self.origins:
            self._say("counts", gettext("--gather-counts needs the column of the counts: --map counts=…"), 0)
        self.origins[f"--gather-counts {column}"] = Origin(self._position(column, "--gather-counts"))
        return len(self.origins) - 1, dict(points)

    def _check_rows_option(self) -> None:
        events = self.mapping.rows is RepeatedRows.EVENTS
        if events and "completed_at" not in self.kind.column_names():
            self._say("--rows", gettext("only requests have a log of events"), 0)
        elif self.mapping.rows is not RepeatedRows.REFUSED and self.kind.id_column is None:
            self._say("--rows", gettext("these rows have no id to repeat"), 0)

    def _check_header(self, names: Iterable[str]) -> None:
        for column, sentence in missing_columns(self.kind, frozenset(names)):
            self._say(column, sentence)
        if self.mapping.ignore_unknown:
            return
        for theirs in dict.fromkeys(self.table.header):
            if theirs not in self.used:
                sentence = gettext("this column is not known; map it with --map or pass --ignore-unknown")
                self._say(theirs, sentence)
