"""What doctor found: a sentence that names the command which mends it, and what a page says without commands."""

from typing import Self


class Finding(str):
    """The whole sentence, for whoever has a shell. `problem` is what is wrong, `about` whose page can mend it.

    `about` is `tracker:<slug>`, `trackers`, `departments` or `staff`; empty where only the server can.
    """

    __slots__ = ("about", "problem")

    def __new__(cls, problem: str, command: str = "", about: str = "") -> Self:
        """Make the sentence of both."""
        made = super().__new__(cls, f"{problem}: {command}" if command else problem)
        made.problem, made.about = problem, about
        return made

    problem: str
    about: str


def as_finding(sentence: str) -> Finding:
    """Return what a page says of a sentence of doctor; one that names no command stands as it is."""
    return sentence if isinstance(sentence, Finding) else Finding(sentence)
