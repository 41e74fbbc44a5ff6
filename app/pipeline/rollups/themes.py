"""Rollup of themes: per source, how many people named what how often. A further source is a function in `_VOICES`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from app.domain.instruments import LOW_RATING, Item
from app.domain.scorecards.themes import COMMENTS, REASONS, Voice, profiles_of
from app.domain.states import ResponseState
from app.models.comments import CommentReview
from app.models.responses import HeldAnswer, HeldResponse, consenting_clusters
from app.pipeline.rollups.scope import Scope

Row = dict[str, Any]
_IS_CODED = CommentReview.codes.is_not(None)
SURVEY = "survey"  # answers of earlier tools were never asked for reasons


def theme_rows(session: Session, scope: Scope) -> list[Row]:
    """Return the rows of every source for one scope."""
    return [
        {
            "source": source,
            "theme": found.theme,
            "answers": found.answers,
            "naming": found.naming,
            "requesters": found.requesters,
            "confidential_requesters": found.confidential,
        }
        for source, voices in _VOICES.items()
        for found in profiles_of(voices(session, scope))
    ]


def _reasons(session: Session, scope: Scope) -> Iterator[Voice]:
    """Yield every low rating; who gave it in our own survey was asked for reasons."""
    consenting = {bytes(cluster) for cluster in session.scalars(consenting_clusters(scope.period))}
    query = (
        _accepted(scope, HeldResponse.requester_cluster_id, HeldResponse.source, HeldResponse.reason_chips)
        .join(HeldAnswer, HeldAnswer.response_id == HeldResponse.id)
        .where(HeldAnswer.item == Item.CSAT_OVERALL.value, HeldAnswer.value <= LOW_RATING)
        .execution_options(yield_per=5000)
    )
    for cluster, source, chips in session.execute(query):
        who = bytes(cluster)
        yield Voice(who, who not in consenting, frozenset(chips), was_asked=source == SURVEY)


def _comments(session: Session, scope: Scope) -> Iterator[Voice]:
    """Yield every answer, of which those with a comment that a person has coded name themes.

    What the codebook only proposes counts nowhere. Without any coded comment there is nothing to tell, and so no voice.
    """
    if session.scalar(_accepted(scope, literal(1)).join(CommentReview).where(_IS_CODED).limit(1)) is None:
        return
    consenting = {bytes(cluster) for cluster in session.scalars(consenting_clusters(scope.period))}
    query = _accepted(scope, HeldResponse.requester_cluster_id, CommentReview.codes).outerjoin(CommentReview)
    for cluster, codes in session.execute(query.execution_options(yield_per=5000)):
        who = bytes(cluster)
        yield Voice(who, who not in consenting, frozenset(codes or ()), was_asked=codes is not None)


def _accepted(scope: Scope, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(HeldResponse)
        .where(
            HeldResponse.department_id.in_(scope.departments),
            HeldResponse.period == scope.period,
            HeldResponse.state == ResponseState.ACCEPTED,
        )
    )


_VOICES: Mapping[str, Callable[[Session, Scope], Iterator[Voice]]] = {REASONS: _reasons, COMMENTS: _comments}
