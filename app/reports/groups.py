"""Names of cuts and of their values, in the language of the moment."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from app.domain.scorecards.cuts import CUT_BLOCKS
from app.foundations import formats
from app.foundations.languages import gettext

UNKNOWN = "unknown"


def group_name(group: Mapping[str, Any]) -> str:
    """Return the name of a value of a cut as documents tell it: `cut`, `value`, and `name` where it has one."""
    return str(group.get("name") or value_name(CUT_BLOCKS[group["cut"]], group["value"]))


def value_name(block: str, value: str) -> str:
    """Return the name of a value of a block's cut; codes are their own names."""
    if value == UNKNOWN:
        return gettext("not known")
    if block == "trend_months":
        return formats.month(date.fromisoformat(f"{value}-01"))
    named = _VALUES.get((block, value))
    return named() if named else value


CUT_TITLES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "by_requester_department": lambda: gettext("Asked by"),
        "by_request_type": lambda: gettext("Type of request"),
        "by_on_time": lambda: gettext("By the clock"),
        "by_reopened": lambda: gettext("Opened again"),
        "by_requester_history": lambda: gettext("New and returning requesters"),
        "by_requester_tag": lambda: gettext("Key requesters"),
        "trend_months": lambda: gettext("Month of completion"),
    }
)
_VALUES: Mapping[tuple[str, str], Callable[[], str]] = MappingProxyType(
    {
        ("by_on_time", "yes"): lambda: gettext("done on time"),
        ("by_on_time", "no"): lambda: gettext("done late"),
        ("by_reopened", "yes"): lambda: gettext("opened again after completion"),
        ("by_reopened", "no"): lambda: gettext("done at the first attempt"),
        ("by_requester_history", "first_time"): lambda: gettext("no request in the year before"),
        ("by_requester_history", "returning"): lambda: gettext("asked in the year before, too"),
        ("by_requester_tag", "key"): lambda: gettext("key requesters"),
        ("by_requester_tag", "other"): lambda: gettext("all others"),
    }
)
