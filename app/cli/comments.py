"""`flask comments`: what HR reads, shows, hides and codes. Redacted text only; nothing that tells who wrote it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.periods import PERIOD, calendar
from app.cli.sessions import noted, reading_transaction, settings, transaction
from app.domain.auditing import Act
from app.domain.codebook.agreement import DOUBLE_CODED_FROM
from app.domain.periods import Period
from app.domain.states import CommentState
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.models.departments import Department
from app.models.policies import current_policy
from app.pipeline import scorecards as cards
from app.upkeep import comment_review as review
from app.upkeep.comment_review import Coder, ReadComment

comments = AppGroup("comments", help="Comments of a quarter: read them, show or hide them, say what they are about.")

_SHORT = 8  # hex digits of an id that are printed

ids = click.argument("ids", metavar="ID…", nargs=-1, required=True)


@comments.command("list", help="Print the comments of PERIOD that HR may read, by department, in random order.")
@click.argument("period", type=PERIOD)
@click.option("--department", help="Code; default: all.")
@click.option("--waiting", is_flag=True, help="Only those that nobody has shown or hidden yet.")
@click.option("--second", is_flag=True, help="For the second coder: text alone, without what the first one said.")
@click.option("--json", "as_json", is_flag=True)
def list_comments(period: Period, department: str | None, *, waiting: bool, second: bool, as_json: bool) -> None:
    """Open the quarter's comments where it is time, and print them; exit 1 before."""
    with transaction() as session:
        _refuse_unknown(session, department)
        _open(session, period)
        found = review.read_comments(session, period, department)
        noted(session, Act.COMMENTS_READ, str(period), department=department or "*")
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
        day = early.opens_at.astimezone(settings().time_zone).date().isoformat()
        sentence = gettext(
            "Comments of %(period)s can be read from %(day)s on: until then answers may come, and a new comment among"
            " known ones would be known to be of one of few.",
            period=period,
            day=day,
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
        for line in comment.text.splitlines():
            click.echo(f"    {line}")


def _facts(comment: ReadComment, *, second: bool) -> Iterator[str]:
    if comment.state is not None:
        yield _state(comment.state)
    if comment.is_flagged:
        yield gettext("read with care")
    codes = comment.second_codes if second else comment.codes
    if codes is not None:
        yield gettext("themes: %(codes)s", codes=", ".join(codes) or "–")
    elif comment.proposed and not second:
        yield gettext("proposed: %(codes)s", codes=", ".join(comment.proposed))


def _state(state: CommentState) -> str:
    words = {
        CommentState.WAITING: gettext("waiting"),
        CommentState.SHOWN: gettext("may be shown"),
        CommentState.HIDDEN: gettext("hidden"),
    }
    return words[state]


@comments.command("show", help="Let these comments be printed; at most three are drawn for a scorecard.")
@ids
def show(ids: tuple[str, ...]) -> None:
    """Clear comments by the beginning of their ids; all or none."""
    with _in_words(), transaction() as session:
        for prefix in ids:
            id_ = review.show_comment(session, prefix)
            noted(session, Act.COMMENT_SHOWN, f"comment:{id_}")
    click.echo(ngettext("%(num)s comment may be shown.", "%(num)s comments may be shown.", len(ids)))


@comments.command("hide", help="Keep these comments from scorecards; from frozen ones their text is taken out.")
@ids
def hide(ids: tuple[str, ...]) -> None:
    """Hide comments by the beginning of their ids; all or none."""
    taken_out = 0
    with _in_words(), transaction() as session:
        for prefix in ids:
            id_, count = review.hide_comment(session, prefix)
            taken_out += count
            noted(session, Act.COMMENT_HIDDEN, f"comment:{id_}", scorecards=count)
    click.echo(ngettext("%(num)s comment is hidden.", "%(num)s comments are hidden.", len(ids)))
    if taken_out:
        click.echo(
            ngettext(
                "The text was taken out of %(num)s frozen scorecard; its digest still holds.",
                "The text was taken out of %(num)s frozen scorecards; their digests still hold.",
                taken_out,
            )
        )


@comments.command("code", help="Say what the comment ID is about: codes of THEMES, or --none.")
@click.argument("id_", metavar="ID")
@click.argument("themes", nargs=-1)
@click.option("--none", "none_fits", is_flag=True, help="No theme fits.")
@click.option("--second", is_flag=True, help="As the second coder: says how far the first one's codes can be trusted.")
def code(id_: str, themes: tuple[str, ...], *, none_fits: bool, second: bool) -> None:
    """Confirm codes of one comment, in place of earlier ones."""
    if none_fits == bool(themes):
        raise click.UsageError(gettext("Name at least one theme, or --none where no theme fits."))
    coder = Coder.SECOND if second else Coder.FIRST
    with _in_words(), transaction() as session:
        whole = review.code_comment(session, id_, themes, coder=coder, calendar=calendar())
        noted(session, Act.COMMENT_CODED, f"comment:{whole}", coder=coder.value, themes=sorted(set(themes)))
    click.echo(gettext("Noted."))


@comments.command("confirm", help="Take what the codebook proposes for these comments as what they are about.")
@ids
def confirm(ids: tuple[str, ...]) -> None:
    """Confirm proposals by the beginning of ids; all or none."""
    with _in_words(), transaction() as session:
        for prefix in ids:
            id_ = review.confirm_comment(session, prefix, calendar=calendar())
            noted(session, Act.COMMENT_CODED, f"comment:{id_}", coder=Coder.FIRST.value, proposed=True)
    click.echo(ngettext("%(num)s comment is coded.", "%(num)s comments are coded.", len(ids)))


@comments.command("agreement", help="Print how far two coders agree on PERIOD, from 50 comments on that both coded.")
@click.argument("period", type=PERIOD)
def agreement(period: Period) -> None:
    """Print Cohen's kappa with its interval, or how many comments are missing."""
    with reading_transaction() as session:
        found = review.coders_agreement(session, period)
    needed = DOUBLE_CODED_FROM
    if found.n < needed:
        sentence = gettext("Both coders did %(done)s comments; kappa needs %(needed)s.", done=found.n, needed=needed)
        raise click.ClickException(sentence)
    if found.estimate is None or found.lower is None or found.upper is None:
        click.echo(gettext("Both coders saw the same everywhere, and nothing else: kappa cannot be told."))
        return
    click.echo(
        gettext(
            "Cohen's kappa %(kappa)s (%(lower)s to %(upper)s) on %(num)s comments; they agree in %(observed)s%% of"
            " decisions, chance would give %(expected)s%%.",
            kappa=f"{found.estimate:.2f}",
            lower=f"{found.lower:.2f}",
            upper=f"{found.upper:.2f}",
            num=found.n,
            observed=round(found.observed * 100),
            expected=round(found.expected * 100),
        )
    )


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
    except review.CodingClosed as error:
        raise click.ClickException(
            gettext("%(period)s is frozen: its themes are counted and codes cannot change them.", period=str(error))
        ) from error
    except review.CommentReleased as error:
        raise click.ClickException(
            gettext("The quarter is released: its comments can be read and hidden, and nothing else.")
        ) from error
