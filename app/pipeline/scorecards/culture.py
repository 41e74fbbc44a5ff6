"""Freeze HR's document with the scorecards of its quarter, revision by revision."""

import json
from collections.abc import Collection, Mapping

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.domain.culture.document import TREND_QUARTERS
from app.domain.culture.matrix import OwnPart
from app.domain.culture.measures import Voices
from app.domain.instruments import Item, scale_of
from app.domain.scorecards.digest import content
from app.domain.scorecards.publish import Json
from app.domain.states import ResponseState
from app.models.culture import CultureRevision, culture_before, find_culture
from app.models.responses import HeldAnswer, HeldResponse
from app.models.rollups import CellCount
from app.reports.culture import Top, build_culture
from app.reports.department_scores import Building, ScorecardBuild
from app.reports.department_scores.company import WHOLE, read_company

MOST_VOICES = 2_000  # requesters that the bootstrap draws from
_INDEX_ITEMS = (Item.COOPERATION, Item.COMMUNICATION)


def freeze_culture(
    session: Session,
    building: Building,
    scorecards: Mapping[int, Json],
    *,
    new: Collection[int],
    company: ScorecardBuild | None,
    own_parts: Mapping[str, OwnPart],
) -> bool:
    """Freeze revision 1, or a further one if what may be told has changed; tell whether one was frozen.

    `scorecards` are the last revisions by department, `new` the departments whose scorecard was frozen just now,
    `company` the figures of all departments where several stand on top and there is something new to tell. The
    company's measures move only then, or with the scorecard of its one top department: they have gained enough people.
    `own_parts` of departments that hold others are told at the first revision and repeated by all later ones.
    """
    if not scorecards:
        return False
    places = read_company(session, building.calendar, building.period, building.policy.minimum_group_size)
    last = find_culture(session, str(building.period))
    before: Json | None = json.loads(last.document) if last is not None else None
    top = Top.of(places, scorecards, company)
    document = build_culture(
        session,
        building,
        places,
        scorecards,
        top=top,
        voices=_voices(session, building, top),
        revision=1 if last is None else last.revision + 1,
        kept=before if top is None or not (company or top.row_id in new) else None,
        told=before,
        own_parts=own_parts,
        earlier=[json.loads(row.document) for row in culture_before(session, str(building.period), TREND_QUARTERS)],
    )
    if before is not None and content(before) == content(document):
        return False
    session.add(
        CultureRevision(
            period=str(building.period),
            revision=document["revision"],
            frozen_at=building.frozen_at,
            digest=document["digest"],
            document=json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
            company=company.document if company else last.company if last else None,
            people=dict(company.people) if company else last.people if last else {},
        )
    )
    session.flush()
    return True


def _voices(session: Session, building: Building, top: Top | None) -> Voices:
    """Return each requester's own mean of the two items, of at most 2,000: those whose keyed hash is smallest.

    The hash is keyed with the quarter's salt, so its order is as good as chance and the same at every build.
    """
    if top is None:
        return Voices()
    means = [func.avg(case((HeldAnswer.item == item.value, HeldAnswer.value))) for item in _INDEX_ITEMS]
    query = (
        select(*means)
        .select_from(HeldResponse)
        .join(HeldAnswer, HeldAnswer.response_id == HeldResponse.id)
        .where(
            HeldResponse.department_id.in_(top.departments),
            HeldResponse.period == str(building.period),
            HeldResponse.state == ResponseState.ACCEPTED,
            HeldAnswer.item.in_([item.value for item in _INDEX_ITEMS]),
            HeldAnswer.value.is_not(None),
        )
        .group_by(HeldResponse.requester_cluster_id)
        .order_by(HeldResponse.requester_cluster_id)
        .limit(MOST_VOICES)
    )
    found = [
        (_points(_INDEX_ITEMS[0], first), _points(_INDEX_ITEMS[1], second)) for first, second in session.execute(query)
    ]
    whole = session.get(CellCount, (top.row_id, str(building.period), False, WHOLE, ""))
    everybody = whole.requesters if whole is not None and len(found) == MOST_VOICES else len(found)
    return Voices(tuple(found), everybody)


def _points(item: Item, mean: float | None) -> float | None:
    """Return a mean of a scale's points on 0..100."""
    scale = scale_of(item)
    return None if mean is None else 100 * (float(mean) - scale.lowest) / (scale.highest - scale.lowest)
