"""Every number that frozen documents tell, each as the set of answers or requests that it rests on."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from app.domain.periods import Period
from app.domain.scorecards.cuts import own_rows
from app.models.culture import CultureRevision
from app.models.scorecards import ScorecardRevision
from tests.builders.attacks import Figure
from tests.builders.worlds import COMPANY, World

BLOCKS = {
    "by_request_type": "request_type",
    "by_on_time": "on_time",
    "by_reopened": "reopened",
    "by_requester_department": "requester_department",
    "trend_months": "month",
    "by_requester_history": "requester_history",
    "by_requester_tag": "requester_tag",
}
LOOP = ("low_ratings", "consented", "contacted", "thanks")
STEPS = ("completed", "eligible", "invited", "delivered", "held_back", "answered")
Named = tuple[str, tuple[str, str, str]]  # a measure, and department, cut and value
Figures = dict[str, set[Figure]]  # per measure


def figures_of(world: World, period: Period) -> Figures:
    """Return, per measure, what is behind every figure of every revision of a quarter, of all documents."""
    found: Figures = defaultdict(set)
    for row in world.session.scalars(select(ScorecardRevision).where(ScorecardRevision.period == str(period))):
        document = json.loads(row.document)
        for measure, place in of_scorecard(document):
            found[measure].add(world.behind(period, measure, place, document["revision"]))
        for (measure, place), size in of_requests(document):
            found[measure].add(_of_size(world, period, measure, place, size))
        found["complete"].update(of_drivers(world, period, document))
        _add_themes(found, world, period, document)
    for culture in world.session.scalars(select(CultureRevision).where(CultureRevision.period == str(period))):
        document = json.loads(culture.document)
        for (measure, place), size in of_culture(document):
            found[measure].add(_of_size(world, period, measure, place, size))
        _add_themes(found, world, period, document)
        for measure, behind in of_index(world, period, document):
            found[measure].add(behind)
    return {measure: sets - {frozenset()} for measure, sets in found.items()}


def _add_themes(found: Figures, world: World, period: Period, document: dict[str, Any]) -> None:
    """Add, per theme that a document tells, the low ratings that name it and those that were asked why."""
    code = document.get("department", {"code": COMPANY})["code"]
    for row in document["themes"]:
        named, asked = (
            world.behind(period, measure, (code, "", ""), revision=1)  # later ones repeat those of the first
            for measure in (f"named:{row['theme']}", "asked")
        )
        assert (len(named), len(asked)) == (row["answers"], row["share"]["answers"])
        found[f"theme:{row['theme']}"] |= {named, asked}
        found["low_ratings"].add(asked)  # the others follow where all are counted


def _of_size(world: World, period: Period, measure: str, place: tuple[str, str, str], size: int) -> Figure:
    """Return what a figure rests on that may be repeated from an earlier revision: its size decides."""
    both = (world.behind(period, measure, place, revision) for revision in (1, 2))
    return next(found for found in both if len(found) == size)


def of_drivers(world: World, period: Period, document: dict[str, Any]) -> Iterator[Figure]:
    """Yield the complete answers that a document counts behind its drivers: the department's or the company's."""
    for row in document["drivers"]:
        code = COMPANY if row["model"] == "company" else document["department"]["code"]
        behind = world.behind(period, "complete", (code, "", ""), revision=1)  # later ones repeat those of the first
        assert len(behind) == row["importance"]["answers"]
        yield behind


def of_scorecard(document: dict[str, Any]) -> Iterator[Named]:
    """Yield measure and place of every figure that a scorecard tells."""
    code = document["department"]["code"]
    for item, block in document["internal"].items():
        yield f"answers:{item}", (code, "", "")
        if "not_applicable" in block:
            yield f"not_applicable:{item}", (code, "", "")
    for block_name, cut in BLOCKS.items():
        for row in own_rows(document, block_name):
            yield "answers:csat_overall", (code, cut, row["value"])
    if "late_feeling" in document["sla"]:
        yield "answers:timeliness", (code, "on_time", "yes")
    if document["sla"].get("on_time") and document["sla"]["basis"] == "responses":
        yield "responses", (code, "on_time", "yes")
        yield "responses", (code, "on_time", "no")  # n - on time
    counted = [name for name in LOOP if name in document["loop"]]
    counted += ["imported"] if "imported" in document.get("funnel", {}) else []
    yield from ((measure, (code, "", "")) for measure in counted)


def of_requests(document: dict[str, Any]) -> Iterator[tuple[Named, int]]:
    """Yield measure, place and number of every count of requests, those of invitations and cases among them."""
    code = document["department"]["code"]
    funnel, operations = document.get("funnel", {"not_asked": {}}), document["operations"]
    counts = {name: funnel[name] for name in STEPS if name in funnel}
    counts |= {name: count for name, count in funnel["not_asked"].items() if name != "other"}
    counts |= {name: operations[name] for name in ("arrivals", "completions", "open") if name in operations}
    if "response_rate" in funnel:
        counts |= {"delivered": funnel["response_rate"]["n"], "answered": funnel["response_rate"]["answers"]}
    for name, count in counts.items():
        yield (f"requests:{name}", (code, "", "")), count


def of_index(world: World, period: Period, document: dict[str, Any]) -> Iterator[tuple[str, Figure]]:
    """Yield what the cooperation index rests on: the answers to two items together are its number."""
    if "cooperation_index" not in document:
        return
    measures = ("answers:cooperation", "answers:communication")
    both = [[world.behind(period, measure, (COMPANY, "", ""), revision) for measure in measures] for revision in (1, 2)]
    sizes = [sum(map(len, behind)) for behind in both]
    yield from zip(measures, both[sizes.index(document["cooperation_index"]["answers"])], strict=True)


def of_culture(document: dict[str, Any]) -> Iterator[tuple[Named, int]]:
    """Yield measure, place and number of answers of every figure that HR's document tells."""
    matrix = document["service_matrix"]
    for row in (*matrix["cells"], *matrix["sums"], *matrix["totals"]):
        place = (row.get("provider", COMPANY), "requester_department", row["requester"])
        yield ("answers:csat_overall", place), row["top_two_box"]["answers"]
    for row in (*document["departments"], *document["departments_above"]):
        yield ("answers:csat_overall", (row["code"], "", "")), row["top_two_box"]["answers"]
    for measure, size in _of_company(document).items():
        yield (measure, (COMPANY, "", "")), size


def _of_company(document: dict[str, Any]) -> dict[str, int]:
    loop = document.get("loop", {})
    found = {name: loop[name] for name in LOOP if name in loop}
    figures = {
        "answers:trust": document.get("trust_index"),
        "answers:cooperation": document.get("cooperation"),
        "answers:timeliness": document.get("responsiveness", {}).get("timeliness"),
        "answers:csat_overall": document.get("kudos_rate"),
    }
    if "loop_closure_rate" in document:
        found |= {"consented": document["loop_closure_rate"]["n"]}
    return found | {measure: figure["answers"] for measure, figure in figures.items() if figure}
