"""`flask work`: the embedded worker."""

import click
from flask.cli import with_appcontext

from app.cli.sessions import settings
from app.jobs.worker import Worker


@click.command("work", help="Run the worker: invite, remind, deliver, roll up, freeze, post, release, retain.")
@with_appcontext
def work() -> None:
    """Run until SIGTERM or Ctrl-C."""
    Worker(settings()).run()
