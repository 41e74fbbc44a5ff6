"""Paths of routes, filled with things that exist."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

KNOWN: Mapping[str, Any] = {
    "period": "2026-Q3",
    "code": "IT",
    "slug": "desk",
    "hook": "warehouse",
    "side": "tracker",
    "kind": "jira",
    "key": "k" * 32,
    "filename": "survey.css",
    "language": "en",
    "version": 0,
}


def path_of(app: Flask, rule: Rule, known: Mapping[str, Any]) -> str:
    """Return the path of a rule; what neither `known` nor we know is 1."""
    values = {name: {**KNOWN, **known}.get(name, 1) for name in rule.arguments - set(rule.defaults or ())}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)
