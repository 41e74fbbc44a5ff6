"""What HR does with comments: reads them redacted, shows or hides them, says what they are about.

HR reads no score, date, language or requester, and only under departments where a comment group answered. Every
decision locks its quarter first: it waits for a freeze that runs, and then meets its documents or is refused.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from app.domain.auditing import Act
from app.domain.codebook import Codebook
from app.domain.codebook.agreement import agreement
from app.domain.comments import LONGEST_SHOWN
from app.domain.periods import Calendar, Period
from app.domain.states import CommentState, PeriodState
from app.domain.statistics import Kappa
from app.models.codebooks import find_codebook
from app.models.comments import CommentReview, coded_twice, reviews_of
from app.models.departments import Department
from app.models.releases import PeriodRecord, lock_period
from app.models.responses import HeldResponse, ReleasedComment
from app.models.rollups import mark_dirty
from app.models.scorecards import ScorecardRevision
from app.upkeep.quarters.printed_comments import forget_texts

# Somebody else may have decided meanwhile.
_AS_IT_IS = select(CommentReview).execution_options(populate_existing=True)
_PREFIX = re.compile(r"[0-9a-f]{6,32}\Z")  # so much of an id as a person types


class Coder(StrEnum):
    """Whose codes: the first coder's are counted, the second one's say how far they can be trusted."""

    FIRST = "first"
    SECOND = "second"


class UnknownComment(LookupError):
    """No comment, or more than one, has an id that begins so."""


class UnknownTheme(LookupError):
    """The quarter's codebook has no such theme; `known` are the codes that it has."""

    def __init__(self, code: str, known: Collection[str]) -> None:
        super().__init__(code)
        self.code, self.known = code, tuple(known)


class NothingProposed(LookupError):
    """The codebook proposes no theme for the comment; the argument is its id."""


class CommentTooLong(Exception):
    """The comment is longer than what is ever printed; the argument is its id."""


class CodingClosed(Exception):
    """The quarter is frozen: its themes are counted."""


class CommentReleased(Exception):
    """The quarter is released: no scorecard of it takes further comments."""


@dataclass(frozen=True)
class ReadComment:
    """A comment as HR sees it. After the release nothing but its text is left."""

    id: str
    department: str  # code
    text: str
    state: CommentState | None = None
    is_flagged: bool = False
    proposed: tuple[str, ...] = ()
    codes: tuple[str, ...] | None = None
    second_codes: tuple[str, ...] | None = None


def read_comments(session: Session, period: Period, department: str | None = None) -> list[ReadComment]:
    """Return the quarter's comments by department, within it in random order."""
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all())
    held = [_read(review, codes) for review in reviews_of(session, str(period))]
    query = select(ReleasedComment).where(ReleasedComment.period == str(period)).order_by(ReleasedComment.id)
    released = [ReadComment(row.id.hex(), codes[row.department_id], row.text) for row in session.scalars(query)]
    found = [comment for comment in (*held, *released) if department in {None, comment.department}]
    return sorted(found, key=lambda comment: comment.department)


def _read(review: CommentReview, codes: dict[int, str]) -> ReadComment:
    return ReadComment(
        review.id.hex(),
        codes[review.department_id],
        review.text,
        review.state,
        review.is_flagged,
        tuple(review.proposed),
        None if review.codes is None else tuple(review.codes),
        None if review.second_codes is None else tuple(review.second_codes),
    )


def show_comment(session: Session, prefix: str) -> str:
    """Let a comment be printed and return its id.

    Raises UnknownComment, CommentTooLong, and CommentReleased after the release.
    """
    lock_period(session, quarter_of(session, prefix))
    review = _find(session, prefix)
    if len(review.text) > LONGEST_SHOWN:
        raise CommentTooLong(review.id.hex())
    review.state = CommentState.SHOWN
    session.flush()
    return review.id.hex()


def act_of_hiding(session: Session, quarter: str) -> Act:
    """Return what keeping a comment of a quarter from scorecards is: once the quarter is frozen its text is gone."""
    record = session.get(PeriodRecord, quarter)
    is_frozen = record is not None and record.state is not PeriodState.OPEN
    return Act.COMMENT_TAKEN_OUT if is_frozen else Act.COMMENT_HIDDEN


def hide_comment(session: Session, prefix: str) -> tuple[str, int]:
    """Keep a comment from scorecards; return its id, and from how many frozen revisions its text was taken out.

    After the release it leaves HR's list too. Raises UnknownComment.
    """
    lock_period(session, quarter_of(session, prefix))
    try:
        review = _find(session, prefix)
    except CommentReleased as released:
        id_ = str(released)
        session.execute(delete(ReleasedComment).where(ReleasedComment.id == bytes.fromhex(id_)))
    else:
        review.state, id_ = CommentState.HIDDEN, review.id.hex()
    revisions = session.scalars(select(ScorecardRevision).where(ScorecardRevision.document.contains(id_)))
    taken_out = sum(texts for _, texts in forget_texts(revisions, lambda comment: comment["id"] == id_))
    session.flush()
    return id_, taken_out


def code_comment(
    session: Session, prefix: str, themes: Iterable[str], *, coder: Coder = Coder.FIRST, calendar: Calendar
) -> str:
    """Say what a comment is about, replacing what this coder said before; return its id.

    Raises UnknownComment, UnknownTheme, CommentReleased and CodingClosed.
    """
    record = lock_period(session, quarter_of(session, prefix))
    review = _find(session, prefix)
    codebook = codebook_of(session, review)
    known = [theme.code for theme in codebook.themes]
    chosen = set(themes)
    for code in sorted(chosen - set(known)):
        raise UnknownTheme(code, known)
    response = session.get_one(HeldResponse, review.response_id)
    if record is not None and record.state is not PeriodState.OPEN:
        raise CodingClosed(response.period)
    codes = [code for code in known if code in chosen]
    if coder is Coder.SECOND:
        review.second_codes = codes
    else:
        review.codes = codes
        ends_at = calendar.ends_at(Period.parse(response.period))
        mark_dirty(session, response.department_id, response.period, ends_at)
    session.flush()
    return review.id.hex()


def confirm_comment(session: Session, prefix: str, *, calendar: Calendar) -> str:
    """Take what the codebook proposes for a comment as what it is about; return its id.

    Raises NothingProposed, which says nothing about the comment, and what `code_comment` raises.
    """
    review = _find(session, prefix)
    if not review.proposed:
        raise NothingProposed(review.id.hex())
    return code_comment(session, prefix, review.proposed, calendar=calendar)


def quarter_of(session: Session, prefix: str) -> str:
    """Return the quarter of a comment, released or not. Raises UnknownComment."""
    try:
        return session.get_one(HeldResponse, _find(session, prefix).response_id).period
    except CommentReleased as released:
        return session.get_one(ReleasedComment, bytes.fromhex(str(released))).period


def codebook_of(session: Session, review: CommentReview) -> Codebook:
    """Return the codebook that was in force when the quarter's comments were opened."""
    return find_codebook(session, review.codebook_version)[1]


def codebook_of_quarter(session: Session, period: Period) -> Codebook:
    """Return the codebook by which a quarter's comments are coded; before they are opened, the one in force."""
    of_quarter = exists().where(HeldResponse.id == CommentReview.response_id, HeldResponse.period == str(period))
    version = session.scalar(select(CommentReview.codebook_version).where(of_quarter).limit(1))
    return find_codebook(session, version)[1]


def coders_agreement(session: Session, period: Period) -> Kappa:
    """Return how far two coders agree on the comments that both coded; `n` says on how many."""
    return agreement(coded_twice(reviews_of(session, str(period))), codebook_of_quarter(session, period))


def _find(session: Session, prefix: str) -> CommentReview:
    wanted = prefix.strip().lower()
    if not _PREFIX.match(wanted):
        raise UnknownComment(prefix)
    first, last = bytes.fromhex(wanted.ljust(32, "0")), bytes.fromhex(wanted.ljust(32, "f"))
    reviews = session.scalars(_AS_IT_IS.where(CommentReview.id.between(first, last))).all()
    if len(reviews) == 1:
        return reviews[0]
    released = session.scalars(select(ReleasedComment.id).where(ReleasedComment.id.between(first, last))).all()
    if len(released) == 1 and not reviews:
        raise CommentReleased(released[0].hex())
    raise UnknownComment(prefix)
