"""Forms with which somebody signs in by password and code, or sets these up."""

from typing import ClassVar

from wtforms import Field, Form, PasswordField, StringField, ValidationError

from app.foundations.languages import gettext, mark, ngettext
from app.web.frame.form_rules import at_most, needed, storable
from app.web.frame.forms import StaffForm

SHORTEST, LONGEST = 12, 128  # characters of a password
LONGEST_ADDRESS = 254
LONGEST_CODE = 40


class PasswordForm(StaffForm):
    """Address and password."""

    secret: ClassVar[frozenset[str]] = frozenset({"password"})

    email = StringField(
        mark("Work mail address"),
        [needed(mark("Write your address.")), at_most(LONGEST_ADDRESS)],
        filters=[storable, str.lower],
    )
    password = PasswordField(mark("Password"), [needed(mark("Write your password.")), at_most(LONGEST)])


class CodeForm(StaffForm):
    """A code of an app, or a recovery code."""

    secret: ClassVar[frozenset[str]] = frozenset({"code"})

    code = StringField(
        mark("Code from the app"), [needed(mark("Write the code.")), at_most(LONGEST_CODE)], filters=[storable]
    )


def _long_enough(_form: Form, field: Field) -> None:
    lacking = SHORTEST - len(field.data or "")
    if lacking > 0:
        sentence = ngettext("%(num)s character more, please.", "%(num)s characters more, please.", lacking)
        raise ValidationError(sentence)


def _typed_twice(form: Form, field: Field) -> None:
    if field.data != form["password"].data:
        raise ValidationError(gettext("This is not the same as above. Write both once more."))


class NewPasswordForm(StaffForm):
    """A password of one's own, typed twice."""

    secret: ClassVar[frozenset[str]] = frozenset({"password", "again"})

    password = PasswordField(mark("New password"), [_long_enough, at_most(LONGEST)])
    again = PasswordField(mark("Once more"), [_typed_twice])
