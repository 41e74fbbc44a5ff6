"""`/culture/comments`: HR reads the comments of a quarter, shows them or keeps them back, says what they are about.

Reading is a press of its own, because it stands in the log: for an hour after it this session sees the texts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, session, url_for

from app.domain.auditing import Act
from app.domain.comments import LONGEST_SHOWN
from app.domain.periods import Period
from app.domain.rights import Action
from app.domain.states import CommentState, PeriodState
from app.foundations import cursors
from app.foundations.languages import spoken
from app.models.base import db
from app.models.policies import current_policy
from app.models.releases import PeriodRecord, lock_period
from app.pipeline import scorecards as cards
from app.reports.comment_quarters import comment_quarters
from app.reports.department_tree import as_choices, last_names
from app.reports.quarters import quarter_words
from app.upkeep.quarters import comment_review as review
from app.upkeep.quarters.comment_review import Coder, ReadComment
from app.upkeep.quarters.comment_words import agreement_in_words
from app.web.culture.comment_forms import CODES, Decisions, Desk
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.asked_for import period_of
from app.web.frame.installation import calendar, now, settings
from app.web.frame.lists import Paged, cursor, filters, paged

READ = "comments_read"  # entry of the signed cookie: until when this session may see the texts of which quarter
READ_FOR = timedelta(hours=1)
ON_A_PAGE = 10
LARGEST_FORM = 64 * 1024  # bytes: stems in five languages, in any script
UNCODED, ALL = "uncoded", "all"
STATES = (*CommentState, UNCODED, ALL)

pages = Blueprint("comments", __name__, url_prefix="/culture")
frame.frame(pages, frozenset({Action.READ_COMMENTS}), largest=LARGEST_FORM)


@pages.get("/comments")
def listing() -> Response:
    """List the quarters whose comments can be read, and say from when on the next ones can."""
    quarters = comment_quarters(db.session())
    running = calendar().period_of(now())
    known = {quarter.period for quarter in quarters}
    coming = [period for period in (running, running.previous) if str(period) not in known]
    return frame.page(
        "culture/comments.html",
        quarters=[(quarter, quarter_words(calendar(), quarter.period)) for quarter in quarters],
        coming=[(str(period), quarter_words(calendar(), str(period)), _opens_at(period)) for period in coming],
        now=now(),
        time_zone=settings().time_zone,
    )


@pages.get("/comments/<period>")
def show(period: str) -> Response:
    """Show the comments of a quarter to whom they have been opened, else how to come to them."""
    quarter = _quarter(period)
    if not _may_see(period):
        return _page(quarter, "culture/comments_closed.html", opens_at=_opens_at(quarter), now=now())
    asked = _Asked.of(quarter)
    found = asked.page()
    desk = _desk(quarter, asked.coder, db.session.get(PeriodRecord, period))
    form = forms.shown(desk.form(found.rows), desk.stored(found.rows))
    return _answer(asked, desk, found, form=form, sent=None)


@pages.post("/comments/<period>")
def decide(period: str) -> Any:
    """Open the comments, or save what was decided about those of a page."""
    quarter = _quarter(period)
    if request.form.get("act") == "read":
        return _read(quarter)
    if not _may_see(period):
        return redirect(url_for("comments.show", period=period), 303)
    asked = _Asked.of(quarter)
    record = lock_period(db.session(), period)  # first: then a freeze that runs has ended, and codes are counted
    desk = _desk(quarter, asked.coder, record)
    of = set(request.form.getlist("of")[:ON_A_PAGE])
    found = Paged([comment for comment in asked.comments if comment.id in of], None)
    stored = desk.stored(found.rows)
    sent = forms.sent(desk.form(found.rows), stored)
    is_late = not desk.themes and any(name.startswith(CODES) for name in request.form)
    if sent.outcome not in {forms.Outcome.GOOD, forms.Outcome.SAME}:
        return _answer(asked, desk, found, form=sent.form, sent=sent, status=sent.status, is_late=is_late)
    decisions = Decisions.of(sent.form.told(), stored) if sent.outcome is forms.Outcome.GOOD else Decisions.none()
    asked_first = decisions.hidden if _is_frozen(record) else []
    _save(quarter, decisions.without(asked_first), asked.coder)
    if is_late:
        return _answer(asked, desk, found, form=sent.form, sent=None, status=409, is_late=True)
    if asked_first:
        return redirect(url_for("comments.ask_to_take_out", period=period, of=asked_first), 303)
    return redirect(asked.address(found.rows, is_saved=sent.outcome is forms.Outcome.GOOD), 303)


@pages.get("/comments/<period>/take-out")
def ask_to_take_out(period: str) -> Any:
    """Ask before comments of a frozen quarter are taken out, for their texts do not come back."""
    quarter = _quarter(period)
    if not _may_see(period):
        return redirect(url_for("comments.show", period=period), 303)
    found = _chosen(quarter, request.args.getlist("of"))
    if not found:
        return redirect(url_for("comments.show", period=period), 303)
    record = db.session.get(PeriodRecord, period)
    is_released = record is not None and record.state is PeriodState.RELEASED
    return _page(
        quarter,
        "culture/comments_take_out.html",
        comments=found,
        is_released=is_released,
        names=last_names(db.session()),
    )


@pages.post("/comments/<period>/take-out")
def take_out(period: str) -> Any:
    """Take out what was asked about. Pressed twice, it is gone already."""
    quarter = _quarter(period)
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    if _may_see(period):
        lock_period(db.session(), period)
        found = _chosen(quarter, request.form.getlist("of"))
        _save(quarter, Decisions([], [comment.id for comment in found], {}), Coder.FIRST)
    return redirect(url_for("comments.show", period=period, saved="1"), 303)


def _read(quarter: Period) -> Any:
    """Open the comments where it is time, note that somebody reads them, and let this session see them."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    policy = current_policy(db.session())
    try:
        cards.open_comments(db.session(), quarter, calendar=calendar(), policy=policy, now=now())
    except cards.CommentsNotOpen:
        return redirect(url_for("comments.show", period=str(quarter)), 303)
    frame.noted(Act.COMMENTS_READ, str(quarter), {"department": "*"})
    db.session.commit()
    session[READ] = {str(quarter): int((now() + READ_FOR).timestamp())}
    return redirect(url_for("comments.show", period=str(quarter)), 303)


def _save(quarter: Period, decisions: Decisions, coder: Coder) -> None:
    """Do what was decided; the log learns about how many of the quarter, not about which."""
    for id_ in decisions.shown:
        review.show_comment(db.session(), id_)
    for id_ in decisions.hidden:
        review.hide_comment(db.session(), id_)
    for id_, codes in decisions.codes.items():
        review.code_comment(db.session(), id_, codes, coder=coder, calendar=calendar())
    for act, count, details in (
        (Act.COMMENT_SHOWN, len(decisions.shown), {}),
        (review.act_of_hiding(db.session(), str(quarter)), len(decisions.hidden), {}),
        (Act.COMMENT_CODED, len(decisions.codes), {"coder": coder.value}),
    ):
        if count:
            frame.noted(act, str(quarter), {"comments": count, **details})
    db.session.commit()


@dataclass(frozen=True)
class _Asked:
    """What an address asks for: whose codes, which comments, from where on."""

    quarter: Period
    coder: Coder
    filters: dict[str, str]
    comments: Sequence[ReadComment]
    begin: tuple[str | int, ...] | None

    @classmethod
    def of(cls, quarter: Period) -> "_Asked":
        """Read it from the request; what there is not is 404."""
        comments = review.read_comments(db.session(), quarter)
        known = {comment.department for comment in comments}
        coder = Coder(filters({"coder": list(Coder)}).get("coder", Coder.FIRST))
        states = STATES if coder is Coder.FIRST else (UNCODED, ALL)  # the second one sees nothing of the first
        told = filters({"coder": list(Coder), "state": states, "department": known or {""}})
        return cls(quarter, coder, told, comments, cursor(str, str))

    @property
    def state(self) -> str:
        """What is listed: unless told otherwise, what waits for this coder."""
        return self.filters.get("state", UNCODED if self.coder is Coder.SECOND else CommentState.WAITING)

    def address(self, page: Sequence[ReadComment], *, is_saved: bool) -> str:
        """Return where saving leads: on to the comments behind this page where that was asked for, else back to it.

        Where what is decided leaves the list, going back is going to its beginning.
        """
        if request.form.get("act") == "next" and page:
            behind = cursors.encode(*_place(page[-1]))
            return url_for("comments.show", **self.place(), cursor=behind, saved="1" if is_saved else None)
        begin = None if self.state in {CommentState.WAITING, UNCODED} else request.args.get("cursor")
        return url_for("comments.show", **self.place(), cursor=begin, saved="1")

    def place(self, **changed: str | None) -> dict[str, Any]:
        """Return the parts of the list's address, some of them changed; None leaves one out."""
        return {"period": str(self.quarter), **self.filters, **changed}

    def counts(self) -> Counter[str]:
        """Return how many comments each state would list."""
        theirs = self._of_department()
        return Counter({state: sum(self._is_in(comment, state) for comment in theirs) for state in STATES})

    def page(self) -> Paged[ReadComment]:
        """Return the comments of this page, by department and within it in random order."""
        listed = [comment for comment in self._of_department() if self._is_in(comment, self.state)]
        rest = [comment for comment in listed if self.begin is None or _place(comment) > self.begin]
        return paged(rest[: ON_A_PAGE + 1], _place, count=ON_A_PAGE)

    def _of_department(self) -> list[ReadComment]:
        return [one for one in self.comments if self.filters.get("department") in {None, one.department}]

    def _is_in(self, comment: ReadComment, state: str) -> bool:
        if comment.state is None or state == ALL:
            return True
        if state == UNCODED:
            return (comment.second_codes if self.coder is Coder.SECOND else comment.codes) is None
        return comment.state == state


def _place(comment: ReadComment) -> tuple[str | int, ...]:
    return comment.department, comment.id


def _chosen(quarter: Period, ids: list[str]) -> list[ReadComment]:
    """Return the comments of these ids that are not taken out yet."""
    wanted = set(ids[:ON_A_PAGE])
    comments = review.read_comments(db.session(), quarter)
    return [one for one in comments if one.id in wanted and one.state is not CommentState.HIDDEN]


def _is_frozen(record: PeriodRecord | None) -> bool:
    return record is not None and record.state is not PeriodState.OPEN


def _desk(quarter: Period, coder: Coder, record: PeriodRecord | None) -> Desk:
    """Return what may still be decided of a quarter."""
    themes = () if _is_frozen(record) else review.codebook_of_quarter(db.session(), quarter).themes
    is_released = record is not None and record.state is PeriodState.RELEASED
    return Desk(coder, themes, spoken(), is_released)


def _answer(asked: _Asked, desk: Desk, found: Paged[ReadComment], *, is_late: bool = False, **values: Any) -> Response:
    names = last_names(db.session())
    return _page(
        asked.quarter,
        "culture/comments_quarter.html",
        asked=asked,
        desk=desk,
        comments=found.rows,
        following=found.following,
        counts=asked.counts(),
        longest=LONGEST_SHOWN,
        agreement=agreement_in_words(review.coders_agreement(db.session(), asked.quarter)),
        freezes=calendar().freezes_at(asked.quarter).astimezone(settings().time_zone).date(),
        is_late=is_late,
        is_saved="saved" in request.args and request.method == "GET",
        departments=as_choices({comment.department for comment in asked.comments}, names),
        names=names,
        **values,
    )


def _page(quarter: Period, template: str, **values: Any) -> Response:
    words = quarter_words(calendar(), str(quarter))
    return frame.page(template, period=str(quarter), period_words=words, time_zone=settings().time_zone, **values)


def _quarter(period: str) -> Period:
    """Return the quarter of an address; one that has not begun is not there."""
    quarter = period_of(period)
    if quarter is None or quarter > calendar().period_of(now()):
        abort(404)
    return quarter


def _opens_at(quarter: Period) -> datetime | None:
    return cards.comments_open_at(db.session(), quarter, calendar())


def _may_see(period: str) -> bool:
    return bool(now().timestamp() < session.get(READ, {}).get(period, 0))
