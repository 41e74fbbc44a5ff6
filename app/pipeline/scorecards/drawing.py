"""Draw a revision's picture and PDF once per language, and compose its mail from what was drawn.

Drawing happens at posting, one after the other; a mail is composed from the stored files when it leaves.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.instruments import ALWAYS_ASKED
from app.domain.periods import Calendar, Period
from app.domain.sentences import Place
from app.foundations.formats import month
from app.foundations.languages import speaking
from app.mail.content import Mail
from app.mail.content.reasons import Why
from app.mail.content.scorecard import ScorecardMail, ScorecardSentences, scorecard, small_department
from app.mail.links import Links
from app.mail.outbox.composing import Composer
from app.models.messages import Message
from app.models.scorecards import ScorecardFile, ScorecardRevision
from app.reports.comment_texts import without_comments
from app.reports.descriptions import describe_trend, said
from app.reports.dimensions import dimension_name
from app.reports.documents import scorecard_pdf
from app.reports.lineage import documents_shown_by
from app.reports.pictures import mail_picture
from app.reports.quarters import quarter_words
from app.reports.trends import Trend, trend_of

CHART, PDF = "trend.{language}.png", "scorecard.{language}.pdf"
PDF_TYPE = "application/pdf"
Document = dict[str, Any]
Chart = Callable[[Session, ScorecardRevision, str], bytes]


@dataclass(frozen=True)
class Drawn:
    """The files of one revision in one language; `picture` is None where too little may be shown for one."""

    picture: bytes | None
    pdf: bytes


def draw(session: Session, row: ScorecardRevision, language: str, *, calendar: Calendar) -> None:
    """Store picture and PDF of a revision in a language, if they are not there yet."""
    if not is_drawn(session, row.id, language):
        document: Document = json.loads(row.document)
        trend = trend_of_revision(session, row, document, calendar)
        store_files(session, row.id, language, files_of(document, trend, language))


def is_drawn(session: Session, scorecard_id: int, language: str) -> bool:
    """Tell whether a revision's files are there in a language."""
    return session.get(ScorecardFile, (scorecard_id, PDF.format(language=language))) is not None


def drawn_of(session: Session, period: Period) -> set[tuple[int, str]]:
    """Return which revisions of a quarter have their files, by id and language."""
    query = (
        select(ScorecardFile.scorecard_id, ScorecardFile.name)
        .join(ScorecardRevision, ScorecardRevision.id == ScorecardFile.scorecard_id)
        .where(ScorecardRevision.period == str(period), ScorecardFile.media_type == PDF_TYPE)
    )
    return {(id_, name.split(".")[-2]) for id_, name in session.execute(query).tuples()}  # as PDF says


def files_of(document: Document, trend: Trend, language: str) -> Drawn:
    """Draw picture and PDF from plain values; takes seconds and no session, so other processes may do it."""
    picture = mail_picture(document, trend, language)
    pdf = scorecard_pdf(without_comments(document), trend, language)  # it is mailed
    return Drawn(picture.data if picture is not None else None, pdf)


def store_files(session: Session, scorecard_id: int, language: str, drawn: Drawn) -> None:
    """Keep what was drawn."""
    if drawn.picture is not None:
        _store(session, scorecard_id, CHART.format(language=language), "image/png", drawn.picture)
    _store(session, scorecard_id, PDF.format(language=language), PDF_TYPE, drawn.pdf)
    session.flush()


def _store(session: Session, scorecard_id: int, name: str, media_type: str, content: bytes) -> None:
    session.add(ScorecardFile(scorecard_id=scorecard_id, name=name, media_type=media_type, content=content))


def trend_of_revision(session: Session, row: ScorecardRevision, document: Document, calendar: Calendar) -> Trend:
    """Return the eight quarters up to a revision, from the frozen documents that its own trend rests on."""
    return trend_of(document, documents_shown_by(session, row.department_id, document), calendar)


def stored_chart(session: Session, revision: ScorecardRevision, language: str) -> bytes:
    """Return the mail's picture as it was drawn; empty where there is none."""
    return _file(session, revision, CHART.format(language=language))


def chart_for_preview(session: Session, revision: ScorecardRevision, language: str, calendar: Calendar) -> bytes:
    """Return the mail's picture, drawn now where it was not yet (some 80 ms; one thread at a time)."""
    if found := stored_chart(session, revision, language):
        return found
    document: Document = json.loads(revision.document)
    picture = mail_picture(document, trend_of_revision(session, revision, document, calendar), language)
    return picture.data if picture is not None else b""


def composers(calendar: Calendar, chart: Chart = stored_chart) -> dict[str, Composer]:
    """Return what composes the mails of this step, by message name; `chart` finds the picture."""

    def scorecard_mail(session: Session, row: Message, links: Links) -> Mail:
        return _scorecard_mail(session, row, links, calendar, chart)

    def small_department_mail(_session: Session, row: Message, links: Links) -> Mail:
        return _small_department_mail(row, links, calendar)

    return {"scorecard": scorecard_mail, "small_department": small_department_mail}


def _scorecard_mail(session: Session, row: Message, links: Links, calendar: Calendar, chart: Chart) -> Mail:
    params = row.params or {}
    revision = session.get_one(ScorecardRevision, params["scorecard_id"])
    document: Document = json.loads(revision.document)
    with speaking(row.language):
        sentences = _sentences(session, revision, document, calendar)
    return scorecard(
        ScorecardMail(
            language=row.language,
            document=document,
            sentences=sentences,
            chart=chart(session, revision, row.language),
            pdf=_file(session, revision, PDF.format(language=row.language)),
            link=links.scorecard(revision.period, document["department"]["code"]),
            methods_link=links.methods(),
            why=Why(params["why"]),
            waiting=params["waiting"],
        )
    )


def _sentences(
    session: Session, revision: ScorecardRevision, document: Document, calendar: Calendar
) -> ScorecardSentences:
    period = Period.parse(revision.period)
    doubt = (
        said(document, Place.GAP, calendar),
        said(document, Place.CHANGE, calendar) or said(document, Place.PRECISION, calendar),
    )
    reason = (said(document, Place.ACTION_REASON, calendar), said(document, Place.ACTION_ADVICE, calendar))
    picture = mail_picture_text(session, revision, document, calendar)
    return ScorecardSentences(
        finding=said(document, Place.FINDING, calendar) or "",
        doubt=tuple(sentence for sentence in doubt if sentence),
        action=said(document, Place.ACTION, calendar) or "",
        reason=" ".join(sentence for sentence in reason if sentence),
        previous=said(document, Place.ACTION_PREVIOUS, calendar) or "",
        items={item.value: dimension_name(item.value) for item in ALWAYS_ASKED},
        period=quarter_words(calendar, period),
        chart_alt=picture,
        next_scorecard=month(_next_posting(calendar, period)),
    )


def mail_picture_text(session: Session, revision: ScorecardRevision, document: Document, calendar: Calendar) -> str:
    """Return the alternative text of the mail's picture in the language of the moment."""
    return describe_trend(document, trend_of_revision(session, revision, document, calendar)).alt


def _next_posting(calendar: Calendar, period: Period) -> date:
    return calendar.posts_on(period.following)


def _small_department_mail(row: Message, links: Links, calendar: Calendar) -> Mail:
    params = row.params or {}
    with speaking(row.language):
        words = quarter_words(calendar, params["period"])
    return small_department(
        language=row.language,
        recipient_name=params["recipient_name"],
        department=params["department"],
        parent=params["parent"],
        minimum_group_size=params["minimum_group_size"],
        period=words,
        link=links.scorecard(params["period"], params["parent_code"]),
    )


def _file(session: Session, revision: ScorecardRevision, name: str) -> bytes:
    found = session.get(ScorecardFile, (revision.id, name))
    return found.content if found is not None else b""
