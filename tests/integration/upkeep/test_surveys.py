"""A second version of the survey: written from the first, published for good, asked from its quarter on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.instruments import FIRST, Comparability, Item, comparability
from app.domain.instruments.wording_json import WordingError, words_to_json
from app.domain.periods import Period
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.mail.outbox.composing import COMPOSERS, compose
from app.models.instruments import known_instruments
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.quarter_salts import ensure_salt
from app.models.responses import HeldResponse
from app.models.surveys import SurveyVersion, questionnaire_of, reworded_in
from app.pipeline import responses
from app.pipeline.responses import Answers
from app.upkeep import surveys
from app.upkeep.surveys import NoSuchVersion, NothingChanged, SurveyPublished
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import CALENDAR, completed_request
from tests.integration.pipeline.responses.conftest import A_PERSON
from tests.servers.databases import Database

KEYS = Keys(("0123456789abcdef0123456789abcdef",))
QUESTION = "All in all: how content are you with the way we handled it?"
SPRING = datetime(2027, 2, 3, 9, tzinfo=UTC)


def words(**changes: str) -> dict[str, str]:
    return words_to_json(FIRST.wording("en")) | changes


def published(session: Session, now: datetime, *, rotating: tuple[Item, ...] = (Item.TRUST,)) -> int:
    """Publish a version with another question in English and one rotating item."""
    number = surveys.new_draft(session, author="staff:1", now=now)
    surveys.save_words(session, number, "en", words(csat_overall=QUESTION))
    surveys.save_rotating(session, number, rotating)
    surveys.publish(session, number, CALENDAR, reason="plainer", now=now)
    session.commit()
    return number


def asked(session: Session, completed_at: datetime) -> Invitation:
    desk = department(session, f"IT-{completed_at:%m}", name="IT Support")
    cycle = completed_request(session, desk, person(session, f"a{completed_at:%m}@example.com"), completed_at)
    row = invitation(session, cycle, sent_at=completed_at + timedelta(hours=20))
    ensure_salt(session, KEYS, cycle.period)
    session.commit()
    return row


def opened(session: Session, row: Invitation) -> responses.OpenInvitation:
    token = KEYS.token("survey", row.public_id)
    return responses.open(session.connection(), KEYS, CALENDAR, token, now=row.planned_at + timedelta(hours=1))


def test_a_draft_begins_with_the_words_in_use_and_there_is_one_at_a_time(database: Database, now: datetime) -> None:
    session = database.session

    first = surveys.new_draft(session, author="staff:1", now=now)
    again = surveys.new_draft(session, author="staff:2", now=now)

    draft = surveys.version_of(session, first)
    assert (first, again, draft.questionnaire.version) == (2, 2, "parity/2")
    assert surveys.content(draft.questionnaire) == surveys.content(FIRST)
    assert [surveys.changed_texts(draft, language) for language in FIRST.words] == [[]] * 5


def test_a_version_that_changes_nothing_is_not_published(database: Database, now: datetime) -> None:
    number = surveys.new_draft(database.session, author="staff:1", now=now)

    with pytest.raises(NothingChanged):
        surveys.publish(database.session, number, CALENDAR, reason="why", now=now)


def test_bad_words_are_refused_and_the_draft_stays(database: Database, now: datetime) -> None:
    number = surveys.new_draft(database.session, author="staff:1", now=now)

    with pytest.raises(WordingError):
        surveys.save_words(database.session, number, "en", words(grid_question="How was it?"))

    assert surveys.changed_texts(surveys.version_of(database.session, number), "en") == []


def test_a_published_version_never_changes(database: Database, now: datetime) -> None:
    session = database.session
    number = published(session, now)

    for change in (
        lambda: surveys.save_words(session, number, "en", words()),
        lambda: surveys.save_rotating(session, number, [Item.EFFORT]),
        lambda: surveys.publish(session, number, CALENDAR, reason="again", now=now),
        lambda: surveys.drop(session, number),
    ):
        with pytest.raises(SurveyPublished):
            change()
    assert surveys.version_of(session, number).questionnaire.wording("en").csat_overall == QUESTION


def test_a_draft_can_be_thrown_away_and_its_number_is_free_again(database: Database, now: datetime) -> None:
    session = database.session
    number = surveys.new_draft(session, author="staff:1", now=now)

    surveys.drop(session, number)

    with pytest.raises(NoSuchVersion):
        surveys.version_of(session, number)
    assert surveys.new_draft(session, author="staff:1", now=now) == number


def test_it_begins_with_the_first_quarter_of_which_nobody_was_asked(database: Database, now: datetime) -> None:
    session = database.session
    before = surveys.begins_with(session, CALENDAR, now=now)
    asked(session, now - timedelta(days=2))

    assert (before, surveys.begins_with(session, CALENDAR, now=now)) == (Period(2026, 4), Period(2027, 1))


def test_it_is_asked_from_its_quarter_on_in_page_and_mail_and_earlier_answers_keep_theirs(
    database: Database, now: datetime
) -> None:
    session = database.session
    autumn = asked(session, now - timedelta(days=2))
    published(session, now)
    spring = asked(session, SPRING)

    then, later = opened(session, autumn), opened(session, spring)
    for one, row in ((then, autumn), (later, spring)):
        sent = row.planned_at + timedelta(hours=2)
        answers = Answers(values={Item.CSAT_OVERALL: 4})
        responses.submit(session.connection(), KEYS, CALENDAR, one, answers, A_PERSON, now=sent)
    session.commit()

    assert (then.questionnaire.version, later.questionnaire.version) == ("parity/1", "parity/2")
    assert (later.questionnaire.wording("en").csat_overall, later.rotating_item) == (QUESTION, Item.TRUST)
    stored = select(HeldResponse.period, HeldResponse.instrument_version).order_by(HeldResponse.period)
    assert session.execute(stored).tuples().all() == [("2026-Q4", "parity/1"), ("2027-Q1", "parity/2")]
    assert questions_in_mails(session, autumn, spring) == [FIRST.wording("en").csat_overall, QUESTION]


def questions_in_mails(session: Session, *asked_: Invitation) -> list[str]:
    links = Links(base_url="https://parity.example", keys=KEYS)
    params = {
        "recipient_name": "Alice",
        "title": "A badge",
        "reference": "R-1",
        "department": "IT",
        "completed_on": "2027-02-03",
        "expires_on": "2027-02-10",
        "released_on": "2027-04-29",
        "minimum_group_size": 5,
        "quarter_cap": 3,
    }
    found = []
    for one in asked_:
        row = Message(name="invitation", language="en", params=params, invitation_id=one.id)
        text = compose(session, row, links, COMPOSERS).text
        found.append(next(text_ for text_ in (QUESTION, FIRST.wording("en").csat_overall) if text_ in text))
    return found


def test_of_two_versions_for_the_same_quarter_the_later_is_asked(database: Database, now: datetime) -> None:
    session = database.session
    published(session, now)
    published(session, now, rotating=(Item.EFFORT,))

    assert questionnaire_of(session, "2026-Q4").version == "parity/3"
    assert questionnaire_of(session, "2026-Q3").version == "parity/1"


def test_opening_costs_one_statement_more_only_the_first_time(database: Database, now: datetime) -> None:
    session = database.session
    published(session, now, rotating=(Item.COOPERATION, Item.EFFORT))
    row = asked(session, SPRING)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    counts = []
    for _ in range(2):
        statements.clear()
        opened(session, row)
        counts.append(len([one for one in statements if one.lstrip().startswith("SELECT")]))

    assert counts[1] == 1
    assert counts[0] in {1, 2}  # another test of this process may have read the same words


def test_a_question_in_other_words_is_no_longer_the_same_question_outside(database: Database, now: datetime) -> None:
    session = database.session
    published(session, now)

    reworded = reworded_in(session, "2026-Q4")
    csat5 = known_instruments(session, reworded)["csat5"]

    assert reworded == {Item.CSAT_OVERALL}
    assert comparability(Item.CSAT_OVERALL, csat5) is Comparability.NEAR_SCALE
    assert comparability(Item.TIMELINESS, csat5) is Comparability.IDENTICAL
    assert comparability(Item.CSAT_OVERALL, known_instruments(session)["csat5"]) is Comparability.IDENTICAL


def test_two_who_begin_at_once_have_one_draft(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        mine = surveys.new_draft(session, author="staff:1", now=now)
    with database.sessions.begin() as session:
        theirs = surveys.new_draft(session, author="staff:2", now=now)

    with database.sessions() as session:
        assert (mine, theirs) == (2, 2)
        assert session.scalars(select(SurveyVersion.author)).all() == ["staff:1"]
