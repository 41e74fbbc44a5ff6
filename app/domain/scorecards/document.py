"""The document of one department and quarter: figures in, published JSON out (schema parity.scorecard/1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.asking_policy import Targets
from app.domain.disclosure import Pattern
from app.domain.instruments import Comparability, Item
from app.domain.scorecards import findings
from app.domain.scorecards.changes import change_of, trend_of
from app.domain.scorecards.clock import WorkFigures, published_operations, published_sla
from app.domain.scorecards.digest import digest
from app.domain.scorecards.external import Dimension
from app.domain.scorecards.funnel import FunnelFigures, published_funnel
from app.domain.scorecards.gaps import Gap, gap_between, published_gap
from app.domain.scorecards.internal import ItemFigures, published_item
from app.domain.scorecards.loop import LoopFigures, published_loop
from app.domain.scorecards.publish import (
    COARSE_BELOW,
    CONFIDENCE,
    Json,
    Thresholds,
    rounded,
    score_interval,
    share_interval,
)
from app.domain.statistics import weighted_share

SCHEMA = "parity.scorecard/1"
WHY_HIDDEN = "protects_a_small_group"
CUT_BLOCKS = {
    "requester_department": "by_requester_department",
    "request_type": "by_request_type",
    "on_time": "by_on_time",
    "reopened": "by_reopened",
    "month": "trend_months",
}


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
    funnel: FunnelFigures
    work: WorkFigures
    loop: LoopFigures
    targets: Targets
    cuts: Mapping[str, Mapping[str, ItemFigures]] = field(default_factory=dict)  # csat_overall per cut and value
    value_names: Mapping[str, str] = field(default_factory=dict)  # requester department code -> name
    not_applicable: Mapping[str, int] = field(default_factory=dict)
    answered_on_time: tuple[int, int] = (0, 0)
    dimensions: Mapping[Item, Dimension] = field(default_factory=dict)
    touchpoints: Sequence[Json] = ()
    earlier: Sequence[tuple[str, Json]] = ()  # frozen documents of the quarters before, oldest first
    previous_comparable: bool = True  # same department by code or by one successor
    hidden_items: frozenset[Item] = frozenset()  # too few answered them here, or here would give away elsewhere

    def threshold_count(self, item: Item) -> int:
        """Return requesters of the item who did not consent to contact, at least: what thresholds count."""
        figures = self.items.get(item)
        return 0 if figures is None or item in self.hidden_items else figures.confidential


def gaps_of(figures: DepartmentFigures, pattern: Pattern) -> dict[Item, Gap]:
    """Return the department's gaps before any correction; a hidden department has none to compute."""
    visible = pattern.is_visible(figures.code)
    return {
        item: gap_between(
            figures.items.get(item) if visible else None, outside, figures.threshold_count(item) if visible else 0
        )
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
) -> Json:
    """Return the document with its digest."""
    visible = pattern.is_visible(figures.code)
    overall = figures.items.get(Item.CSAT_OVERALL) if visible else None
    internal = _internal(figures, method) if visible else {}
    gaps = {item.value: published_gap(gap, p_adjusted.get(item)) for item, gap in gaps_of(figures, pattern).items()}
    document: Json = {
        "schema": SCHEMA,
        "department": {"code": figures.code, "name": figures.name},
        "period": period,
        "revision": revision,
        "frozen_at": frozen_at.isoformat().replace("+00:00", "Z"),
        "funnel_basis": "invitations" if figures.funnel.has_invitations else "responses_only",
        "method": _method(method),
        "internal": internal,
        "external": _external(figures),
        "gap": gaps,
        "change": _change(figures, internal),
        "trend": trend_of(_earlier_headlines(figures), period, internal.get("csat_overall", {}).get("top_two_box")),
        "sla": published_sla(figures.work, figures.answered_on_time, overall, figures.targets, method.thresholds.group)
        if visible
        else {},
        "operations": published_operations(figures.work, method.thresholds.group) if visible else {},
        **(_cuts(figures, pattern, method) if visible else {}),
        "drivers": [],
        "themes": [],
        "comments": [],
        "loop": published_loop(figures.loop, overall, method.thresholds.group) if visible else {},
        "suppressed": _suppressed(figures, pattern),
        "action": findings.action(internal, figures.targets.satisfaction),
    }
    if figures.funnel.has_invitations and visible:
        document["funnel"] = published_funnel(figures.funnel, overall, method.thresholds.group)
    document["sentences"] = findings.sentences(_told(figures, method, document))
    return document | {"digest": digest(document)}


def _told(figures: DepartmentFigures, method: Method, document: Json) -> findings.Told:
    """Return what the sentences are made of: published figures only."""
    parts = ("internal", "external", "gap", "change", "trend", "sla", "action")
    return findings.Told(
        department=figures.name,
        minimum_group=method.thresholds.group,
        funnel=document.get("funnel", {}),
        has_answers=bool(figures.items),
        **{part: document[part] for part in parts},
    )


def _method(method: Method) -> Json:
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


def _external(figures: DepartmentFigures) -> Json:
    if not figures.touchpoints:
        return {}
    found: Json = {"touchpoints": list(figures.touchpoints)}
    for item, outside in figures.dimensions.items():
        block: Json = {}
        if outside.is_incomplete or outside.comparability is Comparability.UNKNOWN:
            continue
        if outside.shares:
            block["top_two_box"] = share_interval(weighted_share(outside.shares), outside.answers)
        if outside.mean is not None:
            block["score_0_100"] = score_interval(outside.mean, outside.answers)
        if distribution := outside.distribution():
            block["distribution"] = [rounded(share, 2) for share in distribution]
        if block:
            found[item.value] = block
    return found


def _change(figures: DepartmentFigures, internal: Json) -> Json:
    if not figures.earlier or not figures.previous_comparable:
        return {}
    previous, document = figures.earlier[-1]
    before = document.get("internal", {})
    return {item: change_of(now, before.get(item), previous) for item, now in internal.items() if item in before}


def _earlier_headlines(figures: DepartmentFigures) -> list[tuple[str, Json | None]]:
    return [
        (period, document.get("internal", {}).get("csat_overall", {}).get("top_two_box"))
        for period, document in figures.earlier
    ]


def _cuts(figures: DepartmentFigures, pattern: Pattern, method: Method) -> Json:
    blocks: Json = {}
    for cut, block in CUT_BLOCKS.items():
        values = figures.cuts.get(cut, {})
        visible = [value for value in pattern.visible_values(figures.code, cut) if value in values]
        if cut == "month" and len(visible) < len(values):
            continue  # months appear when every month of the quarter may be shown, otherwise not at all
        if len(values) < 2:
            continue  # one value is the whole again
        rows = [_cut_row(value, figures, values[value], method) for value in visible]
        if rows or cut != "month":
            blocks[block] = rows
    return blocks


def _cut_row(value: str, figures: DepartmentFigures, found: ItemFigures, method: Method) -> Json:
    row: Json = {"value": value}
    if value in figures.value_names:
        row["name"] = figures.value_names[value]
    published = published_item(found, method.weighting, 0, method.thresholds.group)
    row["top_two_box"] = published["top_two_box"]
    if found.confidential >= COARSE_BELOW:
        row["score_0_100"] = published["score_0_100"]
    return row


def _suppressed(figures: DepartmentFigures, pattern: Pattern) -> list[Json]:
    if not pattern.is_visible(figures.code):
        return [{"what": "internal", "why": WHY_HIDDEN}] if figures.items else []
    hidden = [{"what": f"internal.{item.value}", "why": WHY_HIDDEN} for item in Item if item in figures.hidden_items]
    hidden += [
        {"what": f"{block}:{value}", "why": WHY_HIDDEN}
        for cut, block in CUT_BLOCKS.items()
        if cut != "month"
        for value in pattern.hidden_values(figures.code, cut)
    ]
    if pattern.hidden_values(figures.code, "month"):
        hidden.append({"what": "trend_months", "why": WHY_HIDDEN})
    return hidden
