"""Load the sample company into an empty database."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from app.demo.posting import PastPost
from app.demo.running import QUARTERS, Story, tell
from app.demo.unfinished import beside
from app.domain.periods import Calendar
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.mail.transport import Send
from app.models.base import make_engine, make_sessions
from app.models.invitations import Invitation
from app.models.people import Person
from app.models.scorecards import ScorecardRevision
from app.models.service_requests import ServiceRequest
from app.reports.asking_facts import current_asking
from app.settings import Settings
from app.upkeep.policy.versions import set_policy

Progress = Callable[[int, int], None]
POLICY = {"posting": "after_review"}  # so that a quarter waits for whoever tries out what HR does
SAMPLING_KEY = b"the sample company draws the same sample on every machine"


@dataclass(frozen=True)
class Loaded:
    """What there is now."""

    people: int
    requests: int
    invitations: int
    answers: int
    scorecards: int


def load_company(
    settings: Settings,
    keys: Keys,
    today: date,
    *,
    send: Send,
    progress: Progress,
    quarters: int = QUARTERS,
    is_last_sent: bool = False,
) -> Loaded:
    """Run the story up to the day before `today`; `send` takes the mails of the last days.

    The last frozen quarter waits for HR to send it, unless `is_last_sent`. The database is filled beside its place,
    so an interrupted load leaves it empty. Raises NotAFile.
    """
    with beside(settings.database_url) as unfinished:
        engine = make_engine(unfinished)
        _write_fast(engine)
        try:
            sessions = make_sessions(engine)
            story = _story(settings, keys, today, sessions, send, quarters, is_last_sent=is_last_sent)
            first = story.calendar.first_day(story.first_period)
            days = (today - first).days
            tell(story, lambda day: progress((day - first).days + 1, days))
            with sessions() as session:
                loaded = _counted(session, story.answered)
        finally:
            engine.dispose()
    return loaded


def _story(
    settings: Settings,
    keys: Keys,
    today: date,
    sessions: sessionmaker[Session],
    send: Send,
    quarters: int,
    *,
    is_last_sent: bool,
) -> Story:
    calendar = Calendar(settings.time_zone, settings.fiscal_year_start)
    first = calendar.starts_at(calendar.period_of_day(today).shifted(1 - quarters))
    with sessions.begin() as session:
        set_policy(session, POLICY, author="Helga Lindner", reason="We read before we send.", now=first)
        asking = replace(current_asking(session, settings, keys), sampling_key=SAMPLING_KEY)
    newest = calendar.period_of_day(today).previous
    while calendar.freezes_at(newest) >= calendar.midnight(today):
        newest = newest.previous
    post = PastPost(
        links=Links(base_url=settings.base_url, keys=keys),
        send=send,
        languages=settings.languages,
        today=calendar.midnight(today),
        newest_scorecards=newest if is_last_sent else newest.previous,
    )
    return Story(sessions=sessions, keys=keys, asking=asking, today=today, post=post, quarters=quarters)


def _write_fast(engine: Engine) -> None:
    """Only the complete file counts, so nothing needs to reach the disk before the end."""

    @event.listens_for(engine, "connect")
    def _relax(connection: object, _record: object) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]


def _counted(session: Session, answers: int) -> Loaded:
    def count(table: type) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    return Loaded(
        people=count(Person),
        requests=count(ServiceRequest),
        invitations=count(Invitation),
        answers=answers,
        scorecards=count(ScorecardRevision),
    )
