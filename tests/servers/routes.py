"""One memory of compiled address builders for all applications of a process.

Every test makes an application of its own, and Werkzeug would compile the builders of its 200 routes anew: nine tenths
of the processors' time that an application takes. What a builder does follows from the parts and the defaults of its
rule alone, so equal rules may share it.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_kept: dict[tuple[object, ...], Builder] = {}
_compile: Callable[[Rule, bool], Builder] = Rule._compile_builder


def _remembered(rule: Rule, append_unknown: bool = True) -> Builder:
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key: tuple[Any, ...] = (rule.rule, tuple(rule._trace), defaults, append_unknown)
    if key not in _kept:
        _kept[key] = _compile(rule, append_unknown)
    return _kept[key]


def remember() -> None:
    """Let every application that is made from now on look there first."""
    Rule._compile_builder = _remembered  # type: ignore[method-assign, assignment]
