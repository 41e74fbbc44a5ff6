"""Who may call a page of staff: each blueprint or view names the rule, and it is decided here, before the view runs.

What a rule lets through is still only what the viewer may see: another department's page is 404 in the view itself.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Flask

from app.domain.rights import Action, Viewer

View = TypeVar("View", bound=Callable[..., object])


class Who(StrEnum):
    """Rules that ask for no right."""

    ANYBODY = "anybody"
    STAFF = "staff"  # signed in, with whatever role


Rule = Who | frozenset[Action]  # of several actions, any

#: Blueprints that decide by other means: a token in the address, a key of a script, the demo, or nothing to protect.
OUTSIDE = frozenset(
    {
        *("api-docs", "api_lists", "api_policy", "api_recipients", "api_scorecards", "api_trackers"),
        *("api_webhooks", "api_work"),
        *("culture", "reading", "writing"),
        *("demo_mailbox", "health", "hooks", "opt_out", "survey"),
    }
)

_RULES = "parity_access"


def may_call(rule: Rule, viewer: Viewer | None) -> bool:
    """Tell whether the rule lets this viewer in; None is somebody who has not signed in."""
    if rule is Who.ANYBODY:
        return True
    if viewer is None:
        return False
    return isinstance(rule, Who) or any(viewer.may(action) for action in rule)


def open_to(rule: Rule) -> Callable[[View], View]:
    """Give one view a rule of its own, in place of its blueprint's."""

    def give(view: View) -> View:
        setattr(view, _RULES, rule)
        return view

    return give


def govern(pages: Blueprint, rule: Rule) -> None:
    """Give all views of a blueprint their rule."""
    setattr(pages, _RULES, rule)


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """Return the rule of an endpoint: its view's own, else its blueprint's; None where neither has one."""
    own: Rule | None = getattr(app.view_functions[endpoint], _RULES, None)
    common: Rule | None = getattr(app.blueprints.get(endpoint.rpartition(".")[0]), _RULES, None)
    return own if own is not None else common


def refuse_unruled(app: Flask) -> None:
    """Make sure that no page was forgotten. Raises LookupError naming endpoints without a rule."""
    forgotten = sorted(
        endpoint
        for endpoint in app.view_functions
        if endpoint != "static" and endpoint.partition(".")[0] not in OUTSIDE and rule_of(app, endpoint) is None
    )
    if forgotten:
        raise LookupError(f"Give these pages a rule (app/web/frame/access.py): {', '.join(forgotten)}")
