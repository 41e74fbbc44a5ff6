"""How a table made by another tool is to be read: a frozen value that a profile keeps as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

from app.foundations.languages import gettext
from app.imports.faults import OptionRefused


class RepeatedRows(StrEnum):
    """What several rows with one id mean."""

    REFUSED = "refused"  # a repeated id is a fault
    LAST = "last"
    FIRST = "first"
    EVENTS = "events"  # the rows are a log of one request's changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The options of an import that describe the file; pairs are (ours, theirs) unless named otherwise."""

    columns: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, str], ...] = ()  # (our column, value)
    values: tuple[tuple[str, str, str], ...] = ()  # (our column, their value, our value)
    empty: tuple[str, ...] = ()  # cells that mean "nothing", beside the empty one
    done: tuple[str, tuple[str, ...]] | None = None  # (column, its values that mean completed)
    not_delivered: tuple[str, tuple[str, ...]] | None = None
    only: tuple[str, tuple[str, ...]] | None = None  # rows with other values in this column are left out
    date_format: str | None = None  # strptime; None: ISO 8601
    time_zone: str | None = None  # IANA name for times without an offset
    encoding: str | None = None
    rows: RepeatedRows = RepeatedRows.REFUSED
    unpivot: tuple[tuple[str, str], ...] = ()  # (their column, value it stands for)
    unpivot_into: str | None = None
    gather_counts: tuple[str, tuple[tuple[str, str], ...]] | None = None  # (their column, (its value, point))
    scale: tuple[tuple[str, float], ...] = ()  # (our column, factor)
    id_prefix: str = ""
    not_applicable: tuple[str, ...] = ()
    ignore_unknown: bool = False

    def to_json(self) -> str:
        """Return the mapping as JSON, as a profile stores it; options left at their default are absent."""
        default = Mapping()
        changed = {name: value for name, value in asdict(self).items() if value != getattr(default, name)}
        return json.dumps(changed, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the mapping that `to_json` wrote."""
        stored = json.loads(text)
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: _frozen(value) for name, value in stored.items() if name in known}
        if "rows" in values:
            values["rows"] = RepeatedRows(values["rows"])
        return cls(**values)

    def our_columns(self, header: Iterable[str]) -> frozenset[str]:
        """Return the columns that a table with this header gives, by our names where they are mapped."""
        named = {ours for ours, _ in (*self.columns, *self.constants)}
        return frozenset(named.union(header))

    def over(self, profile: "Mapping") -> "Mapping":
        """Return `profile` with everything that is given here put in its place."""
        default = Mapping()
        given = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(default, field.name)
        }
        for name in ("columns", "constants", "values"):
            if name in given:
                given[name] = _merged(getattr(profile, name), given[name])
        # What is set here needs no column of the profile any more, and the other way round.
        for name, others in (("columns", self.constants), ("constants", self.columns)):
            told_otherwise = {ours for ours, _ in others}
            given[name] = tuple(
                pair for pair in given.get(name, getattr(profile, name)) if pair[0] not in told_otherwise
            )
        return replace(profile, **given)


def _merged(old: tuple[tuple[str, ...], ...], new: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    named = (
        {pair[:-1]: pair for pair in (*old, *new)}
        if new and len(new[0]) > 2
        else {pair[0]: pair for pair in (*old, *new)}
    )
    return tuple(named.values())


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def pair(text: str, option: str) -> tuple[str, str]:
    """Split `left=right` of an option."""
    left, separator, right = text.partition("=")
    if not (separator and left.strip()):
        raise OptionRefused(gettext("'%(text)s': write it as name=value", text=text), option=option)
    return left.strip(), right.strip()


def value_pair(text: str) -> tuple[str, str, str]:
    """Split `column:theirs=ours` of `--value`."""
    column, separator, rest = text.partition(":")
    if not separator:
        raise OptionRefused(gettext("'%(text)s': write it as column:theirs=ours", text=text), option="--value")
    return column.strip(), *pair(rest, "--value")


def choice(texts: Iterable[str], option: str) -> tuple[str, tuple[str, ...]] | None:
    """Join the `column=value,value` of `--done`, `--not-delivered` and `--only`; None where the option is not given."""
    found = [pair(text, option) for text in texts]
    columns = sorted({column for column, _ in found})
    if len(columns) > 1:
        sentence = gettext("it speaks of one column, not of %(columns)s", columns=", ".join(columns))
        raise OptionRefused(sentence, option=option)
    return (columns[0], listed(values for _, values in found)) if found else None


def pairs(text: str, option: str) -> tuple[tuple[str, str], ...]:
    """Split `a=b,c=d` of `--unpivot`."""
    return tuple(pair(part, option) for part in _listed(text))


def gathering(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Split `column:value=point,…` of `--gather-counts`."""
    column, separator, rest = text.partition(":")
    if not separator:
        sentence = gettext("'%(text)s': write it as column:value=point,…", text=text)
        raise OptionRefused(sentence, option="--gather-counts")
    return column.strip(), pairs(rest, "--gather-counts")


def factor(text: str) -> tuple[str, float]:
    """Split `column=number` of `--scale`."""
    column, number = pair(text, "--scale")
    try:
        return column, float(number)
    except ValueError as error:
        sentence = gettext("'%(text)s': '%(number)s' is no number", text=text, number=number)
        raise OptionRefused(sentence, option="--scale") from error


def listed(texts: Iterable[str]) -> tuple[str, ...]:
    """Join the comma-separated values of a repeatable option."""
    return tuple(value for text in texts for value in _listed(text))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
