"""The counts that a document tells, and what a later revision may tell of its quarter: by people, or as it was told."""

from collections.abc import Mapping
from typing import Any

from app.domain.decisions import ELIGIBLE_NOT_ASKED, NOT_ELIGIBLE
from app.domain.disclosure import NOT_OF_COLLEAGUES, Name, figures_of, without
from app.domain.scorecards.cuts import CUT_BLOCKS
from app.domain.scorecards.publish import Json

#: Counts of answers in the funnel; the other steps count requests, which a quarter fixes.
FUNNEL_COUNTS = ("delivered", "answered", "held_back", "imported")
FUNNEL_REQUESTS = ("completed", "eligible", "invited", *sorted(NOT_ELIGIBLE | ELIGIBLE_NOT_ASKED))
WORK_COUNTS = ("arrivals", "completions", "open", "stuck", "reassignments")
LOOP_COUNTS = ("low_ratings", "consented", "contacted", "thanks")
ON_TIME = ("on_time.yes", "on_time.no")  # the share on time of the answers, with its n

LATE_FEELING = "late_feeling"  # a figure of one item within one value of a cut: judged like a count
NOT_APPLICABLE = "not_applicable"

RATED = frozenset({"internal", *CUT_BLOCKS.values()})  # figures with people behind them: judged by those they gained
#: What follows from ratings and customers, is repeated from the first revision, or is chosen by HR.
_FOLLOWS = frozenset({"gap", "change", "drivers", "comments"})
_PEOPLE = Name("funnel", "requesters")  # those of the headline
_SAID = RATED | _FOLLOWS | NOT_OF_COLLEAGUES | {"trend", "action", "suppressed"}


def is_rating(name: Name) -> bool:
    """Tell whether a later revision may tell a figure anew where enough people were added to it."""
    return name.block in RATED and name.part != NOT_APPLICABLE


def new_counts(told: Mapping[Name, Any], document: Json) -> frozenset[Name]:
    """Return the figures, other than ratings, that a document tells otherwise than they were told, or anew.

    A later revision leaves them out: the difference of two revisions, alone or minus that of a department below, would
    say what one late answer or request was. What it repeats unchanged adds nothing to what is known. A block that
    nobody thought of is judged so too.
    """
    return frozenset(
        name for name, printed in figures_by_name(document).items() if _is_count(name) and told.get(name) != printed
    )


def without_counts(document: Mapping[str, Any]) -> Json:
    """Return what a document says beside its counts and the sentences about them, to see whether anything differs."""
    said = {block: value for block, value in document.items() if block in _SAID}
    return without(said, [name for name in figures_by_name(said) if _is_count(name)])


def figures_by_name(document: Mapping[str, Any]) -> dict[Name, Any]:
    """Return what a document tells of colleagues, by the name of the figure."""
    return {figure.name: figure.printed for figure in figures_of(document)}


def not_applicable(item: str) -> str:
    """Return the name of the count of "cannot judge" of an item."""
    return f"{NOT_APPLICABLE}.{item}"


def _is_count(name: Name) -> bool:
    return not is_rating(name) and name.block not in _FOLLOWS and name != _PEOPLE
