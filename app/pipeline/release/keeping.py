"""Move what may be kept to rows that know nothing but department, quarter and the always-asked items."""

import secrets
from collections import defaultdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.instruments import ALWAYS_ASKED
from app.domain.periods import Calendar, Period
from app.domain.redaction import redact
from app.domain.releasing import HeldRow, Placement, place_rows
from app.domain.states import CommentState, ResponseState
from app.foundations.crypto import Keys
from app.models.comments import reviews_of
from app.models.departments import tree_at
from app.models.people import staff_names
from app.models.responses import HeldAnswer, HeldResponse, ReleasedComment, ReleasedResponse

BATCH = 500


def keep_rows(
    session: Session, period: Period, *, calendar: Calendar, keys: Keys, minimum_group: int
) -> list[Placement]:
    """Write the released rows of a quarter, shuffled by their new random ids, and return who ended where."""
    tree = tree_at(session, calendar.last_moment(period))
    rows, confidential = _held(session, str(period), keys)
    placements = place_rows(rows, confidential, tree, minimum_group)
    for placement in placements:
        kept: list[dict[str, object]] = []
        for start in range(0, len(placement.kept), BATCH):
            kept += _released(session, placement.kept[start : start + BATCH], placement.department_id, str(period))
        kept.sort(key=lambda row: str(row["id"]))  # by random id: the order of arrival is gone
        if kept:
            session.execute(insert(ReleasedResponse), kept)
    return placements


def _held(session: Session, period: str, keys: Keys) -> tuple[dict[int, list[HeldRow]], frozenset[bytes]]:
    query = select(
        HeldResponse.id, HeldResponse.department_id, HeldResponse.requester_cluster_id, HeldResponse.has_consented
    ).where(
        HeldResponse.period == period,
        HeldResponse.state == ResponseState.ACCEPTED,
        HeldResponse.is_published.is_(
            True
        ),  # what reached no revision would follow from kept rows minus frozen figures
    )
    rows: defaultdict[int, list[HeldRow]] = defaultdict(list)
    everybody, consented = set(), set()
    for id_, department_id, cluster, has_consented in session.execute(query):
        rows[department_id].append(HeldRow(id_, cluster, keys.hash("release-order", period, id_)))
        everybody.add(cluster)
        if has_consented:
            consented.add(cluster)
    return dict(rows), frozenset(everybody - consented)


def _released(session: Session, ids: list[bytes], department_id: int, period: str) -> list[dict[str, object]]:
    values: defaultdict[bytes, dict[str, int | None]] = defaultdict(dict)
    query = select(HeldAnswer.response_id, HeldAnswer.item, HeldAnswer.value).where(
        HeldAnswer.response_id.in_(ids), HeldAnswer.item.in_([item.value for item in ALWAYS_ASKED])
    )
    for response_id, item, value in session.execute(query):
        values[response_id][item] = value
    return [
        {
            "id": secrets.token_bytes(16),
            "department_id": department_id,
            "period": period,
            **{item.value: values[id_].get(item.value) for item in ALWAYS_ASKED},
        }
        for id_ in ids
    ]


def keep_comments(session: Session, period: Period, placements: list[Placement]) -> None:
    """Keep the comments that HR could read, under the department where it read them.

    Hidden ones and all others die with the rest.

    Names are taken out once more: somebody may have joined the staff since.
    """
    kept = {id_ for placement in placements for id_ in placement.kept}
    names = staff_names(session)
    rows = [
        {
            "id": review.id,
            "department_id": review.department_id,
            "period": str(period),
            "text": redact(review.text, names),
        }
        for review in reviews_of(session, str(period))
        if review.response_id in kept and review.state is not CommentState.HIDDEN
    ]
    if rows:
        session.execute(insert(ReleasedComment), rows)
