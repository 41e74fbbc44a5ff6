"""The members of one object that a script sends: each read as what it must be, all faults told at once."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from app.foundations.languages import gettext
from app.imports.faults import Fault
from app.web.api.bodies import Item, read_object, refused

T = TypeVar("T")


class Told:
    """An object of a body. Read every member, then call `done`."""

    def __init__(self) -> None:
        """Read the body. Raises Problem where it is no object of JSON."""
        self._left: Item = dict(read_object())
        self._faults: list[Fault] = []

    def text(self, name: str, *, longest: int, least: int = 0) -> str:
        """Return a text of one line; absent or null is empty."""
        return self._read(
            name,
            "",
            lambda value: isinstance(value, str) and least <= len(value) <= longest and value.isprintable(),
            gettext("this must be a line of %(least)s to %(longest)s characters", least=least, longest=longest),
        )

    def number(self, name: str) -> int | None:
        """Return a whole number from 0 on, None where it is absent."""
        return self._read(
            name,
            None,
            lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31,
            gettext("this must be a whole number"),
        )

    def truth(self, name: str) -> bool:
        """Return true or false, which has to be there."""
        value = self._left.pop(name, None)
        if not isinstance(value, bool):
            self.fault(name, gettext("this must be true or false"))
        return value is True

    def choice(self, name: str, choices: Collection[str]) -> str:
        """Return one of some words."""
        sentence = gettext("this must be one of %(choices)s", choices=", ".join(choices))
        return self._read(name, "", lambda value: isinstance(value, str) and value in choices, sentence)

    def choices(self, name: str, choices: Collection[str], *, least: int = 1) -> list[str]:
        """Return a list of some words, of which at least so many are there."""
        sentence = gettext("this must be a list of some of %(choices)s", choices=", ".join(choices))
        if not choices:
            sentence = gettext("this must be an empty list: there is nothing to choose from")
        return self._read(name, [], lambda value: _is_some_of(value, choices, least), sentence)

    def object(self, name: str) -> dict[str, Any]:
        """Return an object."""
        sentence = gettext("this must be an object with names and values")
        return self._read(name, {}, lambda value: isinstance(value, dict), sentence)

    def fault(self, name: str, sentence: str) -> None:
        """Add what is wrong with a member."""
        self._faults.append(Fault("", 0, name, sentence))

    def done(self) -> None:
        """Raise the Problem 422 that names every fault, also of members that nobody knows."""
        self._faults += [Fault("", 0, name, gettext("nobody knows this name")) for name in self._left]
        if self._faults:
            raise refused(self._faults)

    def _read(self, name: str, otherwise: T, fits: Callable[[Any], bool], sentence: str) -> T:
        value: Any = self._left.pop(name, None)
        value = otherwise if value is None else value
        if (value is None and otherwise is None) or fits(value):
            found: T = value
            return found
        self.fault(name, sentence)
        return otherwise


def _is_some_of(value: Any, choices: Collection[str], least: int) -> bool:
    is_list = isinstance(value, list) and len(value) >= least and all(isinstance(one, str) for one in value)
    return is_list and set(value) <= set(choices)
