"""The forms of keys and webhooks."""

from collections.abc import Collection

from wtforms import Field, Form, SelectMultipleField, StringField, ValidationError

from app.domain.api_scopes import OF_ADMINISTRATORS, Scope
from app.domain.webhooks import CHOICES
from app.foundations.http import Doors
from app.foundations.languages import gettext, mark
from app.models.base import db
from app.upkeep.programs.keys import LONGEST_NAME, MOST_DAYS
from app.upkeep.programs.webhooks import LONGEST_URL, fault_of_address, fault_of_name, find_webhook
from app.web.frame.form_rules import Rule, at_most, needed, one_line, storable, web_address, whole
from app.web.frame.forms import StaffForm
from app.web.frame.installation import settings

_DAYS = whole(1, MOST_DAYS)


def _some_of(choices: Collection[str]) -> Rule:
    """Refuse no choice at all, and what was not offered."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Choose at least one."))
        if not set(field.data) <= set(choices):
            raise ValidationError(gettext("This is none of the choices. Choose one of them."))

    return check


def _if_given(rule: Rule) -> Rule:
    """Let an empty field be, and hold others against the rule."""

    def check(form: Form, field: Field) -> None:
        if field.data:
            rule(form, field)

    return check


def _a_name(_form: Form, field: Field) -> None:
    """Refuse a name that no webhook may have, and one that another has already."""
    if fault := fault_of_name(field.data):
        raise ValidationError(fault)
    if find_webhook(db.session(), field.data) is not None:
        raise ValidationError(gettext("there is a webhook '%(name)s' already", name=field.data))


def _may_be_told(_form: Form, field: Field) -> None:
    """Refuse an address that is not public, unless whoever runs the server allows its host."""
    if fault := fault_of_address(Doors(frozenset(settings().private_hosts)), field.data):
        raise ValidationError(fault)


class KeyForm(StaffForm):
    """A new key of nobody: what it is called, what of an administrator's own rights it may do, how long."""

    name = StringField(
        mark("What it is called"),
        filters=[storable],
        validators=[needed(mark("Give the key a name, for example nightly-sync.")), at_most(LONGEST_NAME), one_line],
    )
    days = StringField(mark("Ends after"), filters=[storable], validators=[_if_given(_DAYS)])
    scopes = SelectMultipleField(
        mark("What it may do"), validators=[_some_of(OF_ADMINISTRATORS)], validate_choice=False
    )


class OwnKeyForm(KeyForm):
    """A new key of one's own; what one's roles do not reach is refused when it is made."""

    scopes = SelectMultipleField(mark("What it may do"), validators=[_some_of(tuple(Scope))], validate_choice=False)


class WebhookForm(StaffForm):
    """A new webhook: what it is called, where it leads, what it is told."""

    name = StringField(
        mark("What it is called"),
        filters=[storable],
        validators=[needed(mark("Give the webhook a name, for example warehouse.")), at_most(60), one_line, _a_name],
    )
    url = StringField(
        mark("Address"),
        filters=[storable],
        validators=[needed(mark("Say where to tell it.")), at_most(LONGEST_URL), one_line, web_address, _may_be_told],
    )
    events = SelectMultipleField(mark("What it is told"), validators=[_some_of(CHOICES)], validate_choice=False)
