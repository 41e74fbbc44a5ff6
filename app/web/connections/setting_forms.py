"""Forms of trackers and sources, made of what each kind's connector says of its settings."""

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, Field, Form, StringField, TextAreaField, ValidationError

from app.connectors.connector import Connector, Setting, Shape
from app.connectors.score_mapping import UNSIGNED
from app.foundations.languages import gettext, mark
from app.upkeep.connections.adding import is_slug
from app.upkeep.connections.settings import MOST_MINUTES
from app.web.frame.form_rules import a_day, at_most, needed, one_line, one_of, storable, web_address, whole
from app.web.frame.forms import StaffForm

PREFIX = "set_"  # a setting may be called `secret` or `data`, which a form has as well
LONGEST = 4000
LONGEST_TABLE = 100_000
INSTRUMENT, POLL_MINUTES = "instrument", "poll_minutes"
#: What whoever adds a connection has at hand; the rest is folded away. None of them is needed everywhere.
ACCOUNT = frozenset({"email", "token", "user", "projects"})

_TRUE = re.compile(r"true[:,]?\s+")  # how the meaning of a flag begins where it is written as text
_POLLS = Setting(name=POLL_MINUTES, meaning=mark("how many minutes lie between two polls"))


@dataclass(frozen=True)
class Asked:
    """One setting as its form asks for it: the field, what kind of control, what stands under it."""

    setting: Setting
    field: str
    control: str  # line, secret, check, table, choice
    hint: str
    is_main: bool  # stands open; the others are folded away


def asked_of(connector: Connector) -> list[Asked]:
    """Return the settings of a kind in the order of its form, those that everybody needs first."""
    every = (*connector.settings, *((_POLLS,) if connector.poll else ()))
    found = [_asked(connector, one) for one in every]
    return sorted(found, key=lambda one: not one.is_main)


def settings_form(connector: Connector, instruments: Collection[str], *, is_new: bool) -> type[StaffForm]:
    """Return the form of a kind. A secret that is left empty stays as it is; a new connection needs those it needs."""
    fields: dict[str, Any] = {}
    if is_new:
        sentence = mark("Give it a short name: it stands in the address of the hook and cannot be changed.")
        rules = [needed(sentence), at_most(60), one_line, a_slug]
        fields["slug"] = StringField(mark("Short name"), rules, filters=[storable])
    secret = set()
    for one in asked_of(connector):
        fields[one.field] = _field(one, instruments, is_new=is_new)
        if one.control == "secret":
            secret.add(one.field)
    return type("SettingsForm", (StaffForm,), {**fields, "secret": frozenset(secret)})


def shown_settings(connector: Connector, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the open settings as the fields of the form hold them."""
    found: dict[str, Any] = {}
    for one in asked_of(connector):
        value = settings.get(one.setting.name)
        if one.control == "check":
            found[one.field] = value is True
        elif one.control != "secret":
            found[one.field] = "" if value is None else value if isinstance(value, str) else _json(value)
    return found


def told_settings(connector: Connector, form: StaffForm, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that a good form changes; None takes one away. `before` is what it was shown with."""
    return dict(_told(connector, form, before))


class BackfillForm(StaffForm):
    """From which day on a tool is asked for everything."""

    since = StringField(mark("Since"), [needed(mark("Choose the day to begin with.")), a_day], filters=[storable])


class ForgetForm(StaffForm):
    """The old secret ends only when the sender is known to use the new one."""

    sure = BooleanField(
        mark("The tool signs with the new secret already"),
        [needed(mark("Tick this once the tool uses the new secret: until then its events would be refused."))],
    )


def _told(connector: Connector, form: StaffForm, before: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for one in asked_of(connector):
        value = form[one.field].data
        if one.control == "secret":
            if value:
                yield one.setting.name, value
        elif value != before.get(one.field, False if one.control == "check" else ""):
            yield one.setting.name, _stored(one, value)


def _stored(one: Asked, value: Any) -> Any:
    if one.control == "check":
        return True if value else None
    if not value:
        return None
    if one.setting.name == POLL_MINUTES:
        return int(value)
    return _parsed(value) if one.control == "table" or _is_json(value) else value


def _is_json(text: str) -> bool:
    return text.startswith(("[", "{"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2 if isinstance(value, dict) else None)


def _asked(connector: Connector, setting: Setting) -> Asked:
    if setting.secret or setting.signs:
        control = "secret"
    elif setting.shape is Shape.FLAG or setting is UNSIGNED:
        control = "check"
    elif setting.shape is Shape.TABLE:
        control = "table"
    else:
        control = "choice" if setting.name == INSTRUMENT else "line"
    proves = setting.proves or (setting.signs and not setting.needed and connector.make_secret is not None)
    is_main = setting.needed or (not proves and (setting.secret or setting.signs or setting.name in ACCOUNT))
    return Asked(setting, PREFIX + setting.name, control, setting.name, is_main)


def _label(one: Asked) -> str:
    """Return the meaning of a setting as the label of its field."""
    meaning = gettext(one.setting.meaning)
    text = _TRUE.sub("", meaning, count=1) if one.control == "check" else meaning
    return text[:1].upper() + text[1:]


def _field(one: Asked, instruments: Collection[str], *, is_new: bool) -> Field:
    if one.control == "check":
        return BooleanField(_label(one))
    rules: list[Any] = []
    if one.setting.needed and (is_new or one.control != "secret"):
        rules.append(needed(mark("This is needed: without it the tool cannot be used.")))
    if one.control == "table":
        return TextAreaField(_label(one), [*rules, at_most(LONGEST_TABLE), json_table], filters=[storable])
    rules += [at_most(LONGEST), one_line, json_where_it_looks_so]
    if one.control == "choice":
        rules = [*rules, one_of(instruments)]
    elif one.setting.name == POLL_MINUTES:
        rules = [_if_told(whole(1, MOST_MINUTES))]
    elif one.setting.name.endswith("_url"):
        rules.append(_if_told(web_address))
    return StringField(_label(one), rules, filters=[storable])


def _if_told(rule: Any) -> Any:
    def check(form: Form, field: Field) -> None:
        if field.data:
            rule(form, field)

    return check


def a_slug(_form: Form, field: Field) -> None:
    """Refuse a name that no connection may have, with all other faults of the form."""
    if not is_slug(field.data):
        sentence = mark(
            "Use small letters, digits and hyphens, a letter or digit at both ends."
            " Words such as new and survey are taken."
        )
        raise ValidationError(gettext(sentence))


def json_table(_form: Form, field: Field) -> None:
    """Refuse what is no JSON object."""
    if field.data and not isinstance(_parsed(field.data), dict):
        raise ValidationError(gettext('Write a JSON object, as in {"name": "meaning"}.'))


def json_where_it_looks_so(_form: Form, field: Field) -> None:
    """Refuse a list or an object of JSON that cannot be read; other text is taken as it is."""
    if field.data and _is_json(field.data) and _parsed(field.data) is None:
        raise ValidationError(
            gettext("This begins like JSON and cannot be read as such. Mend it, or write plain text.")
        )


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON, and no column takes them
