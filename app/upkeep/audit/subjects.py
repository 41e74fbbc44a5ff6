"""What entries of the audit log are about, as people call it: `department:24` says nothing to them."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.auditing import COMMAND_LINE, HEAD, IDENTITY_PROVIDER, WORKER
from app.domain.instruments import version_name
from app.foundations.languages import gettext, mark
from app.models.departments import Department, DepartmentVersion
from app.upkeep.audit import log as audit

_ALONE: Mapping[str, str] = MappingProxyType(
    {
        COMMAND_LINE: mark("command line"),
        WORKER: mark("worker"),
        IDENTITY_PROVIDER: mark("identity provider"),
        HEAD: mark("head of a department"),
        "policy": mark("whom we ask, and how often"),
        "codebook": mark("codebook"),
        "branding": mark("name, logo and colours"),
        "database": mark("everything stored"),
        "audit": mark("this log"),
        "departments": mark("departments"),
        "people": mark("people"),
        "periods": mark("quarters"),
        "quarter_salts": mark("secrets of quarters"),
    }
)
_NUMBERED: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "staff": lambda rest: gettext("account %(number)s, which is gone", number=rest),
        "api-key": lambda rest: gettext("API key %(number)s, which is gone", number=rest),
        "department": lambda rest: gettext("department %(number)s, which is gone", number=rest),
        "person": lambda rest: gettext("a person (%(code)s)", code=rest),
        "tracker": lambda rest: gettext("tracker %(name)s", name=rest),
        "source": lambda rest: gettext("source %(name)s", name=rest),
        "webhook": lambda rest: gettext("webhook %(name)s", name=rest),
        "profile": lambda rest: gettext("import profile %(name)s", name=rest),
        "pattern": lambda rest: gettext("pattern %(name)s", name=rest),
        "instrument": lambda rest: gettext("question %(name)s", name=rest),
        "follow-up": lambda rest: gettext("case of contact %(number)s", number=rest),
        "message": lambda rest: gettext("mail %(number)s", number=rest),
        "upload": lambda rest: gettext("table %(number)s", number=rest),
        "survey": lambda rest: version_name(int(rest)) if rest.isdecimal() else rest,
        "action": lambda rest: ", ".join(reversed(rest.split("/", 1))),
    }
)


def names_of(session: Session, subjects: Collection[str]) -> dict[str, str]:
    """Return what each actor or subject of some entries is called; what nobody knows any more stays as it is noted."""
    told = audit.names(session) | _departments(session, subjects)
    return {subject: told.get(subject) or _in_words(subject, told) for subject in subjects}


def _in_words(subject: str, told: Mapping[str, str]) -> str:
    if subject in _ALONE:
        return gettext(_ALONE[subject])
    kind, _, rest = subject.partition(":")
    if kind == "policy" and rest:  # what the worker was asked to try is about somebody's own draft
        return gettext("draft of the policy by %(name)s", name=told.get(rest) or _in_words(rest, told))
    return _NUMBERED[kind](rest) if rest and kind in _NUMBERED else subject


def _departments(session: Session, subjects: Collection[str]) -> dict[str, str]:
    kinds = (subject.partition(":")[::2] for subject in subjects)
    wanted = {int(rest) for kind, rest in kinds if kind == "department" and rest.isdecimal()}
    if not wanted:
        return {}
    query = (
        select(Department.id, Department.code, DepartmentVersion.name)
        .join(DepartmentVersion, DepartmentVersion.department_id == Department.id)
        .where(Department.id.in_(wanted))
        .order_by(DepartmentVersion.valid_from)  # the last one stays
    )
    return {f"department:{number}": f"{name} ({code})" for number, code, name in session.execute(query).tuples()}
