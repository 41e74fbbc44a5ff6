"""Two who edit at once, the back button, a forged page: what becomes of a form that staff send."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf
from wtforms import StringField

from app.foundations.crypto import Keys
from app.foundations.languages import speaking
from app.web.frame.form_rules import at_most, needed
from app.web.frame.forms import SHOWN, Change, Outcome, Sent, StaffForm, refused, sent, shown

STORED = {"name": "IT", "rest_days": "30", "password": "old"}


class RestForm(StaffForm):
    """A name, a span and something that is never shown again."""

    secret: ClassVar[frozenset[str]] = frozenset({"password"})

    name = StringField("Name", [needed("Enter a name."), at_most(10)])
    rest_days = StringField("Rest")
    password = StringField("Password")


class RoleForm(StaffForm):
    """A label that stands in the catalogues."""

    role = StringField("Sign in")


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "a secret of the cookie"
    app.extensions["parity_keys"] = Keys(("new" * 16, "old" * 16))
    return app


def as_shown(stored: Mapping[str, Any]) -> str:
    """Return the hidden field of the form with these values."""
    return shown(RestForm, stored).signed


def send(
    app: Flask, typed: Mapping[str, str], *, before: Mapping[str, Any] = STORED, stored: Mapping[str, Any] = STORED
) -> Sent[RestForm]:
    """Show the form with `before`, then send it while `stored` is what the database holds."""
    with app.test_request_context("/", method="POST"):
        fields = {SHOWN: as_shown(before), "csrf_token": generate_csrf(), **typed}
        cookie = dict(session)
        g.pop("csrf_token", None)
    with app.test_request_context("/", method="POST", data=fields):
        session.update(cookie)
        return sent(RestForm, stored)


def typed(**changed: str) -> dict[str, str]:
    return {"name": "IT", "rest_days": "30", "password": "", **changed}


def test_a_changed_value_is_good_to_be_saved(app: Flask) -> None:
    found = send(app, typed(rest_days="21"))

    assert (found.outcome, found.form.told()) == (Outcome.GOOD, typed(rest_days="21"))


def test_sent_twice_it_asks_for_nothing_more(app: Flask) -> None:
    found = send(app, typed(rest_days="21"), stored={**STORED, "rest_days": "21"})

    assert found.outcome is Outcome.SAME


def test_a_new_secret_alone_is_good_to_be_saved(app: Flask) -> None:
    assert send(app, typed(password="new")).outcome is Outcome.GOOD


def test_the_second_of_two_sees_what_the_first_changed(app: Flask) -> None:
    found = send(app, typed(rest_days="21"), stored={**STORED, "rest_days": "14"})

    assert (found.outcome, found.status, found.changes) == (Outcome.CHANGED, 409, (Change("Rest", "30", "14", "21"),))
    assert found.form.rest_days.data == "21"


def test_a_wrong_value_is_named_and_kept(app: Flask) -> None:
    found = send(app, typed(name="A very long name"))

    assert (found.outcome, found.status) == (Outcome.WRONG, 422)
    assert [(one.field, one.label, one.sentence) for one in found.form.problems()] == [
        ("name", "Name", "This is 6 characters too long; there is room for 10.")
    ]
    assert found.form.name.data == "A very long name"


@pytest.mark.parametrize("forged", [{"csrf_token": "x"}, {SHOWN: "x"}, {SHOWN: ""}])
def test_a_forged_form_changes_nothing_and_keeps_what_was_typed(app: Flask, forged: dict[str, str]) -> None:
    found = send(app, typed(rest_days="21") | forged)

    assert (found.outcome, found.status, found.form.rest_days.data) == (Outcome.FORGED, 400, "21")


def test_a_secret_stands_neither_in_the_page_nor_among_the_changes(app: Flask) -> None:
    with app.test_request_context("/"):
        field = shown(RestForm, STORED).signed

    assert send(app, typed(password="new"), stored={**STORED, "password": "other"}).changes == ()
    assert "old" not in field


def test_a_form_shown_before_the_secret_key_changed_is_still_known(app: Flask) -> None:
    with app.test_request_context("/"):
        app.extensions["parity_keys"] = Keys(("old" * 16,))
        before = shown(RestForm, STORED).signed
    app.extensions["parity_keys"] = Keys(("new" * 16, "old" * 16))

    assert send(app, typed(rest_days="21") | {SHOWN: before}).outcome is Outcome.GOOD


def test_pressing_again_after_the_note_saves_over_the_other(app: Flask) -> None:
    stored = {**STORED, "rest_days": "14"}
    first = send(app, typed(rest_days="21"), stored=stored)

    assert send(app, typed(rest_days="21") | {SHOWN: first.form.signed}, stored=stored).outcome is Outcome.GOOD


def test_a_wrong_value_does_not_hide_that_somebody_else_saved(app: Flask) -> None:
    stored = {**STORED, "rest_days": "14"}
    first = send(app, typed(name="A very long name"), stored=stored)

    assert send(app, typed(rest_days="21") | {SHOWN: first.form.signed}, stored=stored).outcome is Outcome.CHANGED


def test_what_only_the_data_can_refuse_stands_at_its_field(app: Flask) -> None:
    found = refused(send(app, typed(name="OPS")).form, "name", "There is a department of this name.")

    assert (found.status, found.form.first_problem) == (422, "name")


def test_labels_speak_the_language_of_the_moment(app: Flask) -> None:
    with app.test_request_context("/"), speaking("de"):
        assert RoleForm(data={}).role.label.text == "Anmelden"


class ReasonedForm(RestForm):
    """The same, with a reason that stands with the change."""

    aside: ClassVar[frozenset[str]] = frozenset({"why"})

    why = StringField("Why", [needed("Say why.")])


@pytest.mark.parametrize(("days", "outcome"), [("21", Outcome.GOOD), ("30", Outcome.SAME)])
def test_a_reason_alone_changes_nothing_and_stands_in_no_ones_way(app: Flask, days: str, outcome: Outcome) -> None:
    with app.test_request_context("/", method="POST"):
        fields = {SHOWN: shown(ReasonedForm, STORED).signed, "csrf_token": generate_csrf()}
        cookie = dict(session)
        g.pop("csrf_token", None)
    with app.test_request_context("/", method="POST", data=fields | typed(rest_days=days) | {"why": "Too long"}):
        session.update(cookie)

        assert sent(ReasonedForm, STORED).outcome is outcome
