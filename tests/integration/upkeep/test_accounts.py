"""Roles are given once, links let in once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.api_scopes import Scope
from app.domain.states import GivenBy, Role, WayIn
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.models.accounts import SignInLink, Staff, StaffDepartment
from app.upkeep.programs.keys import add_api_key, find_caller
from app.upkeep.rights.oidc_accounts import AnotherCompanyAccount, Arrival, let_in
from app.upkeep.rights.roles import Wanted, save_account
from app.upkeep.signing_in.links import SignInLinkIsUsedUp, make_sign_in_link, use_sign_in_link
from app.upkeep.staff.accounts import AccountError, add_staff
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.conftest import BOB, CAROL, MALLORY
from tests.servers.databases import Database

KEYS = Keys(("0123456789abcdef0123456789abcdef",))
LINKS = Links(base_url="https://parity.example.com", keys=KEYS)


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_a_role_given_twice_is_held_once(database: Database, now: datetime) -> None:
    add_staff(database.session, "Carol@Example.com", Role.ADMIN, now=now)
    add_staff(database.session, CAROL.email, Role.ADMIN, now=now)

    assert database.session.scalars(select(Staff.email)).all() == [CAROL.email]


def test_a_head_may_have_several_departments(database: Database, now: datetime) -> None:
    for code in ("it", "hr"):
        department(database.session, code)
        add_staff(database.session, BOB.email, Role.HEAD, department_code=code, now=now)

    assert database.session.scalar(select(func.count()).select_from(StaffDepartment)) == 2


@pytest.mark.parametrize(
    ("email", "role", "code", "sentence"),
    [
        ("carol", Role.ADMIN, None, "“carol” is not an e-mail address"),
        (BOB.email, Role.HEAD, None, "a head needs a department: add --department CODE"),
        (BOB.email, Role.HEAD, "moon", "no department has the code “moon”"),
        (CAROL.email, Role.ADMIN, "it", "only the role head is bound to a department; leave --department out"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(
    database: Database, now: datetime, email: str, role: Role, code: str | None, sentence: str
) -> None:
    with pytest.raises(AccountError, match="^" + sentence.replace("?", r"\?") + "$"):
        add_staff(database.session, email, role, department_code=code, now=now)


def test_a_link_lets_in_once(database: Database, now: datetime) -> None:
    add_staff(database.session, CAROL.email, Role.ADMIN, now=now)
    token = token_of(make_sign_in_link(database.session, LINKS, CAROL.email, now=now))

    staff, way = use_sign_in_link(database.session, KEYS, token, browser="any", now=now + timedelta(minutes=14))

    assert (staff.email, way) == (CAROL.email, WayIn.PRINTED)
    with pytest.raises(SignInLinkIsUsedUp):
        use_sign_in_link(database.session, KEYS, token, browser="any", now=now + timedelta(minutes=14))


def test_a_link_ends_after_a_quarter_of_an_hour(database: Database, now: datetime) -> None:
    add_staff(database.session, CAROL.email, Role.ADMIN, now=now)
    token = token_of(make_sign_in_link(database.session, LINKS, CAROL.email, now=now))

    with pytest.raises(SignInLinkIsUsedUp):
        use_sign_in_link(database.session, KEYS, token, browser="any", now=now + timedelta(minutes=15))


def test_the_database_does_not_hold_the_token(database: Database, now: datetime) -> None:
    add_staff(database.session, CAROL.email, Role.ADMIN, now=now)
    token = token_of(make_sign_in_link(database.session, LINKS, CAROL.email, now=now))
    database.session.flush()

    stored = database.session.scalars(select(SignInLink.token_hash)).one()

    assert token.encode() not in stored
    assert len(stored) == 32


def test_a_stranger_gets_no_link(database: Database, now: datetime) -> None:
    with pytest.raises(AccountError, match=r"mallory@example\.com has no role here"):
        make_sign_in_link(database.session, LINKS, MALLORY.email, now=now)


def test_the_provider_takes_an_administrator_away_but_never_the_last_one(sqlite: Database, now: datetime) -> None:
    session, admin = sqlite.session, frozenset({Role.ADMIN})
    for email in (CAROL.email, BOB.email):
        let_in(session, Arrival("https://login.example.com", email, email, "", admin), now=now)

    bob, carol = (
        let_in(session, Arrival("https://login.example.com", email, email, "", frozenset()), now=now)
        for email in (BOB.email, CAROL.email)
    )

    assert (bob.taken, bob.staff, bob.is_last_administrator) == ((Role.ADMIN,), None, False)
    assert (carol.taken, carol.is_last_administrator) == ((), True)
    assert carol.staff is not None
    assert (carol.staff.email, carol.staff.is_active, carol.staff.given_by) == (CAROL.email, True, GivenBy.OIDC)


def test_after_a_move_to_another_provider_accounts_are_known_by_its_names(sqlite: Database, now: datetime) -> None:
    session, admin = sqlite.session, frozenset({Role.ADMIN})

    for issuer, subject in (("https://old.example.com", "17"), ("https://new.example.com", "c-1")):
        let_in(session, Arrival(issuer, subject, CAROL.email, "", admin), now=now)

    with pytest.raises(AnotherCompanyAccount):
        let_in(session, Arrival("https://new.example.com", "17", CAROL.email, "", admin), now=now)


def test_a_key_does_not_come_back_with_another_role(sqlite: Database, now: datetime) -> None:
    session = sqlite.session
    staff(session, BOB.email, Role.HEAD, department(session, "IT"), now=now)
    staff(session, CAROL.email, Role.ADMIN, now=now)
    kept, gone = (
        add_api_key(session, name, [scope], email=BOB.email, now=now)
        for name, scope in (("kept", Scope.FOLLOW_UPS_READ), ("gone", Scope.SCORECARDS_READ))
    )

    save_account(session, BOB.email, Wanted("", "", frozenset({Role.ADMIN}), ()), by=GivenBy.PAGE, now=now)
    save_account(session, BOB.email, Wanted("", "", frozenset({Role.ADMIN, Role.HR}), ()), by=GivenBy.PAGE, now=now)

    assert [find_caller(session, key, now=now) is not None for key in (kept, gone)] == [True, False]
