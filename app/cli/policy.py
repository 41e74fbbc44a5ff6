"""`flask policy`: show the asking policy, switch on another one, try one on history."""

import json
import sys
from dataclasses import replace
from datetime import date, datetime
from typing import NoReturn, TextIO

import click
from flask.cli import AppGroup

from app.cli.numbers import WHOLE
from app.cli.sessions import keys, noted, reading_transaction, settings, transaction
from app.cli.tables import print_reasons, print_table
from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import PolicyError, policy_from_json, policy_to_json
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.models.policies import find_policy
from app.reports.asking_facts import current_asking
from app.upkeep.policy.dry_run import DepartmentDryRun, DryRun, count_requests, dry_run
from app.upkeep.policy.versions import changed_fields, fault_in_words, set_policy

JSON_FILE = click.File("r", encoding="utf-8")
DAY = click.DateTime(["%Y-%m-%d"])


policy = AppGroup("policy", help="The asking policy: whom we ask, when, how often, and what we aim at.")


@policy.command("show", help="Show the policy in force, or an earlier version.")
@click.option("--version", type=WHOLE, help="0 is the defaults.")
@click.option("--json", "as_json", is_flag=True, help="As `flask policy set` takes it.")
def show(version: int | None, as_json: bool) -> None:
    """Show a version; exit 1 where there is no such version."""
    try:
        with reading_transaction() as session:
            number, found = find_policy(session, version)
    except LookupError:
        raise click.ClickException(gettext("There is no version %(version)s.", version=version)) from None
    document = policy_to_json(found)
    if as_json:
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    click.echo(gettext("version %(version)s", version=number))
    defaults = policy_to_json(AskingPolicy())
    rows = [
        (name, json.dumps(value, ensure_ascii=False), "" if value == defaults[name] else json.dumps(defaults[name]))
        for name, value in document.items()
    ]
    print_table((gettext("field"), gettext("value"), gettext("default")), rows)


@policy.command("set", help="Switch on the policy in FILE (JSON). Fields left out take their defaults.")
@click.argument("file", type=JSON_FILE)
@click.option("--author", default="command line", show_default=True)
@click.option("--reason", default="", help="Why; kept with the version.")
def set_(file: TextIO, author: str, reason: str) -> None:
    """Switch on a policy; one line for each fault, exit 1, nothing changed."""
    document = _document(file)
    try:
        with transaction() as session:
            before, rules_before = find_policy(session)
            version = set_policy(session, document, author=author, reason=reason, now=clock.now())
            if version != before:
                changed = changed_fields(rules_before, find_policy(session)[1])
                noted(session, Act.POLICY_SET, "policy", version=version, changed=changed)
    except PolicyError as error:
        _refuse(file, error)
    if version == before:
        click.echo(gettext("This is version %(version)s already; nothing changed.", version=version))
    else:
        click.echo(gettext("version %(version)s is in force", version=version))


@policy.command("dry-run", help="Try a policy on real history: who would have been asked. Writes and sends nothing.")
@click.option("--from", "first", required=True, type=DAY, help="First day of completion.")
@click.option("--to", "last", required=True, type=DAY, help="Last day of completion.")
@click.option("--policy", "file", type=JSON_FILE, help="A policy as JSON; default: the one in force.")
@click.option("--json", "as_json", is_flag=True, help="With every invitation that would have been written.")
def dry_run_command(first: datetime, last: datetime, file: TextIO | None, as_json: bool) -> None:
    """Print what the policy would have done with requests completed on these days."""
    first_day, last_day = first.date(), last.date()
    if last_day < first_day:
        raise click.UsageError(gettext("--to lies before --from"))
    candidate = None
    if file is not None:
        try:
            candidate = policy_from_json(_document(file))
        except PolicyError as error:
            _refuse(file, error)
    result = _try(candidate, first_day, last_day)
    if as_json:
        click.echo(json.dumps(result.as_json(), indent=2, ensure_ascii=False))
    else:
        _print(result)


def _try(candidate: AskingPolicy | None, first_day: date, last_day: date) -> DryRun:
    with reading_transaction() as session:
        asking = current_asking(session, settings(), keys())
        if candidate is not None:
            asking = replace(asking, policy=candidate)
        total = count_requests(session, asking, first_day=first_day, last_day=last_day)
        hidden = not sys.stderr.isatty()
        with click.progressbar(length=total, file=sys.stderr, hidden=hidden, update_min_steps=500) as bar:
            return dry_run(session, asking, keys(), first_day=first_day, last_day=last_day, on_progress=bar.update)


def _print(result: DryRun) -> None:
    click.echo(ngettext("%(num)s completed request", "%(num)s completed requests", result.reasons.total()))
    print_reasons(result.reasons)
    if not result.reasons:
        return
    click.echo("")
    heads = (
        gettext("department"),
        gettext("completed"),
        gettext("eligible"),
        gettext("asked"),
        gettext("expected answers"),
    )
    rows = [_cells(code, one) for code, one in sorted(result.departments.items())]
    if len(rows) > 1:
        rows.append(_cells(gettext("together"), result.together))
    print_table(heads, rows, numbers=frozenset({1, 2, 3, 4}))
    if few := result.with_few_answers:
        sentence = ngettext(
            "%(num)s department can expect fewer than %(size)s answers, and so no figures of its own.",
            "%(num)s departments can expect fewer than %(size)s answers, and so no figures of their own.",
            few,
            size=result.minimum_group_size,
        )
        click.echo(sentence)
    if result.people_by_times_asked:
        click.echo("")
    for times, people in sorted(result.people_by_times_asked.items()):
        often = ngettext("asked once", "asked %(num)s times", times)
        click.echo(f"  {people:>6}  {often}")


def _cells(name: str, one: DepartmentDryRun) -> tuple[object, ...]:
    return name, one.completed, one.eligible, one.asked, f"{one.expected_answers:.1f}"


def _document(file: TextIO) -> object:
    try:
        return json.load(file)
    except ValueError as error:
        raise click.ClickException(
            gettext("%(file)s is not JSON: %(why)s", file=getattr(file, "name", "-"), why=error)
        ) from error


def _refuse(file: TextIO, error: PolicyError) -> NoReturn:
    name = getattr(file, "name", "-")
    raise click.ClickException("\n".join(f"{name}: {fault_in_words(fault)}" for fault in error.faults)) from error
