"""Commands: as thin as the jobs. A new group is one import and one line in COMMANDS."""

import click
from flask import Flask

from app.cli.answer_imports import imports
from app.cli.api_keys import api_keys
from app.cli.backup import backup, restore
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.instruments import instruments
from app.cli.invitations import invitations
from app.cli.mail import mail
from app.cli.policy import policy
from app.cli.privacy import privacy
from app.cli.scorecards import rollups, scorecards
from app.cli.staff import staff
from app.cli.trackers import sources, trackers
from app.cli.work import work

COMMANDS: tuple[click.Command, ...] = (
    api_keys,
    backup,
    demo,
    doctor,
    imports,
    instruments,
    invitations,
    policy,
    mail,
    privacy,
    restore,
    rollups,
    scorecards,
    sources,
    staff,
    trackers,
    work,
)


def register(app: Flask) -> None:
    """Hang every command under `flask`."""
    for command in COMMANDS:
        app.cli.add_command(command)
