"""The audit log on both databases: one chain, whoever writes at once; what is changed afterwards shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.domain.auditing import COMMAND_LINE, Act
from app.domain.states import Role
from app.foundations.crypto import Keys
from app.upkeep.audit import log as audit
from app.upkeep.privacy import retain
from app.upkeep.staff.accounts import add_staff
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

KEYS = Keys(("0123456789abcdef0123456789abcdef",))


def _write(database: Database, now: datetime, count: int = 4) -> None:
    for number in range(1, count + 1):
        audit.note(database.session, COMMAND_LINE, Act.POLICY_SET, "policy", {"version": number}, now=now)
    database.session.commit()


def test_entries_hang_on_one_another(database: Database, now: datetime) -> None:
    _write(database, now, 2)

    first, second = audit.entries(database.session)
    assert (first.previous_digest, second.previous_digest) == ("", first.digest)
    assert audit.newest_digest(database.session) == second.digest
    assert audit.check(database.session).broken is None


def test_writers_at_once_make_one_chain(database: Database, now: datetime) -> None:
    def write(number: int) -> None:
        with database.sessions.begin() as session:
            audit.note(session, "worker", Act.IMPORTED, f"tracker:{number}", now=now)

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(24)))

    assert {entry.subject for entry in audit.entries(database.session)} == {f"tracker:{n}" for n in range(24)}
    assert audit.check(database.session).broken is None


def test_an_act_that_was_undone_leaves_no_entry(database: Database, now: datetime) -> None:
    audit.note(database.session, COMMAND_LINE, Act.POLICY_SET, "policy", now=now)
    database.session.rollback()

    assert audit.entries(database.session) == []


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE audit_entries SET actor = 'staff:1' WHERE id = 2", 2),
        ("UPDATE audit_entries SET details = '{}' WHERE id = 2", 2),
        ("DELETE FROM audit_entries WHERE id = 2", 3),
        ("DELETE FROM audit_entries WHERE id = 1", 2),
    ],
)
def test_what_somebody_changes_in_the_database_shows(
    database: Database, now: datetime, change: str, broken: int
) -> None:
    _write(database, now)

    database.session.execute(text(change))

    assert audit.check(database.session).broken == broken


def test_newest_entries_that_are_gone_show_by_a_digest_noted_elsewhere(database: Database, now: datetime) -> None:
    _write(database, now)
    noted = audit.newest_digest(database.session)

    database.session.execute(text("DELETE FROM audit_entries WHERE id = 4"))

    assert audit.check(database.session).broken is None
    assert not audit.knows(database.session, noted)


def test_after_six_years_entries_go_and_the_rest_stays_a_chain(database: Database, now: datetime) -> None:
    _write(database, now, 2)
    later = now + timedelta(days=365 * 3)
    _write(database, later, 2)
    much_later = now + timedelta(days=365 * 7)

    gone = retain(database.session, now=much_later)["audit"]
    again = retain(database.session, now=much_later)["audit"]

    kept = audit.entries(database.session)
    assert (gone, again) == (2, 0)
    assert [entry.action for entry in kept] == ["policy.set", "policy.set", "audit.shortened"]
    assert kept[-1].details == {"entries": 2, "digest": kept[0].previous_digest}
    assert audit.check(database.session).broken is None


def test_a_log_of_which_everything_is_old_goes_on_from_where_it_was(database: Database, now: datetime) -> None:
    _write(database, now, 2)

    retain(database.session, now=now + timedelta(days=365 * 7))
    _write(database, now + timedelta(days=365 * 7), 1)

    assert [entry.action for entry in audit.entries(database.session)] == ["audit.shortened", "policy.set"]
    assert audit.check(database.session).broken is None


def test_people_and_accounts_stand_in_it_without_their_addresses(database: Database, now: datetime) -> None:
    staff = add_staff(database.session, CAROL.email, Role.ADMIN, now=now)

    assert audit.by_staff(database.session, CAROL.email) == f"staff:{staff.id}"
    assert audit.names(database.session) == {f"staff:{staff.id}": CAROL.email}
    assert audit.person_subject(KEYS, " Alice@Example.com") == audit.person_subject(KEYS, ALICE.email)
    assert len(audit.person_subject(KEYS, ALICE.email)) == len("person:") + audit.HASH_DIGITS
    with pytest.raises(LookupError):
        audit.by_staff(database.session, ALICE.email)


def test_a_person_is_found_again_after_the_secret_key_was_changed(database: Database, now: datetime) -> None:
    audit.note(database.session, COMMAND_LINE, Act.PERSON_EXPORTED, audit.person_subject(KEYS, ALICE.email), now=now)

    changed = Keys(("another secret key, just as long as it", *KEYS.secrets))

    found = audit.entries(database.session, subjects=audit.person_subjects(changed, ALICE.email))
    assert [entry.action for entry in found] == ["person.exported"]


def test_entries_stand_in_the_order_of_their_moments_and_a_wrong_clock_dates_only_its_own(
    database: Database, now: datetime
) -> None:
    acts = [(now, "freeze"), (now - timedelta(minutes=9), "of the sweep before"), (now + timedelta(days=400), "ahead")]
    for at, subject in [*acts, (now + timedelta(seconds=1), "right again")]:
        audit.note(database.session, COMMAND_LINE, Act.POLICY_SET, subject, now=at)

    found = {entry.subject: entry.at - now for entry in audit.entries(database.session)}

    assert found == {
        "freeze": timedelta(),
        "of the sweep before": timedelta(),  # began earlier, came to its turn later
        "ahead": timedelta(days=400),
        "right again": timedelta(seconds=1),
    }
    assert audit.check(database.session).broken is None
