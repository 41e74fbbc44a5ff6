"""Commands: as thin as the jobs. A new group is one line in COMMANDS.

A command's module is imported when the command is asked for: web processes load none, and `flask staff add` does
not wait for matplotlib.
"""

from copy import copy
from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from app.cli.refusals import database_in_words

#: Name under `flask` -> module and attribute below app/cli.
COMMANDS = {
    "api-keys": "api_keys:api_keys",
    "audit": "audit:audit",
    "backup": "backup:backup",
    "comments": "comments:comments",
    "culture": "culture:culture",
    "deliveries": "deliveries:deliveries",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "follow-ups": "follow_ups:follow_ups",
    "held-back": "held_back:held_back",
    "import": "imports:imports",
    "instruments": "instruments:instruments",
    "invitations": "decision_lists:invitations",
    "mail": "mail:mail",
    "people": "people:people",
    "policy": "policy:policy",
    "privacy": "privacy:privacy",
    "restore": "backup:restore",
    "rollups": "scorecards:rollups",
    "scorecards": "scorecards:scorecards",
    "sources": "trackers:sources",
    "staff": "staff:staff",
    "themes": "themes:themes",
    "trackers": "trackers:trackers",
    "work": "work:work",
}


class Commands(AppGroup):
    """Finds our commands by name, and those that libraries hung here."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every name, sorted."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or None."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, attribute = COMMANDS[cmd_name].split(":")
        command = getattr(import_module(f"app.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return _with_a_database_in_words(command)


def _with_a_database_in_words(command: click.Command) -> click.Command:
    guarded, run = copy(command), command.invoke

    def invoke(context: click.Context) -> Any:
        with database_in_words(context.ensure_object(ScriptInfo).load_app()):
            return run(context)

    guarded.invoke = invoke  # type: ignore[method-assign, assignment]  # a class for each kind of command would do no more
    return guarded


def register(app: Flask) -> None:
    """Hang every command under `flask`, beside what libraries have hung there."""
    commands = Commands(app.name)
    commands.commands.update(app.cli.commands)
    app.cli = commands
