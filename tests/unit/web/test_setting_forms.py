"""Every kind's form is made of its settings: a field for each, secrets never shown, JSON read where it is JSON."""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.connectors import CONNECTORS, find_connector
from app.connectors.connector import Connector
from app.domain.states import ConnectionSide
from app.foundations.languages import speaking
from app.web.connections.setting_forms import PREFIX, asked_of, settings_form, shown_settings, told_settings
from app.web.frame.forms import StaffForm
from tests.builders.bad_input import BAD

INSTRUMENTS = ["csat5", "nps"]


def jira(side: ConnectionSide = ConnectionSide.TRACKER) -> Connector:
    found = find_connector(side, "jira")
    assert found is not None
    return found


def filled(connector: Connector, typed: Mapping[str, str], *, is_new: bool = False) -> StaffForm:
    form = settings_form(connector, INSTRUMENTS, is_new=is_new)(MultiDict(typed))
    form.validate()
    return form


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda one: f"{one.side}-{one.kind}")
def test_every_setting_has_a_field_with_its_meaning(connector: Connector) -> None:
    form = settings_form(connector, INSTRUMENTS, is_new=True)(MultiDict())

    fields = {one.setting.name: form[one.field] for one in asked_of(connector)}
    secret = {one.field for one in asked_of(connector) if one.setting.secret or one.setting.signs}
    assert {setting.name for setting in connector.settings} <= set(fields)
    assert form.secret == secret
    for one in asked_of(connector):
        label = fields[one.setting.name].label.text
        assert label[1:] in one.setting.meaning
        assert not label.lower().startswith("true")


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda one: f"{one.side}-{one.kind}")
def test_an_empty_form_of_a_new_one_asks_for_what_is_needed(connector: Connector) -> None:
    form = filled(connector, {}, is_new=True)

    needed = {PREFIX + one.name for one in connector.settings if one.needed}
    assert {"slug", *needed} <= set(form.errors)


def test_a_meaning_is_told_in_the_language_of_the_reader() -> None:
    with speaking("de"):
        form = settings_form(jira(), INSTRUMENTS, is_new=False)(MultiDict())

    assert form["set_base_url"].label.text.startswith("Die Adresse")


def test_only_what_was_changed_is_told_and_a_secret_only_where_one_was_typed() -> None:
    settings: dict[str, Any] = {"base_url": "https://a.example", "projects": ["IT", "HR"], "always_fetch": True}
    before = shown_settings(jira(), settings)
    assert before["set_projects"] == '["IT", "HR"]'
    assert "set_api_token" not in before

    same = {name: value for name, value in before.items() if isinstance(value, str)} | {"set_always_fetch": "y"}
    changed = {
        **same,
        "set_projects": '["IT"]',
        "set_email": "a@example.com",
        "set_api_token": "new",
        "set_base_url": "",
    }
    changed.pop("set_always_fetch")

    assert told_settings(jira(), filled(jira(), same), before) == {}
    assert told_settings(jira(), filled(jira(), {**changed, "set_base_url": "https://b.example"}), before) == {
        "base_url": "https://b.example",
        "projects": ["IT"],
        "email": "a@example.com",
        "always_fetch": None,
        "api_token": "new",
    }
    assert "set_base_url" in filled(jira(), changed).errors


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("set_poll_minutes", "0"),
        ("set_poll_minutes", "1e400"),
        ("set_base_url", "jira.example"),
        ("set_projects", "[1e400"),
        ("set_projects", "[NaN]"),
        ("set_projects", "[1e400]"),
        ("set_department_field", "a\nb"),
        ("set_base_url", BAD["long"]),
    ],
)
def test_what_no_setting_can_be_is_refused_at_its_field(field: str, typed: str) -> None:
    good = {"set_base_url": "https://a.example"}

    assert set(filled(jira(), {**good, field: typed}).errors) == {field}


def test_a_table_is_an_object_and_an_instrument_one_that_is_known() -> None:
    typed = {
        "set_base_url": "https://a.example",
        "set_touchpoint": "portal",
        "set_touchpoints": '["HR"]',
    }

    assert set(filled(jira(ConnectionSide.SCORES), typed).errors) == {"set_touchpoints"}
    typeform = find_connector(ConnectionSide.SCORES, "typeform")
    assert typeform is not None
    assert "set_instrument" in filled(typeform, {"set_instrument": "unheard-of"}).errors
