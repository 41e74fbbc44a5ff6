"""Not again, not now, and ask me again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.models.invitations import Invitation
from app.models.people import OptOut
from app.models.policies import PolicyVersion
from app.pipeline import responses
from app.pipeline.responses import InvitationUnknown, Wish
from tests.integration.pipeline.responses.conftest import KEYS, Alice


def _wish(alice: Alice, *, after: timedelta = timedelta(0)) -> Wish:
    return responses.find_wish(alice.session, KEYS, alice.token, now=alice.now + after)[0]


def test_a_person_who_said_nothing_is_asked(alice: Alice) -> None:
    assert responses.find_wish(alice.session, KEYS, alice.token, now=alice.now) == (Wish.ASK, None, "en")


def test_an_opt_out_holds_for_good_and_twice_is_once(alice: Alice) -> None:
    responses.opt_out(alice.session, KEYS, alice.token, now=alice.now)
    responses.opt_out(alice.session, KEYS, alice.token, now=alice.now)

    assert _wish(alice, after=timedelta(days=4000)) is Wish.NEVER
    assert alice.session.scalar(select(func.count()).select_from(OptOut)) == 1
    assert alice.session.scalars(select(Invitation.remind_at)).all() == [None]


def test_an_opt_out_works_long_after_the_link_expired(alice: Alice) -> None:
    responses.opt_out(alice.session, KEYS, alice.token, now=alice.now + timedelta(days=200))

    assert _wish(alice) is Wish.NEVER


def test_not_now_rests_for_the_days_of_the_policy(alice: Alice) -> None:
    default = responses.not_now(alice.session, KEYS, alice.token, now=alice.now)
    rules = {"rest_after_not_now_days": 30}
    alice.session.add(PolicyVersion(version=1, rules=rules, author="Carol", reason="test", created_at=alice.now))
    alice.session.flush()
    changed = responses.not_now(alice.session, KEYS, alice.token, now=alice.now)

    assert (default - alice.now, changed - alice.now) == (timedelta(days=90), timedelta(days=30))
    assert _wish(alice, after=timedelta(days=29)) is Wish.NOT_NOW
    assert _wish(alice, after=timedelta(days=30)) is Wish.ASK


def test_not_now_never_shortens_not_again_but_not_again_outlasts_not_now(alice: Alice) -> None:
    responses.not_now(alice.session, KEYS, alice.token, now=alice.now)
    responses.opt_out(alice.session, KEYS, alice.token, now=alice.now)
    responses.not_now(alice.session, KEYS, alice.token, now=alice.now)

    assert _wish(alice) is Wish.NEVER


def test_asking_again_undoes_everything(alice: Alice) -> None:
    responses.opt_out(alice.session, KEYS, alice.token, now=alice.now)

    responses.ask_again(alice.session, KEYS, alice.token)

    assert _wish(alice) is Wish.ASK


def test_a_stranger_changes_nobodys_wish(alice: Alice) -> None:
    with pytest.raises(InvitationUnknown):
        responses.opt_out(alice.session, KEYS, "A" * 44, now=alice.now)
    with pytest.raises(InvitationUnknown):
        responses.find_wish(alice.session, KEYS, "nonsense", now=alice.now)

    assert alice.session.scalar(select(func.count()).select_from(OptOut)) == 0
