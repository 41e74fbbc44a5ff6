"""The counts that a document tells, and those that a later revision may not: neither is judged by people."""

from app.domain.decisions import ELIGIBLE_NOT_ASKED, NOT_ELIGIBLE
from app.domain.scorecards.publish import Json

#: Counts of answers in the funnel; the other steps count requests, which a quarter fixes.
FUNNEL_COUNTS = ("delivered", "answered", "held_back", "imported")
FUNNEL_REQUESTS = ("completed", "eligible", "invited", *sorted(NOT_ELIGIBLE | ELIGIBLE_NOT_ASKED))
WORK_COUNTS = ("arrivals", "completions", "open", "stuck", "reassignments")
LOOP_COUNTS = ("low_ratings", "consented", "contacted", "thanks")
ON_TIME = ("on_time.yes", "on_time.no")  # the share on time of the answers, with its n

LATE_FEELING = "late_feeling"  # a figure of one item within one value of a cut: judged like a count


def told_counts(document: Json) -> dict[str, object]:
    """Return what a document tells of each count, by the name under which counts are withheld."""
    told: dict[str, object] = {name: document["loop"][name] for name in LOOP_COUNTS if name in document["loop"]}
    funnel = document.get("funnel", {})
    told |= {name: funnel[name] for name in FUNNEL_COUNTS if name in funnel}
    told |= {response_of(row["cut"], row["value"]): row for row in funnel.get("response_by", [])}
    for item, block in document["internal"].items():
        if "not_applicable" in block:
            told[not_applicable(item)] = block["not_applicable"]
    clock = document["sla"]
    if clock.get("basis") == "responses" and "on_time" in clock:
        told |= dict.fromkeys(ON_TIME, clock["on_time"])
    if LATE_FEELING in clock:
        told[LATE_FEELING] = clock[LATE_FEELING]
    return told


def new_counts(before: Json, after: Json) -> frozenset[str]:
    """Return the counts that `after` tells otherwise than `before`, or anew.

    A later revision leaves them out: the difference of two revisions, alone or minus that of a department below, would
    say what one late answer or correction was. What it repeats unchanged adds nothing to what is known.
    """
    old = told_counts(before)
    return frozenset(name for name, count in told_counts(after).items() if old.get(name) != count)


def without_counts(document: Json) -> Json:
    """Return a document without its counts of answers, to see whether anything else differs."""
    items = {
        item: {name: value for name, value in block.items() if name != "not_applicable"}
        for item, block in document["internal"].items()
    }
    clock = {name: value for name, value in document["sla"].items() if name != LATE_FEELING}
    return document | {"internal": items, "loop": {}, "sla": clock}


def response_of(cut: str, value: str) -> str:
    """Return the name of the response rate of a value of a cut."""
    return f"response.{cut}.{value}"


def not_applicable(item: str) -> str:
    """Return the name of the count of "cannot judge" of an item."""
    return f"not_applicable.{item}"
