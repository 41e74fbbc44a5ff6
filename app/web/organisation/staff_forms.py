"""The form of an account: who it is, which roles it has, which departments a head sees."""

from typing import Any

from wtforms import Field, Form, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError

from app.domain.states import Role
from app.foundations.languages import gettext, mark
from app.upkeep.rights.roles import Account, Wanted
from app.web.frame.form_rules import an_address, at_most, needed, one_line, storable
from app.web.frame.forms import StaffForm
from app.web.frame.installation import settings

LONGEST_ADDRESS = 254  # RFC 5321
LONGEST_NAME = 200
MOST_DEPARTMENTS = 5000  # characters of the list


def _known_roles(_form: Form, field: Field) -> None:
    if set(field.data or ()) - set(Role):
        raise ValidationError(gettext("This is none of the choices. Choose one of them."))


def _known_language(_form: Form, field: Field) -> None:
    if field.data and field.data not in settings().languages:
        raise ValidationError(gettext("This is none of the choices. Choose one of them."))


class _Address(StaffForm):
    """The address comes first, so this stands before the other fields."""

    email = StringField(
        mark("Work mail address"),
        [needed(mark("Write the address with which they sign in.")), at_most(LONGEST_ADDRESS), one_line, an_address],
        filters=[storable, str.lower],
    )


class AccountForm(StaffForm):
    """Everything about an account but its address, which stays what it is."""

    name = StringField(mark("Full name"), [at_most(LONGEST_NAME), one_line], filters=[storable])
    language = SelectField(mark("Language"), [_known_language], filters=[storable], choices=[], validate_choice=False)
    roles = SelectMultipleField(mark("Roles"), [_known_roles], choices=[], validate_choice=False)
    departments = TextAreaField(mark("Departments of a head"), [at_most(MOST_DEPARTMENTS)], filters=[storable])

    def wanted(self) -> Wanted:
        """Return the account as it is wanted."""
        codes = dict.fromkeys(code.strip() for code in self.departments.data.split("\n"))
        return Wanted(
            name=self.name.data,
            language=self.language.data,
            roles=frozenset(map(Role, self.roles.data)),
            departments=tuple(code for code in codes if code),
        )


class NewAccountForm(_Address, AccountForm):
    """An account that is not there yet."""


def stored(account: Account | None) -> dict[str, Any]:
    """Return the values with which the form is shown; those of nobody for a new account."""
    if account is None:
        return {"name": "", "language": "", "roles": [], "departments": "", "email": ""}
    return {
        "name": account.name,
        "language": account.language,
        "roles": [role.value for role in Role if role in account.roles],
        "departments": "\n".join(account.departments),
    }
