"""Finds for each of our columns the place in another tool's table, or says what is missing or unknown."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.foundations.languages import gettext
from app.imports.faults import Fault, TableRefused
from app.imports.headings import near_column
from app.imports.mapping import Mapping, RepeatedRows
from app.imports.reading import Table
from app.imports.schema import Kind, R, missing_columns

SHOWN_VALUES = 8  # of a column in which no value was the one that an option names
SHOWN_LENGTH = 40  # characters of each


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
    """The values of a column that mean something, as `--done` and `--only` name them; it remembers what it met."""

    option: str
    column: str
    position: int
    values: frozenset[str]
    met: set[str] = field(default_factory=set, compare=False)
    others: dict[str, None] = field(default_factory=dict, compare=False)  # some of the other values, in their order

    def meant_by(self, cells: list[str]) -> bool:
        value = cells[self.position]
        if value in self.values:
            self.met.add(value)
            return True
        if len(self.others) < SHOWN_VALUES and value:
            self.others[value] = None
        return False

    def never_met(self) -> Fault | None:
        """Say that no row had any of the values, which is seldom meant; None where one had."""
        if self.met or not self.others:
            return None
        sentence = gettext(
            "no row has this in %(column)s: %(values)s; there is: %(others)s",
            values=", ".join(sorted(self.values)),
            column=self.column,
            others=", ".join(" ".join(other.split())[:SHOWN_LENGTH] for other in self.others),
        )
        return Fault("", 0, self.option, sentence)


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
        self.near: dict[str, str] = {}  # ours, and the heading of theirs that it seems to be
        self.faults: list[Fault] = []
        self.used: set[str] = set()
        self.origins: dict[str, Origin] = {}
        self.values: dict[str, dict[str, str]] = {}
        self.factors: dict[str, float] = {}

    def plan(self) -> Plan:
        self._check_options()
        self._translations()
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
        if not self.faults:  # what is missing or unknown may only follow from an option
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

    def _say(self, column: str, sentence: str, line: int = 1, mend: str = "", near: str = "") -> None:
        self.faults.append(Fault(self.table.name, line, column, sentence, mend, near))

    def _known(self, name: str, option: str) -> str | None:
        ours = self.kind.ours(name)
        if ours in self.kind.column_names():
            return ours
        sentence = gettext(
            "tables of this kind have no such column; they have: %(columns)s",
            columns=", ".join(self.kind.column_names()),
        )
        self._say(name, sentence, 0, option)
        return None

    def _position(self, theirs: str, option: str) -> int | None:
        self.used.add(theirs)
        if self.table.header.count(theirs) == 1:
            return self.table.header.index(theirs)
        if theirs in self.table.header:
            self._say(theirs, gettext("this column occurs more than once"))
        else:
            sentence = gettext(
                "the file has no such column; it has: %(columns)s",
                columns=", ".join(self.table.header),
            )
            self._say(theirs, sentence, mend=option)
        return None

    def _place(self, ours: str, position: int | None, constant: str = "") -> None:
        if ours in self.origins:
            self._say(ours, gettext("this column is told twice"), 0)
        self.origins[ours] = Origin(position, constant, self.values.get(ours, {}), self.factors.get(ours))

    def _translations(self) -> None:
        for name, theirs, value in self.mapping.values:
            if ours := self._known(name, "--value"):
                self.values.setdefault(ours, {})[theirs] = value
        for name, factor in self.mapping.scale:
            if ours := self._known(name, "--scale"):
                self.factors[ours] = factor

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
            if ours in taken:
                self.used.add(name)  # an option says where else to take it from
            elif ours in known:
                position = self._position(name, ours)
                if position is not None:
                    self._place(ours, position)

    def _unpivoted(self) -> tuple[tuple[int, str], ...]:
        into = self.mapping.unpivot_into or ""
        if not self.mapping.unpivot or into not in self.kind.unpivot_into:
            return ()
        for ours in (into, self.kind.unpivot_into[into]):
            self._place(ours, None)
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
        if ours in self.origins:
            return Choice(option, given[0], tuple(self.origins).index(ours), values)
        position = self._position(given[0], option)
        self.origins[f"{option} {given[0]}"] = Origin(position)
        return Choice(option, given[0], len(self.origins) - 1, values)

    def _only(self) -> Choice | None:
        if self.mapping.only is None:
            return None
        column, values = self.mapping.only
        position = self._position(column, "--only")
        return None if position is None else Choice("--only", column, position, frozenset(values))

    def _gathered(self) -> tuple[int, dict[str, str]] | None:
        if self.mapping.gather_counts is None:
            return None
        column, points = self.mapping.gather_counts
        if "counts" not in self.origins:
            self._say("--gather-counts", gettext("it needs the column of the counts"), 0, "--map")
        self.origins[f"--gather-counts {column}"] = Origin(self._position(column, "--gather-counts"))
        return len(self.origins) - 1, dict(points)

    def _check_options(self) -> None:
        """Complain about options that this kind of table has no use for: they are mistakes, not wishes."""
        given, kind = self.mapping, self.kind
        completes = "completed_at" in kind.column_names() and "resolution" in kind.column_names()
        events = given.rows is RepeatedRows.EVENTS
        useless = {
            "--done": (given.done and not completes, gettext("only requests are completed")),
            "--not-delivered": (given.not_delivered and not completes, gettext("only requests are completed")),
            "--rows": (events and not completes, gettext("only requests have a log of events")),
            "--id-prefix": (given.id_prefix and not kind.id_column, gettext("these rows have no id")),
            "--not-applicable": (given.not_applicable and not kind.rated, gettext("these rows have no ratings")),
            "--unpivot": self._useless_unpivot(),
            "--as": (
                given.unpivot_into and not given.unpivot,
                gettext("this says where the values of columns go that are taken apart, and none is"),
            ),
        }
        for option, (is_useless, sentence) in useless.items():
            if is_useless:
                self._say(option, sentence, 0)

    def _useless_unpivot(self) -> tuple[bool, str]:
        given, possible = self.mapping, ", ".join(self.kind.unpivot_into)
        if given.unpivot and not possible:
            return True, gettext("only responses and customers' scores can be taken apart")
        is_missing = bool(given.unpivot) and given.unpivot_into not in self.kind.unpivot_into
        return is_missing, gettext("say where the values go: %(columns)s", columns=possible)

    def _check_header(self, names: Iterable[str]) -> None:
        for column, sentence in missing_columns(self.kind, frozenset(names)):
            self._say(column, sentence)
        if self.mapping.ignore_unknown:
            return
        for number, theirs in enumerate(self.table.header, 1):
            if not theirs:
                self._say("", gettext("column %(number)s has no name", number=number), mend="nameless")
            elif theirs not in self.used:
                self.used.add(theirs)
                self._say_unknown(theirs)

    def _say_unknown(self, theirs: str) -> None:
        near = near_column(
            theirs, [name for name in self.kind.column_names() if name not in self.origins and name not in self.near]
        )
        sentence = gettext("this column is not known")
        if near:
            sentence = gettext("this column is not known; is it %(name)s?", name=near)
            self.near[near] = theirs
        self._say(theirs, sentence, mend="--ignore-unknown", near=near)
