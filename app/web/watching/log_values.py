"""Values of an entry's details in words: acts note the words of the code, and nobody has to know these."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from app.domain.act_groups import ActGroup
from app.domain.api_scopes import Scope
from app.domain.states import Role
from app.domain.webhooks import WebhookEvent
from app.foundations import formats
from app.foundations.languages import gettext, mark
from app.reports.signals import signals_in_words
from app.upkeep.audit.words import act_in_words, group_in_words
from app.upkeep.connections.words import kind_in_words
from app.upkeep.programs.words import event_in_words, scope_in_words
from app.upkeep.staff.accounts import role_in_words
from app.web.close.words import STEP_NAMES
from app.web.frame.installation import settings
from app.web.frame.speaking import LANGUAGE_NAMES
from app.web.imports.words import KINDS
from app.web.organisation.department_forms import DepartmentForm
from app.web.organisation.people_forms import PersonForm
from app.web.policy.fields import FIELDS

_SAID: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "way": {
            "password": mark("password"),
            "code": mark("code from an app"),
            "passkey": mark("passkey"),
            "api_key": mark("API key of one's own"),
            "company_account": mark("company account"),
        },
        "change": {
            "begun": mark("begun"),
            "set": mark("set"),
            "removed": mark("removed"),
            "made": mark("made"),
            "forgotten": mark("forgotten"),
        },
        "step": {
            **STEP_NAMES,
            "missing": mark("mails that were missing"),
        },
        "coder": {"first": mark("first reader"), "second": mark("second reader")},
        "department": {"*": mark("all departments")},
        "settings": {
            "departments": mark("what departments are called"),
            "requesters": mark("who stands behind which key"),
        },
    }
)
_ROLES = ("given", "taken", "role")


def value_in_words(name: str, value: str) -> str:
    """Return a text that stands under a name; one that nobody knows here stands as it is."""
    if name in _SAID and value in _SAID[name]:
        return gettext(_SAID[name][value])
    return _WORDS[name](value) if name in _WORDS else value


def _policy_field(name: str) -> str:
    return gettext(FIELDS[name].label) if name in FIELDS else name


def _form_field(name: str) -> str:
    for form in (DepartmentForm(), PersonForm()):
        if name in form:
            return str(form[name].label.text)
    return name


def _role(name: str) -> str:
    return role_in_words(Role(name)) if name in set(Role) else name


def _group(name: str) -> str:
    return group_in_words(ActGroup(name)) if name in set(ActGroup) else name


def _kind(name: str) -> str:
    words = {kind.value: words for kind, words in KINDS.items()}
    return gettext(words[name]) if name in words else kind_in_words(name)


def _scope(name: str) -> str:
    return scope_in_words(Scope(name)) if name in set(Scope) else name


def _event(name: str) -> str:
    return event_in_words(WebhookEvent(name)) if name in set(WebhookEvent) else name


def _day(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is not None:
        moment = moment.astimezone(settings().time_zone)
    return formats.full_day(moment.date())


_WORDS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "act": act_in_words,
        "changed": _policy_field,
        "events": _event,
        "fields": _form_field,
        "from": _day,
        "group": _group,
        "kind": _kind,
        "language": lambda code: LANGUAGE_NAMES.get(code, code),
        "scopes": _scope,
        "signals": lambda name: signals_in_words().get(name, name),
        "since": _day,
        "to": _day,
        **dict.fromkeys(_ROLES, _role),
    }
)
