"""The areas by which a reader of the audit log looks for acts: there are too many acts to choose from one list."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.domain.auditing import Act


class ActGroup(StrEnum):
    """What an act touched."""

    ACCESS = "access"
    SETTINGS = "settings"
    CONNECTIONS = "connections"
    PEOPLE = "people"
    ANSWERS = "answers"
    QUARTERS = "quarters"
    DATA = "data"


_BY_BEGINNING: Mapping[str, ActGroup] = MappingProxyType(
    {
        "staff": ActGroup.ACCESS,
        "api_key": ActGroup.ACCESS,
        "policy": ActGroup.SETTINGS,
        "survey": ActGroup.SETTINGS,
        "codebook": ActGroup.SETTINGS,
        "branding": ActGroup.SETTINGS,
        "instrument": ActGroup.SETTINGS,
        "connection": ActGroup.CONNECTIONS,
        "deliveries": ActGroup.CONNECTIONS,
        "webhook": ActGroup.CONNECTIONS,
        "department": ActGroup.PEOPLE,
        "person": ActGroup.PEOPLE,
        "import": ActGroup.PEOPLE,
        "held_back": ActGroup.ANSWERS,
        "follow_up": ActGroup.ANSWERS,
        "comments": ActGroup.ANSWERS,
        "comment": ActGroup.ANSWERS,
        "action": ActGroup.QUARTERS,
        "scorecards": ActGroup.QUARTERS,
        "close": ActGroup.QUARTERS,
        "mail": ActGroup.QUARTERS,
        "period": ActGroup.QUARTERS,
        "periods": ActGroup.QUARTERS,
        "quarter_salts": ActGroup.QUARTERS,
        "retention": ActGroup.DATA,
        "backup": ActGroup.DATA,
        "audit": ActGroup.DATA,
    }
)
_APART: Mapping[Act, ActGroup] = MappingProxyType(
    {Act.PERSON_ERASED: ActGroup.DATA, Act.PERSON_EXPORTED: ActGroup.DATA}
)


def group_of(act: Act) -> ActGroup:
    """Return the area of an act. Raises KeyError for an act whose beginning stands nowhere above."""
    return _APART.get(act) or _BY_BEGINNING[act.value.partition(".")[0]]


def acts_of(group: ActGroup) -> list[Act]:
    """Return the acts of an area, in the order of their names."""
    return [act for act in Act if group_of(act) is group]
