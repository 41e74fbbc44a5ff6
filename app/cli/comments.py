"""`flask comments`: what HR reads, shows, hides and codes. Redacted text only; nothing that tells who wrote it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TypeVar

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.periods import PERIOD, calendar
from app.cli.sessions import noted_by, reading_transaction, settings, transaction
from app.domain.auditing import Act
from app.domain.characters import readable
from app.domain.codebook.agreement import DOUBLE_CODED_FROM
from app.domain.comments import LONGEST_SHOWN
from app.domain.periods import Period
from app.domain.states import CommentState
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.models.departments import Department
from app.models.policies import current_policy
from app.models.releases import lock_period
from app.pipeline import scorecards as cards
from app.upkeep.quarters import comment_review as review
from app.upkeep.quarters.comment_review import Coder, ReadComment
from app.upkeep.quarters.comment_words import agreement_in_words, state_in_words
from app.upkeep.staff.accounts import AccountError, comment_reader

comments = AppGroup("comments", help="Comments of a quarter: read them, show or hide them, say what they are about.")

_T = TypeVar("_T")
_SHORT = 8  # hex digits of an id that are printed

as_hr = click.option(
    "--as",
    "email",
    metavar="EMAIL",
    required=True,
    help="Who reads or decides: somebody on the staff with the role hr.",
)
ids = click.argument("ids", metavar="ID…", nargs=-1, required=True)


@comments.command("list", help="Print the comments of PERIOD that HR may read, by department, in random order.")
@click.argument("period", type=PERIOD)
@click.option("--department", help="Code; default: all.")
@click.option("--waiting", is_flag=True, help="Only those that nobody has shown or hidden yet.")
@click.option("--second", is_flag=True, help="For the second coder: text alone, without what the first one said.")
@click.option("--json", "as_json", is_flag=True)
@as_hr
def list_comments(
    period: Period, department: str | None, email: str, *, waiting: bool, second: bool, as_json: bool
) -> None:
    """Open the quarter's comments where it is time, and print them; exit 1 before."""
    with transaction() as session:
        actor = _hr(session, email)
        _refuse_unknown(session, department)
        _open(session, period)
        found = review.read_comments(session, period, department)
        noted_by(session, actor, Act.COMMENTS_READ, str(period), department=department or "*")
    if waiting:
        found = [comment for comment in found if comment.state is CommentState.WAITING]
    if as_json:
        click.echo(json.dumps([_bare(comment, second=second) for comment in found], indent=2, ensure_ascii=False))
    elif not found:
        click.echo(gettext("No comment of %(period)s can be read.", period=period))
    else:
        _print(found, second=second)


def _refuse_unknown(session: Session, department: str | None) -> None:
    if department is not None and session.scalar(select(Department.id).where(Department.code == department)) is None:
        raise click.ClickException(gettext("There is no department %(code)s.", code=department))


def _open(session: Session, period: Period) -> None:
    try:
        cards.open_comments(session, period, calendar=calendar(), policy=current_policy(session), now=clock.now())
    except cards.CommentsNotOpen as early:
        sentence = gettext(
            "%(period)s is from before Parity: its comments are opened when it is frozen, because imports may still"
            " bring further ones.",
            period=period,
        )
        if early.opens_at is not None:
            sentence = gettext(
                "Comments of %(period)s can be read from %(moment)s on: until then answers may come, and a new comment"
                " among known ones would be known to be of one of few.",
                period=period,
                moment=f"{early.opens_at.astimezone(settings().time_zone):%Y-%m-%d %H:%M}",
            )
        raise click.ClickException(sentence) from early


def _bare(comment: ReadComment, *, second: bool) -> dict[str, object]:
    hidden = {"proposed", "codes"} if second else set()
    return {name: value for name, value in asdict(comment).items() if name not in hidden}


def _print(found: list[ReadComment], *, second: bool) -> None:
    department = None
    for comment in found:
        if comment.department != department:
            department = comment.department
            click.echo(department)
        click.echo("  " + "  ".join(filter(None, (comment.id[:_SHORT], *_facts(comment, second=second)))))
        for line in readable(comment.text).splitlines():  # a terminal obeys what was written to deceive it
            click.echo(f"    {line}")


def _facts(comment: ReadComment, *, second: bool) -> Iterator[str]:
    if comment.state is not None:
        yield state_in_words(comment.state)
    if comment.is_flagged:
        yield gettext("read with care")
    codes = comment.second_codes if second else comment.codes
    if codes is not None:
        yield gettext("themes: %(codes)s", codes=", ".join(codes) or "–")
    elif comment.proposed and not second:
        yield gettext("proposed: %(codes)s", codes=", ".join(comment.proposed))


@comments.command("show", help="Let these comments be printed; at most three are drawn for a scorecard.")
@ids
@as_hr
def show(ids: tuple[str, ...], email: str) -> None:
    """Clear comments by the beginning of their ids; all or none."""
    _decide(email, Act.COMMENT_SHOWN, ids, review.show_comment)
    click.echo(
        ngettext(
            "%(num)s comment may be shown. A scorecard prints at most three, so it may not be among them.",
            "%(num)s comments may be shown. A scorecard prints at most three, so some may not be among them.",
            len(ids),
        )
    )


@comments.command("hide", help="Keep these comments from scorecards; from frozen ones their text is taken out.")
@ids
@as_hr
def hide(ids: tuple[str, ...], email: str) -> None:
    """Hide comments by the beginning of their ids; all or none."""
    taken_out = sum(count for _, count in _decide(email, Act.COMMENT_HIDDEN, ids, review.hide_comment))
    click.echo(ngettext("%(num)s comment is hidden.", "%(num)s comments are hidden.", len(ids)))
    if taken_out:
        click.echo(
            ngettext(
                "The text was taken out of %(num)s frozen revision; its digest still holds.",
                "The text was taken out of %(num)s frozen revisions; their digests still hold.",
                taken_out,
            )
        )


@comments.command("code", help="Say what the comment ID is about: codes of THEMES, or --none.")
@click.argument("id_", metavar="ID")
@click.argument("themes", nargs=-1)
@click.option("--none", "none_fits", is_flag=True, help="No theme fits.")
@click.option("--second", is_flag=True, help="As the second coder: says how far the first one's codes can be trusted.")
@as_hr
def code(id_: str, themes: tuple[str, ...], email: str, *, none_fits: bool, second: bool) -> None:
    """Confirm codes of one comment, in place of earlier ones."""
    if none_fits == bool(themes):
        raise click.UsageError(gettext("Name at least one theme, or --none where no theme fits."))
    coder = Coder.SECOND if second else Coder.FIRST
    coded = partial(review.code_comment, themes=themes, coder=coder, calendar=calendar())
    _decide(email, Act.COMMENT_CODED, (id_,), coded, coder=coder.value)
    click.echo(gettext("Noted."))


@comments.command("confirm", help="Take what the codebook proposes for these comments as what they are about.")
@ids
@as_hr
def confirm(ids: tuple[str, ...], email: str) -> None:
    """Confirm proposals by the beginning of ids; all or none."""
    confirmed = partial(review.confirm_comment, calendar=calendar())
    _decide(email, Act.COMMENT_CODED, ids, confirmed, coder=Coder.FIRST.value, proposed=True)
    click.echo(ngettext("%(num)s comment is coded.", "%(num)s comments are coded.", len(ids)))


def _decide(
    email: str, act: Act, ids: tuple[str, ...], decide: Callable[[Session, str], _T], **details: object
) -> list[_T]:
    """Decide about all or none; the log learns who decided about how many of a quarter, not about which."""
    with _in_words(), transaction() as session:
        actor = _hr(session, email)
        quarters = Counter(review.quarter_of(session, prefix) for prefix in ids)
        for quarter in sorted(quarters):  # in one order, so that two commands never wait for each other
            lock_period(session, quarter)
        done = [decide(session, prefix) for prefix in ids]
        for quarter, count in sorted(quarters.items()):
            done_there = review.act_of_hiding(session, quarter) if act is Act.COMMENT_HIDDEN else act
            noted_by(session, actor, done_there, quarter, comments=count, **details)
    return done


def _hr(session: Session, email: str) -> str:
    """Return the audit log's word for a member of HR, or refuse whoever is none."""
    try:
        return comment_reader(session, email)
    except AccountError as error:
        raise click.ClickException(str(error)) from error


@comments.command("agreement", help="Print how far two coders agree on PERIOD, from 50 comments on that both coded.")
@click.argument("period", type=PERIOD)
def agreement(period: Period) -> None:
    """Print Cohen's kappa with its interval, or how many comments are missing."""
    with reading_transaction() as session:
        found = review.coders_agreement(session, period)
    if found.n < DOUBLE_CODED_FROM:
        raise click.ClickException(agreement_in_words(found))
    click.echo(agreement_in_words(found))


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except review.UnknownTheme as error:
        known = ", ".join(error.known)
        raise click.ClickException(
            gettext("The codebook has no theme %(code)s; it has %(known)s.", code=error.code, known=known)
        ) from error
    except review.UnknownComment as error:
        raise click.ClickException(
            gettext(
                "There is no comment %(id)s, or more than one begins so: type at least six signs of an id that flask"
                " comments list prints.",
                id=str(error.args[0]),
            )
        ) from error
    except review.NothingProposed as error:
        raise click.ClickException(
            gettext(
                "The codebook proposes nothing for comment %(id)s: say what it is about with flask comments code, or"
                " that no theme fits with --none.",
                id=str(error)[:_SHORT],
            )
        ) from error
    except review.CommentTooLong as error:
        raise click.ClickException(
            gettext(
                "Comment %(id)s is longer than %(most)s characters and is never printed: so much text tells who wrote"
                " it. HR reads it.",
                id=str(error)[:_SHORT],
                most=LONGEST_SHOWN,
            )
        ) from error
    except review.CodingClosed as error:
        raise click.ClickException(
            gettext("%(period)s is frozen: its themes are counted and codes cannot change them.", period=str(error))
        ) from error
    except review.CommentReleased as error:
        raise click.ClickException(
            gettext("The quarter is released: its comments can be read and hidden, and nothing else.")
        ) from error
