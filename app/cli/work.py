"""`flask work`: the embedded worker."""

import click
from flask.cli import with_appcontext

from app.cli.refusals import Refused
from app.cli.sessions import reading_transaction, settings
from app.jobs.worker import Worker
from app.upkeep.running import readiness


@click.command("work", help="Run the worker: invite, remind, deliver, roll up, freeze, post, release, retain.")
@with_appcontext
def work() -> None:
    """Run until SIGTERM or Ctrl-C; exit 1 at once on a database that it cannot work with."""
    with reading_transaction() as session:
        trouble = readiness.trouble_with_database(session)
    if trouble is not None:
        raise Refused(trouble)
    Worker(settings()).run()
