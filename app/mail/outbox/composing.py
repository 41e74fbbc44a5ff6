"""A waiting row becomes a mail: the tokens are made here, at the moment of sending, and live in no table."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.instruments import Wording
from app.mail.content import (
    ClosedCase,
    Mail,
    SurveyLinks,
    break_glass,
    closed_case,
    data_exported,
    invitation,
    reminder,
    role_given,
    sign_in_link,
    way_in_changed,
)
from app.mail.content.samples import sample_invitation
from app.mail.links import Links
from app.mail.outbox.writing import (
    BREAK_GLASS,
    CLOSED_CASE,
    DATA_EXPORTED,
    INVITATION,
    REMINDER,
    ROLE_GIVEN,
    SIGN_IN_LINK,
    TEST,
    WAY_IN_CHANGED,
    asked_from_params,
)
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.surveys import questionnaire, questionnaire_of, survey_digest

Composer = Callable[[Session, Message, Links], Mail]


class UncomposableMessageError(ValueError):
    """A row does not say enough to make its mail."""


def compose(session: Session, row: Message, links: Links, composers: Mapping[str, Composer]) -> Mail:
    """Return the mail of a row. Raises UncomposableMessageError naming what is missing."""
    composer = composers.get(row.name)
    if composer is None:
        raise UncomposableMessageError(f"nothing composes messages called {row.name!r}")
    try:
        return composer(session, row, links)
    except (LookupError, TypeError, ValueError) as error:
        raise UncomposableMessageError(f"{row.name}: {type(error).__name__}: {error}") from error


def _invitation(session: Session, row: Message, links: Links) -> Mail:
    return invitation(asked_from_params(row.params or {}), *_survey(session, row, links))


def _reminder(session: Session, row: Message, links: Links) -> Mail:
    return reminder(asked_from_params(row.params or {}), *_survey(session, row, links))


def _sign_in_link(_session: Session, row: Message, links: Links) -> Mail:
    params = row.params or {}
    return sign_in_link(
        language=row.language,
        recipient_name=params["recipient_name"],
        link=links.sign_in(bytes.fromhex(params["public_id"])),
        minutes=params["minutes"],
    )


def _closed_case(_session: Session, row: Message, _links: Links) -> Mail:
    return closed_case(ClosedCase(**(row.params or {})), row.language)


def _test(session: Session, row: Message, links: Links) -> Mail:
    params = row.params or {}
    words = questionnaire_of(session, params["period"]).wording(row.language)
    today = date.fromisoformat(params["today"])
    survey = SurveyLinks(page=links.methods(), language=row.language)
    return sample_invitation(survey, words, recipient_name=params["recipient_name"], today=today)


def _break_glass(_session: Session, row: Message, links: Links) -> Mail:
    return break_glass(language=row.language, log=f"{links.base_url}/admin/log", **(row.params or {}))


def _way_in_changed(_session: Session, row: Message, links: Links) -> Mail:
    return way_in_changed(language=row.language, account=f"{links.base_url}/account", **(row.params or {}))


def _role_given(_session: Session, row: Message, _links: Links) -> Mail:
    return role_given(language=row.language, **(row.params or {}))


def _data_exported(_session: Session, row: Message, _links: Links) -> Mail:
    return data_exported(language=row.language, **(row.params or {}))


_ASKED = select(Invitation.public_id, survey_digest(Invitation.__table__.c.period)).where(
    Invitation.id == bindparam("invitation_id")
)


def _survey(session: Session, row: Message, links: Links) -> tuple[SurveyLinks, Wording]:
    """Return where the survey is, and the words in which it will ask."""
    connection = session.connection()
    found = connection.execute(_ASKED, {"invitation_id": row.invitation_id}).one_or_none()
    if found is None:
        raise UncomposableMessageError(f"{row.name}: its invitation is gone")
    public_id, digest = found
    return links.survey(public_id, row.language), questionnaire(connection, digest).wording(row.language)


#: The messages that mail can make alone. Scorecards are composed by their own step, which reads reports.
COMPOSERS: Mapping[str, Composer] = {
    INVITATION: _invitation,
    REMINDER: _reminder,
    SIGN_IN_LINK: _sign_in_link,
    CLOSED_CASE: _closed_case,
    TEST: _test,
    BREAK_GLASS: _break_glass,
    WAY_IN_CHANGED: _way_in_changed,
    ROLE_GIVEN: _role_given,
    DATA_EXPORTED: _data_exported,
}
