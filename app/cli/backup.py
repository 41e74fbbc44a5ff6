"""`flask backup` and `flask restore`: copies of an SQLite installation."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.sessions import noted, settings, transaction
from app.domain.auditing import Act
from app.foundations.languages import gettext
from app.upkeep import backup as copies


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
    """Bring a copy back."""
    try:
        kept = copies.restore(settings(), file)
    except copies.BackupError as error:
        raise click.ClickException(str(error)) from error
    with transaction() as session:  # the restored log goes on with this
        noted(session, Act.BACKUP_RESTORED, "database")
    if kept is not None:
        click.echo(gettext("The replaced database was kept: %(path)s", path=kept))
    click.echo(gettext("Restored from %(path)s. Run flask db upgrade, then restart web and worker.", path=file))
