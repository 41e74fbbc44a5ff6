"""The document of one department and quarter: figures in, published JSON out (schema parity.scorecard/1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.asking_policy import Targets
from app.domain.disclosure import Name, Pattern, without
from app.domain.instruments import Item
from app.domain.scorecards import cuts, findings
from app.domain.scorecards.actions import previous_action, proposed_action
from app.domain.scorecards.bottlenecks import published_types
from app.domain.scorecards.changes import change_of, method_is_new, questions_are_new, trend_of
from app.domain.scorecards.clock import WorkFigures, published_operations, published_sla
from app.domain.scorecards.customers import published_customers
from app.domain.scorecards.digest import digest
from app.domain.scorecards.drivers import DriverModel, published_drivers
from app.domain.scorecards.external import Dimension
from app.domain.scorecards.funnel import FunnelFigures, published_funnel
from app.domain.scorecards.gaps import Gap, gap_between, inside_of, published_gap
from app.domain.scorecards.internal import ItemFigures, published_item
from app.domain.scorecards.loop import LoopFigures, published_loop
from app.domain.scorecards.months import months_with_history
from app.domain.scorecards.publish import CONFIDENCE, Json, Thresholds, instant
from app.domain.scorecards.themes import HIDDEN, ThemesTold
from app.domain.sentences import SentenceKey

SCHEMA = "parity.scorecard/1"


@dataclass(frozen=True)
class Method:
    """What the figures were made with; printed and digested."""

    weighting: str
    thresholds: Thresholds
    instrument_versions: tuple[str, ...]
    policy_versions: tuple[int, ...]


@dataclass(frozen=True)
class DepartmentFigures:
    """Everything known of one department and quarter, unrounded."""

    code: str
    name: str
    items: Mapping[Item, ItemFigures]
    targets: Targets
    funnel: FunnelFigures = field(default_factory=lambda: FunnelFigures({}, 0))
    work: WorkFigures = field(default_factory=WorkFigures)
    loop: LoopFigures = field(default_factory=LoopFigures)
    cuts: Mapping[str, Mapping[str, ItemFigures]] = field(default_factory=dict)  # csat_overall per cut and value
    value_names: Mapping[str, str] = field(default_factory=dict)  # requester department code -> name
    not_applicable: Mapping[str, int] = field(default_factory=dict)
    answered_on_time: tuple[int, int] = (0, 0)
    dimensions: Mapping[Item, Dimension] = field(default_factory=dict)
    touchpoints: Sequence[Json] = ()
    earlier: Sequence[tuple[str, Mapping[str, Any]]] = ()  # frozen documents of the quarters before, oldest first
    previous: str = ""  # the quarter right before this one
    reorganised_in: str | None = None  # the quarter since which this is another department: nothing earlier is compared
    types: Mapping[str, WorkFigures] = field(default_factory=dict)  # work by type of request
    late_feeling: ItemFigures | None = None  # how those whose requests were on time rated the time it took
    drivers: DriverModel | None = None
    drivers_told: Sequence[Json] | None = None  # by the revision before: a later one repeats them
    themes: ThemesTold = field(default_factory=ThemesTold)  # a later revision repeats those of the one before
    hidden_items: frozenset[Item] = frozenset()  # too few answered them here, or here would give away elsewhere

    def threshold_count(self, item: Item) -> int:
        """Return requesters of the item who did not consent to contact, at least: what thresholds count."""
        figures = self.items.get(item)
        return 0 if figures is None or item in self.hidden_items else figures.confidential


def gaps_of(figures: DepartmentFigures, pattern: Pattern, weighting: str) -> dict[Item, Gap]:
    """Return the department's gaps before any correction; a hidden department has none to compute."""
    items = {} if pattern.is_hidden(figures.code) else figures.items
    return {
        item: gap_between(inside_of(items.get(item), weighting, figures.threshold_count(item)), outside)
        for item, outside in figures.dimensions.items()
    }


def scorecard_document(
    figures: DepartmentFigures,
    pattern: Pattern,
    p_adjusted: Mapping[Item, float],
    *,
    method: Method,
    period: str,
    revision: int,
    frozen_at: datetime,
    untold: Collection[Name] = (),
) -> Json:
    """Return the document with its digest; figures in `untold` stay out, and so do sentences about them."""
    visible = not pattern.is_hidden(figures.code)
    overall = figures.items.get(Item.CSAT_OVERALL) if visible else None
    internal = _internal(figures, method) if visible else {}
    gaps = gaps_of(figures, pattern, method.weighting)
    blocks = _cuts(figures, pattern, method) if visible else {}
    change = _change(figures, internal, method)
    drivers = published_drivers(figures.drivers, internal, figures.drivers_told)
    document: Json = {
        "schema": SCHEMA,
        "department": {"code": figures.code, "name": figures.name},
        "period": period,
        "revision": revision,
        "frozen_at": instant(frozen_at),
        "funnel_basis": "invitations" if figures.funnel.has_invitations else "responses_only",
        "method": published_method(method),
        "internal": internal,
        "external": published_customers(figures.touchpoints, figures.dimensions),
        "gap": {item.value: published_gap(gap, p_adjusted.get(item)) for item, gap in gaps.items()},
        "change": change,
        "trend": trend_of(_earlier_headlines(figures), period, internal.get("csat_overall", {}).get("top_two_box")),
        "sla": _sla(figures, pattern, overall, method) if visible else {},
        "operations": _operations(figures, blocks, method) if visible else {},
        **blocks,
        "drivers": drivers,
        "themes": list(figures.themes.rows) if visible else [],
        "comments": [],
        "loop": published_loop(figures.loop, overall, method.thresholds.group) if visible else {},
        "suppressed": _suppressed(figures, pattern),
        "action": _action(figures, internal, change, drivers, method),
    }
    if figures.funnel.has_invitations and visible:
        document["funnel"] = published_funnel(figures.funnel, overall, method.thresholds.group, figures.value_names)
    document = without(document, untold) if untold else document
    document["sentences"] = findings.sentences(_told(figures, method, document))
    return document | {"digest": digest(document)}


def people_behind(figures: DepartmentFigures, document: Json) -> dict[str, int]:
    """Return the requesters behind each figure that a document shows; n says so only where each person counts once."""
    return {name: found.requesters for name, found in _behind(figures, document).items()}


def consenting_behind(figures: DepartmentFigures, document: Json) -> dict[str, int]:
    """Return, for each figure that a document shows, how many of its requesters consented to contact, at most."""
    return {name: found.requesters - found.confidential for name, found in _behind(figures, document).items()}


def _behind(figures: DepartmentFigures, document: Json) -> dict[str, ItemFigures]:
    found = {cuts.figure_name("internal", item): figures.items[Item(item)] for item in document["internal"]}
    for cut, block in cuts.CUT_BLOCKS.items():
        values = figures.cuts.get(cut, {})
        found |= {cuts.figure_name(block, row["value"]): values[row["value"]] for row in cuts.own_rows(document, block)}
    return found


def _told(figures: DepartmentFigures, method: Method, document: Json) -> findings.Told:
    """Return what the sentences are made of: published figures only."""
    overall = figures.items.get(Item.CSAT_OVERALL)
    return findings.Told(
        department=figures.name,
        period=document["period"],
        weighting=method.weighting,
        people=overall.requesters if overall is not None else 0,
        minimum_group=method.thresholds.group,
        funnel=document.get("funnel", {}),
        has_answers=bool(figures.items),
        previous=figures.previous,
        new_method=_new_method(dict(figures.earlier).get(figures.previous), method),
        reorganised_in=figures.reorganised_in,
        has_history=any("csat_overall" in document.get("internal", {}) for _, document in figures.earlier),
        **{part: document[part] for part in findings.PARTS},
    )


def published_method(method: Method) -> Json:
    """Return the method as documents print it."""
    return {
        "confidence": CONFIDENCE,
        "minimum_group_size": method.thresholds.group,
        "minimum_comment_group": method.thresholds.comments,
        "weighting": method.weighting,
        "instrument_versions": list(method.instrument_versions),
        "policy_versions": list(method.policy_versions),
    }


def _internal(figures: DepartmentFigures, method: Method) -> Json:
    return {
        item.value: published_item(
            figures.items[item], method.weighting, figures.not_applicable.get(item.value, 0), method.thresholds.group
        )
        for item in Item
        if figures.threshold_count(item) >= method.thresholds.group
    }


def _change(figures: DepartmentFigures, internal: Json, method: Method) -> Json:
    """Return changes against the quarter right before, where it was asked and counted in the same way."""
    document = dict(figures.earlier).get(figures.previous)
    if document is None or _new_method(document, method) is not None:
        return {}
    before = document.get("internal", {})
    return {item: change_of(now, before.get(item), figures.previous) for item, now in internal.items()}


def _action(figures: DepartmentFigures, internal: Json, change: Json, drivers: list[Json], method: Method) -> Json:
    found = proposed_action(internal, figures.targets.satisfaction, drivers, has_answers=bool(figures.items))
    document = dict(figures.earlier).get(figures.previous)
    is_compared = _new_method(document, method) is None
    before = previous_action(document, figures.previous, change, is_compared=is_compared) if found else None
    return found | ({"previous": before} if before else {})


def _new_method(document: Mapping[str, Any] | None, method: Method) -> SentenceKey | None:
    """Return what is new since an earlier document, if it asked other questions or counted people or requests."""
    if document is None:
        return None
    then, now = document["method"], published_method(method)
    if questions_are_new(then, now):
        return SentenceKey.CHANGE_NEW_QUESTIONS
    return SentenceKey.CHANGE_NEW_WEIGHTING if method_is_new(then, now) else None


def _operations(figures: DepartmentFigures, blocks: Json, method: Method) -> Json:
    minimum_group = method.thresholds.group
    found = published_operations(figures.work, minimum_group)
    shown = [row["value"] for row in blocks.get("by_request_type", [])]
    types = published_types(figures.types, shown, minimum_group)
    return found | ({"by_request_type": types} if types else {})


def _sla(figures: DepartmentFigures, pattern: Pattern, overall: ItemFigures | None, method: Method) -> Json:
    # A share of answers with its n tells how many came late: it says no more than the cut by on time may.
    is_hidden = bool(pattern.hidden_values(figures.code, "on_time"))
    has_both = len(figures.cuts.get("on_time", {})) > 1  # else the cut is the whole again
    return published_sla(
        figures.work,
        (0, 0) if is_hidden else figures.answered_on_time,
        overall,
        figures.targets,
        weighting=method.weighting,
        minimum_group=method.thresholds.group,
        late_feeling=None if is_hidden or not has_both else figures.late_feeling,
    )


def _earlier_headlines(figures: DepartmentFigures) -> list[tuple[str, Json | None]]:
    return [
        (period, document.get("internal", {}).get("csat_overall", {}).get("top_two_box"))
        for period, document in figures.earlier
    ]


def _cuts(figures: DepartmentFigures, pattern: Pattern, method: Method) -> Json:
    found = cuts.published_cuts(
        {cut: figures.cuts.get(cut, {}) for cut in cuts.CUT_BLOCKS},
        {cut: pattern.visible_values(figures.code, cut) for cut in cuts.CUT_BLOCKS},
        figures.value_names,
        weighting=method.weighting,
        minimum_group=method.thresholds.group,
    )
    block = cuts.CUT_BLOCKS[cuts.MONTH]
    if block in found:
        found[block] = months_with_history(found[block], published_method(method), figures.earlier)
    return found


def _suppressed(figures: DepartmentFigures, pattern: Pattern) -> list[Json]:
    if pattern.is_hidden(figures.code):
        return [cuts.suppressed(cuts.hidden_name())] if figures.items else []
    names = [cuts.hidden_name(item=item) for item in Item if item in figures.hidden_items]
    names += [
        cuts.hidden_name(cut, value) for cut in cuts.CUT_BLOCKS for value in pattern.hidden_values(figures.code, cut)
    ]
    names += [HIDDEN] if figures.themes.has_hidden else []
    return [cuts.suppressed(name) for name in dict.fromkeys(names)]
