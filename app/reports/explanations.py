"""What each block of a scorecard's page means, in a few sentences: how to read it and what it cannot say."""

from collections.abc import Mapping
from types import MappingProxyType

from app.foundations.languages import gettext, mark

#: By the name that the template calls it by; docs/methods.md says the same with formulas.
EXPLANATIONS: Mapping[str, str] = MappingProxyType(
    {
        "headline": mark(
            "The share of colleagues who chose one of the two best of five steps. The range beside it says how far"
            " chance alone could have moved it: if others had been asked, it could have come out anywhere within it."
        ),
        "action": mark(
            "A rule chooses it, no person: among the aspects that lie clearly below the target, the one that"
            " weighs much and lies far below it. It says where to begin, not who is to blame."
        ),
        "dimensions": mark(
            "Each line is the difference between colleagues and customers with its range. Where it crosses"
            " zero, chance alone could explain the difference. The letter says how alike both were asked; D and"
            " E are never subtracted."
        ),
        "drivers": mark(
            "One axis says how closely an aspect goes with the overall rating, the other how many rated it good. An"
            " aspect that weighs much and is rated low is most worth working on. Read the order, not the size; going"
            " together is not yet a cause."
        ),
        "trend": mark(
            "Each point is a quarter, the line through it is its range. Ups and downs within the ranges are"
            " chance; where a change is more than that, a sentence says so."
        ),
        "months": mark(
            "The limits are what chance alone does with so many answers. Only a point outside them, eight in a"
            " row on one side, or three of four near a limit mean that something has changed."
        ),
        "clock": mark(
            "Being on time by the clock and being satisfied are two things. Right and low means: the deadline"
            " was met, and something else was missed, often a word on how it stands."
        ),
        "distribution": mark(
            "How many chose each of the five steps. The same share of satisfied people can go with a few very"
            " bad ratings or with many in the middle: here you see which."
        ),
        "cuts": mark(
            "The same share for parts of those who asked. Of many rows one is always the lowest, also by"
            " chance: where the lines overlap, the order says little. Rows with fewer than 5 people are hidden,"
            " and sometimes a second one."
        ),
        "themes": mark(
            "What several people named. Reasons come from those who rated low and were asked why; one answer may"
            " name several, so the shares do not add up to a whole. Small counts are not shown."
        ),
        "comments": mark(
            "At most three, in random order, without names, each let through by HR. They show what it feels"
            " like, not how many feel so: that stands in the figures."
        ),
        "loop": mark(
            "Whoever rates low may ask to be contacted; only then does the department learn who it is. Half of those"
            " who asked were contacted within the time shown; those who still wait count with the time they have"
            " waited."
        ),
        "funnel": mark(
            "From all completed requests to the answers: what was not asked about, and who did not answer."
            " Nobody knows what the silent think; the two shares say how far they could move the result."
        ),
    }
)


def explanations() -> dict[str, str]:
    """Return every explanation in the language of the moment."""
    return {name: gettext(words) for name, words in EXPLANATIONS.items()}
