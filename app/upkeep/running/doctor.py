"""What is wrong with this installation, in words, each finding with what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.asking_policy import Posting
from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar, Period
from app.domain.states import MessageState, PeriodState, Role
from app.foundations.crypto import Keys
from app.foundations.languages import gettext, ngettext
from app.mail.transport import ConnectionTroubleError, Transport
from app.models.accounts import Staff
from app.models.deliveries import FAILED, Delivery
from app.models.departments import Department, versions_at
from app.models.messages import Message
from app.models.people import PersonVersion
from app.models.policies import current_policy
from app.models.releases import PeriodRecord, is_misfiled, quarters_are_fixed, unwritten
from app.models.service_requests import RequestCycle
from app.settings import Settings
from app.upkeep.audit import log as audit
from app.upkeep.connections import health as connection_health
from app.upkeep.findings import Finding
from app.upkeep.programs import webhooks
from app.upkeep.running import clock_health, frozen_health, readiness, secret_health
from app.upkeep.signing_in import health as sign_in_health

LATE = timedelta(days=1)  # a quarter's step that is a day behind its date does not happen by itself any more
LATELY = timedelta(days=7)  # failures of which one still wants to hear
CONNECT_SECONDS = 5
NAMED = 10  # departments that a finding names, unless all are asked for


@dataclass(frozen=True)
class Patient:
    """The installation as the checks see it."""

    session: Session
    settings: Settings
    keys: Keys
    now: datetime
    names_all: bool = False

    @property
    def calendar(self) -> Calendar:
        """Where its quarters begin."""
        return Calendar(self.settings.time_zone, self.settings.fiscal_year_start)


def examine(
    session: Session, settings: Settings, keys: Keys, *, now: datetime, names_all: bool = False, is_quick: bool = False
) -> list[str]:
    """Return one sentence per finding; an empty list says that nothing is wrong. Writes nothing.

    A finding about many departments names the first of them, or with `names_all` every one. `is_quick` leaves out what
    calls the mail server or reads the whole audit log or every frozen document.
    """
    if trouble := readiness.trouble_with_database(session):
        return [trouble]
    patient = Patient(session, settings, keys, now, names_all)
    checks = [check for check in CHECKS if not (is_quick and check in _SLOW)]
    return [finding for check in checks for finding in check(patient)]


def _worker(patient: Patient) -> Iterator[str]:
    seen = readiness.worker_seen_at(patient.session)
    if seen is None:
        yield Finding(gettext("No worker has run yet"), gettext("start flask work"))
    elif patient.now - seen > readiness.WORKER_SILENT_AFTER:
        local = seen.astimezone(patient.settings.time_zone).isoformat(" ", "minutes")
        yield Finding(gettext("The worker was last seen at %(moment)s", moment=local), gettext("start flask work"))


def _clock(patient: Patient) -> Iterator[str]:
    yield from clock_health.findings(patient.session, patient.settings.time_zone, now=patient.now)


def _mail(patient: Patient) -> Iterator[str]:
    mail = patient.settings.mail
    if not mail.server:
        yield gettext("PARITY_MAIL_SERVER is not set: mail waits in the outbox")
        return
    try:
        with Transport(mail, timeout=CONNECT_SECONDS) as transport:
            transport.greet()
    except ConnectionTroubleError as trouble:
        yield gettext("The mail server cannot be used: %(trouble)s", trouble=trouble)


def _identity_provider(patient: Patient) -> Iterator[str]:
    yield from sign_in_health.findings(patient.settings, now=patient.now)


def _outbox(patient: Patient) -> Iterator[str]:
    overdue = readiness.overdue_messages(patient.session, patient.now)
    if overdue:
        yield ngettext(
            "%(num)s mail has been waiting for more than an hour",
            "%(num)s mails have been waiting for more than an hour",
            overdue,
        )
    failed = patient.session.scalar(
        select(func.count())
        .select_from(Message)
        .where(Message.state == MessageState.FAILED, Message.due_at > patient.now - LATELY)
    )
    if failed:
        yield ngettext(
            "%(num)s mail of the last seven days was refused for good",
            "%(num)s mails of the last seven days were refused for good",
            failed,
        )


def _deliveries(patient: Patient) -> Iterator[str]:
    lately = Delivery.received_at > patient.now - LATELY
    failed = patient.session.scalar(select(func.count()).select_from(Delivery).where(FAILED, lately))
    if failed:
        problem = ngettext(
            "%(num)s event of the last seven days could not be read",
            "%(num)s events of the last seven days could not be read",
            failed,
        )
        yield Finding(problem, gettext("flask deliveries list says why"), "trackers")


def _connections(patient: Patient) -> Iterator[str]:
    yield from connection_health.findings(patient.session)
    yield from webhooks.findings(patient.session)


def _boundaries(patient: Patient) -> Iterator[str]:
    settings = patient.settings
    here = (str(settings.time_zone), settings.fiscal_year_start)
    if not quarters_are_fixed(patient.session) and is_misfiled(patient.session, patient.calendar):
        yield Finding(
            gettext("What is stored was filed with another PARITY_TIME_ZONE or PARITY_FISCAL_YEAR_START"),
            gettext("flask doctor --refile-periods files it anew. Until then nothing is issued."),
        )
    stored = select(PeriodRecord.time_zone, PeriodRecord.fiscal_year_start).distinct()
    for zone, start in patient.session.execute(stored):
        if (zone, start) != here:
            yield gettext(
                "Quarters were stored with time zone %(zone)s and fiscal year start %(start)s, but PARITY_TIME_ZONE is"
                " %(zone_now)s and PARITY_FISCAL_YEAR_START is %(start_now)s: set them back; until then nothing is"
                " issued",
                zone=zone,
                start=start,
                zone_now=here[0],
                start_now=here[1],
            )


def _quarters(patient: Patient) -> Iterator[str]:
    records = select(PeriodRecord).where(PeriodRecord.is_historical.is_(False)).order_by(PeriodRecord.period)
    for record in patient.session.scalars(records):
        period = Period.parse(record.period)
        if record.state is PeriodState.OPEN and patient.calendar.freezes_at(period) + LATE < patient.now:
            yield gettext("The quarter %(period)s should be frozen by now and is not", period=record.period)
        if record.state is PeriodState.FROZEN and patient.calendar.releases_at(period) + LATE < patient.now:
            yield gettext("The answers of %(period)s should be released by now and are not", period=record.period)


def _posting(patient: Patient) -> Iterator[str]:
    policy = current_policy(patient.session)
    waiting = select(PeriodRecord).where(
        PeriodRecord.state != PeriodState.OPEN,
        PeriodRecord.is_historical.is_(False),
        PeriodRecord.posting_stopped.is_(False),
        unwritten(),
    )
    for record in patient.session.scalars(waiting.order_by(PeriodRecord.period)):
        posts_at = patient.calendar.freezes_at(Period.parse(record.period)) + policy.posting_after
        let_at = posts_at if policy.posting is Posting.AUTOMATIC else record.posting_approved_at
        let_at = record.missing_asked_at or let_at
        if let_at is not None and let_at + 2 * LATE < patient.now:
            yield gettext("The scorecards of %(period)s should be posted by now and are not", period=record.period)


def _secrets(patient: Patient) -> Iterator[str]:
    yield from secret_health.findings(patient.session, patient.keys)


def _frozen(patient: Patient) -> Iterator[str]:
    changed = list(frozen_health.changed(patient.session))
    if changed:
        yield ngettext(
            "%(num)s frozen document is not as it was frozen: %(names)s. Compare it with a backup.",
            "%(num)s frozen documents are not as they were frozen: %(names)s. Compare them with a backup.",
            len(changed),
            names=_named(patient, changed),
        )


def _departments(patient: Patient) -> Iterator[str]:
    versions = versions_at(patient.session, patient.now)
    listed = set(patient.session.scalars(select(PersonVersion.department_id).distinct()))
    codes = {department.id: department.code for department in patient.session.scalars(select(Department))}
    unknown = [codes[key] for key, version in versions.items() if version.staff_count is None and key not in listed]
    if unknown:
        problem = ngettext(
            "One department has neither a staff count nor people, so nobody knows whether it is too small: %(codes)s",
            "%(num)s departments have neither a staff count nor people, so nobody knows whether they are too small:"
            " %(codes)s",
            len(unknown),
            codes=_named(patient, sorted(unknown)),
        )
        is_whole = patient.names_all or len(unknown) <= NAMED + 1
        yield Finding(problem, "" if is_whole else gettext("flask doctor --all names all"), "departments")


def _named(patient: Patient, codes: list[str]) -> str:
    if patient.names_all or len(codes) <= NAMED + 1:  # "and 1 more" is longer than most codes
        return ", ".join(codes)
    first = ", ".join(codes[:NAMED])
    return ngettext("%(codes)s and %(num)s more", "%(codes)s and %(num)s more", len(codes) - NAMED, codes=first)


def _providers(patient: Patient) -> Iterator[str]:
    unknown = patient.session.scalar(
        select(func.count())
        .select_from(RequestCycle)
        .where(
            RequestCycle.decision == DecisionReason.PROVIDER_UNKNOWN,
            RequestCycle.undone_at.is_(None),
            RequestCycle.period == str(patient.calendar.period_of(patient.now)),
        )
    )
    if unknown:
        yield ngettext(
            "%(num)s completed request of this quarter names no department that is known here",
            "%(num)s completed requests of this quarter name no department that is known here",
            unknown,
        )


def _staff(patient: Patient) -> Iterator[str]:
    roles = set(patient.session.scalars(select(Staff.role).where(Staff.is_active).distinct()))
    if Role.ADMIN not in roles:
        yield Finding(gettext("Nobody is administrator"), "flask staff add EMAIL --role admin", "staff")
    if Role.HR not in roles:
        problem = gettext("Nobody has the role hr, who receives what has no head")
        yield Finding(problem, "flask staff add EMAIL --role hr", "staff")


def _audit(patient: Patient) -> Iterator[str]:
    broken = audit.check(patient.session).broken
    if broken is not None:
        yield gettext("The audit log was changed: entry %(number)s does not follow the one before it.", number=broken)


def _address(patient: Patient) -> Iterator[str]:
    url = patient.settings.base_url
    is_here = url.startswith(("http://127.0.0.1", "http://localhost"))
    if patient.settings.demo and not is_here:
        yield gettext("PARITY_DEMO is on: everybody reads the mailbox, and nothing is ever deleted; unset it")
    if url.startswith("http://") and not is_here:
        yield gettext("PARITY_BASE_URL is %(url)s: links in mails lead to an unencrypted page; use https", url=url)


CHECKS: tuple[Callable[[Patient], Iterator[str]], ...] = (
    _worker,
    _clock,
    _mail,
    _identity_provider,
    _outbox,
    _deliveries,
    _connections,
    _boundaries,
    _quarters,
    _posting,
    _secrets,
    _departments,
    _providers,
    _staff,
    _audit,
    _frozen,
    _address,
)
_SLOW = frozenset({_mail, _audit, _frozen})
