"""`flask backup` and `flask restore`: copies of an SQLite installation."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.sessions import keys, noted, settings, transaction
from app.domain.auditing import Act
from app.domain.periods import Calendar
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.models.base import db
from app.pipeline.release import checkpoint
from app.upkeep.audit.log import person_subject
from app.upkeep.privacy import erase
from app.upkeep.running import backup as copies
from app.upkeep.running import readiness


@click.command("backup", help="Write a copy of the database to FILE, without the links between answers and people.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup(file: Path) -> None:
    """Copy while the installation runs."""
    try:
        copies.backup(settings(), file)
    except copies.BackupError as error:
        raise click.ClickException(str(error)) from error
    with transaction() as session:
        noted(session, Act.BACKUP_WRITTEN, "database")
    click.echo(gettext("Written: %(path)s", path=file))


@click.command("restore", help="Replace the database by the copy in FILE; the replaced one is kept beside it.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def restore(file: Path) -> None:
    """Bring a copy back, and erase again who was erased since it was written."""
    try:
        restored = copies.restore(settings(), file)
    except copies.BackupError as error:
        raise click.ClickException(str(error)) from error
    with transaction() as session:  # the restored log goes on with this
        noted(session, Act.BACKUP_RESTORED, "database")
        has_our_tables = readiness.current_migration(session) == readiness.head()
    if has_our_tables:
        _erase_again(restored.erased_before)
    if restored.kept is not None:
        click.echo(gettext("The replaced database was kept: %(path)s", path=restored.kept))
    for email in () if has_our_tables else restored.erased_before:
        click.echo(gettext("After flask db upgrade, erase again: flask privacy erase %(email)s", email=email))
    click.echo(gettext("Restored from %(path)s. Run flask db upgrade, then restart web and worker.", path=file))


def _erase_again(addresses: tuple[str, ...]) -> None:
    if not addresses:
        return
    calendar = Calendar(settings().time_zone, settings().fiscal_year_start)
    with transaction() as session:
        for email in addresses:
            erase(session, keys(), calendar, email, now=clock.now())
            noted(session, Act.PERSON_ERASED, person_subject(keys(), email), known=True)
    checkpoint(db.engine)  # SQLite's write-ahead log would keep what was deleted
    sentence = ngettext(
        "%(num)s person who was erased since the copy was erased again",
        "%(num)s people who were erased since the copy were erased again",
        len(addresses),
    )
    click.echo(sentence)
