"""Rollup of themes: per source, how many people named what how often. A further source is a function in `_VOICES`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.instruments import LOW_RATING, Item
from app.domain.scorecards.themes import COMMENTS, REASONS, Voice, profiles_of
from app.domain.states import ResponseState
from app.models.comments import CommentReview
from app.models.responses import HeldAnswer, HeldResponse, consenting_clusters
from app.pipeline.rollups.scope import Scope

Row = dict[str, Any]
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
        select(HeldResponse.requester_cluster_id, HeldResponse.source, HeldResponse.reason_chips)
        .join(HeldAnswer, HeldAnswer.response_id == HeldResponse.id)
        .where(
            HeldResponse.department_id.in_(scope.departments),
            HeldResponse.period == scope.period,
            HeldResponse.state == ResponseState.ACCEPTED,
            HeldAnswer.item == Item.CSAT_OVERALL.value,
            HeldAnswer.value <= LOW_RATING,
        )
        .execution_options(yield_per=5000)
    )
    for cluster, source, chips in session.execute(query):
        who = bytes(cluster)
        yield Voice(who, who not in consenting, frozenset(chips), was_asked=source == SURVEY)


def _comments(session: Session, scope: Scope) -> Iterator[Voice]:
    """Yield every comment that a person has coded; what the codebook only proposes counts nowhere."""
    consenting = {bytes(cluster) for cluster in session.scalars(consenting_clusters(scope.period))}
    query = (
        select(HeldResponse.requester_cluster_id, CommentReview.codes)
        .join(CommentReview, CommentReview.response_id == HeldResponse.id)
        .where(
            HeldResponse.department_id.in_(scope.departments),
            HeldResponse.period == scope.period,
            HeldResponse.state == ResponseState.ACCEPTED,
            CommentReview.codes.is_not(None),
        )
    )
    for cluster, codes in session.execute(query):
        who = bytes(cluster)
        yield Voice(who, who not in consenting, frozenset(codes))


_VOICES: Mapping[str, Callable[[Session, Scope], Iterator[Voice]]] = {REASONS: _reasons, COMMENTS: _comments}
