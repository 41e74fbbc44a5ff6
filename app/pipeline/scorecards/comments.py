"""Open a quarter's comments to HR, once, and put those that may be shown on the scorecards as they are frozen."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.characters import readable
from app.domain.comments import LONGEST_SHOWN, Candidate, chosen_comments, comment_groups
from app.domain.departments import DepartmentTree
from app.domain.periods import Calendar, Period
from app.domain.redaction import NAME, redact
from app.domain.scorecards.digest import digest
from app.domain.scorecards.publish import Json
from app.domain.states import CommentState, InvitationState, PeriodState, ResponseState
from app.domain.statistics import DEFAULT_SEED
from app.models.codebooks import find_codebook
from app.models.comments import CommentReview, reviews_of
from app.models.departments import tree_at
from app.models.invitations import Invitation
from app.models.people import staff_names
from app.models.releases import PeriodRecord, lock_fixed_period
from app.models.responses import HeldResponse, consenting_clusters
from app.models.rollups import COMPANY_ID
from app.pipeline.scorecards.historical import is_historical
from app.reports.department_scores import Building, ScorecardBuild
from app.reports.department_scores.company import read_company

COMMENT_ID_BYTES = 16

_ENDED = {InvitationState.WITHDRAWN, InvitationState.EXPIRED, InvitationState.CLOSED}
_MAY_BE_ANSWERED = tuple(state for state in InvitationState if state not in _ENDED)  # answered: corrected

Clusters = dict[int, set[bytes]]


class CommentsNotOpen(Exception):
    """Further comments of the quarter may come until `opens_at`; of a historical quarter (None) until its freeze."""

    def __init__(self, period: Period, opens_at: datetime | None) -> None:
        when = "at the freeze" if opens_at is None else f"on {opens_at:%Y-%m-%d %H:%M}"
        super().__init__(f"comments of {period} open {when}")
        self.period, self.opens_at = period, opens_at


def _draw_id() -> bytes:
    return secrets.token_bytes(COMMENT_ID_BYTES)


def open_comments(
    session: Session,
    period: Period,
    *,
    calendar: Calendar,
    policy: AskingPolicy,
    now: datetime,
    draw_id: Callable[[], bytes] = _draw_id,
) -> int:
    """Redact the quarter's comments and let HR read those of large enough groups; return how many were opened.

    It happens once, when no invitation can be answered any more and no import brings further ones: a comment that came
    later would be known to be of one of few. `draw_id` makes the ids, and with them the order. Raises CommentsNotOpen
    before that.
    """
    if _are_settled(session, period):
        return 0
    opens_at = comments_open_at(session, period, calendar)
    if opens_at is None or now < opens_at:
        raise CommentsNotOpen(period, opens_at)
    if not _has_comments(session, period):
        return 0
    lock_fixed_period(session, calendar, period)  # who opens them at the same moment, or freezes, does it once
    return open_comments_at_freeze(session, period, calendar=calendar, policy=policy, draw_id=draw_id)


def open_comments_at_freeze(
    session: Session,
    period: Period,
    *,
    calendar: Calendar,
    policy: AskingPolicy,
    draw_id: Callable[[], bytes] = _draw_id,
) -> int:
    """Open the quarter's comments where nobody has yet, for the freeze takes those that the policy lets through.

    Whoever calls it holds the quarter's lock.
    """
    if _are_settled(session, period):
        return 0
    groups = _groups(session, period, calendar, policy)
    rows = _opened(session, str(period), groups, policy.minimum_comment_group)
    if rows:
        found = sorted(({"id": draw_id()} | row for row in rows), key=lambda row: str(row["id"]))
        session.execute(insert(CommentReview), found)
    return len(rows)


def no_comment_may_be_read(
    session: Session, period: Period, *, calendar: Calendar, policy: AskingPolicy, now: datetime
) -> bool:
    """Tell of a quarter without opened comments whether there will be none: too few answered, or nobody wrote."""
    if _is_frozen(session, period) or not _has_comments(session, period):
        return True
    opens_at = comments_open_at(session, period, calendar)
    if opens_at is None or now < opens_at:
        return False
    written = session.execute(_written(str(period), _groups(session, period, calendar, policy)))
    return not any(_text(comment) for *_, comment in written.tuples())


def _are_settled(session: Session, period: Period) -> bool:
    return _is_frozen(session, period) or bool(reviews_of(session, str(period)))


def _is_frozen(session: Session, period: Period) -> bool:
    record = session.get(PeriodRecord, str(period))
    return record is not None and record.state is not PeriodState.OPEN


def _has_comments(session: Session, period: Period) -> bool:
    found = select(HeldResponse.id).where(HeldResponse.period == str(period), HeldResponse.comment.is_not(None))
    return session.scalar(found.limit(1)) is not None


def comments_open_at(session: Session, period: Period, calendar: Calendar) -> datetime | None:
    """Return from when on a quarter's comments can be opened; None for a historical one, which waits for its freeze.

    That is the 13th day, or when the last invitation ends: west of the company it ends later that day.
    """
    if is_historical(session, calendar, period):
        return None
    last = session.scalar(
        select(func.max(Invitation.expires_at)).where(
            Invitation.period == str(period), Invitation.state.in_(_MAY_BE_ANSWERED)
        )
    )
    return max(filter(None, (calendar.comments_open_at(period), last)))


def _groups(session: Session, period: Period, calendar: Calendar, policy: AskingPolicy) -> dict[int, int]:
    company = read_company(session, calendar, period, policy.minimum_group_size)
    people, _ = _people(session, str(period))
    return comment_groups(company.tree, people, policy.minimum_comment_group, company.with_scorecard())


def _written(period: str, groups: Collection[int]) -> Select[tuple[bytes, int, str | None, str | None]]:
    return select(HeldResponse.id, HeldResponse.department_id, HeldResponse.language, HeldResponse.comment).where(
        HeldResponse.period == period,
        HeldResponse.state == ResponseState.ACCEPTED,
        HeldResponse.comment.is_not(None),
        HeldResponse.department_id.in_(groups),
        # Those of people who asked for contact are never printed: HR would see by that who asked.
        HeldResponse.requester_cluster_id.not_in(consenting_clusters(period)),
    )


def _text(written: str | None) -> str:
    return readable(written or "").strip()


def _opened(session: Session, period: str, groups: Mapping[int, int], least: int) -> list[dict[str, object]]:
    names = staff_names(session)
    version, codebook = find_codebook(session)
    rare = _rare_languages(session, period, groups, least)
    order = (HeldResponse.department_id, HeldResponse.requester_cluster_id, HeldResponse.comment)
    rows: list[dict[str, object]] = []
    for response_id, department_id, language, written in session.execute(_written(period, groups).order_by(*order)):
        comment = _text(written)
        if not comment:
            continue
        text = redact(comment, names).strip()
        rows.append(
            {
                "response_id": response_id,
                "department_id": groups[department_id],
                "text": text,
                "is_flagged": NAME in text
                or codebook.is_sensitive(comment)
                or (groups[department_id], language) in rare,
                "state": CommentState.WAITING,
                "codebook_version": version,
                "proposed": list(codebook.proposed(text)),
                "codes": None,
                "second_codes": None,
            }
        )
    return rows


def _rare_languages(
    session: Session, period: str, groups: Mapping[int, int], least: int
) -> frozenset[tuple[int, str | None]]:
    """Return the languages that few in a group answered in: written in one of them, a text says who wrote it."""
    query = (
        select(HeldResponse.department_id, HeldResponse.language, HeldResponse.requester_cluster_id)
        .where(HeldResponse.period == period, HeldResponse.state == ResponseState.ACCEPTED)
        .distinct()
    )
    people: defaultdict[tuple[int, str | None], set[bytes]] = defaultdict(set)
    for department_id, language, cluster in session.execute(query):
        if department_id in groups:
            people[groups[department_id], language].add(bytes(cluster))
    return frozenset(key for key, found in people.items() if len(found) < least)


def print_comments(
    session: Session, building: Building, builds: Sequence[ScorecardBuild], last: Mapping[int, Json]
) -> list[ScorecardBuild]:
    """Return the builds with the comments that HR or the policy lets them print; `last` told revisions keep theirs."""
    period, calendar = str(building.period), building.calendar
    reporting = {
        build.department_id
        for build in builds
        if build.department_id != COMPANY_ID and "csat_overall" in build.document["internal"]
    }
    told = {id_: [bytes.fromhex(one["id"]) for one in document["comments"]] for id_, document in last.items()}
    voices = _Voices.read(session, period)
    tree = tree_at(session, calendar.last_moment(building.period))
    candidates = voices.candidates(tree, building.policy, reporting, {id_ for ids in told.values() for id_ in ids})
    chosen = chosen_comments(tree, candidates, told, reporting=reporting, seed=DEFAULT_SEED)
    printed = {one["id"]: one for document in last.values() for one in document["comments"]}
    return [
        _with(build, [printed.get(id_.hex()) or voices.entry(id_) for id_ in chosen.get(build.department_id, ())])
        for build in builds
    ]


def _with(build: ScorecardBuild, comments: list[Json]) -> ScorecardBuild:
    if not comments:
        return build
    document = build.document | {"comments": comments, "comments_seed": DEFAULT_SEED}
    return replace(build, document=document | {"digest": digest(document)})


@dataclass(frozen=True)
class _Voices:
    """The reviews of a quarter with what is known of their authors while answers are held."""

    reviews: Mapping[bytes, CommentReview]
    places: Mapping[bytes, tuple[int, bytes]]  # department and author of a response
    people: Clusters
    consenting: Collection[bytes]

    @classmethod
    def read(cls, session: Session, period: str) -> "_Voices":
        reviews = {review.id: review for review in reviews_of(session, period)}
        if not reviews:
            return cls({}, {}, {}, ())  # who answered is read, answer by answer, only where there is a comment
        query = select(HeldResponse.id, HeldResponse.department_id, HeldResponse.requester_cluster_id).join(
            CommentReview, CommentReview.response_id == HeldResponse.id
        )
        places = {
            id_: (department_id, bytes(author))
            for id_, department_id, author in session.execute(query.where(HeldResponse.period == period))
        }
        return cls(reviews, places, *_people(session, period))

    def candidates(
        self, tree: DepartmentTree, policy: AskingPolicy, reporting: Collection[int], told: Collection[bytes]
    ) -> list[Candidate]:
        """Return the comments that may be printed, and those that are printed already."""
        groups = comment_groups(tree, self.people, policy.minimum_comment_group, reporting)
        found = []
        for review in self.reviews.values():
            department, author = self.places[review.response_id]
            may_print = self._is_cleared(review, policy) and author not in self.consenting and department in groups
            if may_print or review.id in told:
                found.append(Candidate(review.id, groups.get(department, department), author, review.text))
        return found

    def entry(self, id_: bytes) -> Json:
        """Return a comment as documents hold it."""
        return {"id": id_.hex(), "text": self.reviews[id_].text}

    @staticmethod
    def _is_cleared(review: CommentReview, policy: AskingPolicy) -> bool:
        is_unread = review.state is CommentState.WAITING and not review.is_flagged
        by_policy = policy.show_comments_automatically and is_unread
        return len(review.text) <= LONGEST_SHOWN and (review.state is CommentState.SHOWN or by_policy)


def _people(session: Session, period: str) -> tuple[Clusters, frozenset[bytes]]:
    """Return the requesters of each department alone who did not consent to contact, and those who did."""
    consenting = frozenset(bytes(cluster) for cluster in session.scalars(consenting_clusters(period)))
    query = (
        select(HeldResponse.department_id, HeldResponse.requester_cluster_id)
        .where(HeldResponse.period == period, HeldResponse.state == ResponseState.ACCEPTED)
        .distinct()
    )
    people: defaultdict[int, set[bytes]] = defaultdict(set)
    for department_id, cluster in session.execute(query):
        if bytes(cluster) not in consenting:
            people[department_id].add(bytes(cluster))
    return dict(people), consenting
