"""`flask staff`: who may see what, and a way in without a mail server."""

import click
from flask.cli import AppGroup

from app.cli.sessions import keys, noted, settings, transaction
from app.domain.auditing import Act
from app.domain.states import Role
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.mail.links import Links
from app.upkeep.audit.log import by_staff
from app.upkeep.rights.break_glass import break_glass as use_glass
from app.upkeep.signing_in import links as sign_in
from app.upkeep.staff import accounts

staff = AppGroup("staff", help="People who sign in: heads, HR, administrators, auditors.")


@staff.command("add", help="Give somebody a role; a head needs a department and may have several.")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--department", metavar="CODE", help="For the role head: the department, with all below it.")
@click.option("--name", help="How mails address them.")
def add(email: str, role: str, department: str | None, name: str | None) -> None:
    """Add or renew a role."""
    try:
        with transaction() as session:
            added = accounts.add_staff(
                session, email, Role(role), department_code=department, name=name, now=clock.now()
            )
            whose = {"department": department} if department else {}
            noted(session, Act.STAFF_ADDED, f"staff:{added.id}", role=role, **whose)
    except accounts.AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(gettext("%(email)s has the role %(role)s.", email=email, role=role))


@staff.command("sign-in-link", help="Print a link that signs EMAIL in once, within 15 minutes.")
@click.argument("email")
@click.option("--break-glass", is_flag=True, help="When nobody can sign in: make EMAIL administrator, tell the others.")
def sign_in_link(email: str, break_glass: bool) -> None:
    """Print the link and nothing else, so that a script can use it."""
    links = Links(base_url=settings().base_url, keys=keys())
    try:
        with transaction() as session:
            if break_glass:
                zone, language = settings().time_zone, settings().languages[0]
                address, told = use_glass(session, links, email, language=language, zone=zone, now=clock.now())
                noted(session, Act.BREAK_GLASS, by_staff(session, email.strip().lower()), administrators_told=told)
                told_words = ngettext(
                    "%(num)s administrator is told by mail.", "%(num)s administrators are told by mail.", told
                )
                click.echo(told_words, err=True)
            else:
                address = sign_in.make_sign_in_link(session, links, email, now=clock.now())
                noted(session, Act.SIGN_IN_LINK_PRINTED, by_staff(session, email.strip().lower()))
    except accounts.AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(address)
