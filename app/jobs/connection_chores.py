"""What pages ask the worker to do about trackers and sources: each calls the tool, which no page may wait for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.connectors import find_connector
from app.domain.auditing import Act
from app.foundations.http import limited
from app.foundations.languages import gettext, ngettext
from app.imports.faults import RowsRefused
from app.jobs.hooks import check_credentials, register_hook
from app.jobs.installation import Installation
from app.jobs.outside import connection_of
from app.jobs.polling import backfill
from app.jobs.progress import Progress, running_from
from app.models.chores import Chore
from app.upkeep.audit import log as audit
from app.upkeep.running.chores import ChoreRefused

CHECK_SECONDS = 60.0  # somebody looks at the page meanwhile


def check_connection(
    installation: Installation, chore: Chore, _progress: Progress, /, *, now: datetime
) -> Mapping[str, Any]:
    """Try the credentials of the connection `params["slug"]`; the result's `said` tells whose they are."""
    with limited(CHECK_SECONDS):
        return {"said": check_credentials(installation, _slug(chore), now=now)}


def register_with_tool(
    installation: Installation, chore: Chore, _progress: Progress, /, *, now: datetime
) -> Mapping[str, Any]:
    """Try the credentials, where the kind has any to try, then register our hook with the tool, and note it."""
    slug, said, moment = _slug(chore), [], running_from(now)
    with limited(CHECK_SECONDS):
        if _can_be_checked(installation, slug):
            said.append(check_credentials(installation, slug, now=now))
        register_hook(installation, slug, now=now)
    _note(installation, chore, Act.HOOK_REGISTERED, {}, moment())
    return {"said": ". ".join([*(one.rstrip(".") for one in said), gettext("The hook is registered.")])}


def ask_for_the_past(
    installation: Installation, chore: Chore, progress: Progress, /, *, now: datetime
) -> Mapping[str, Any]:
    """Ask the tool for everything since `params["since"]`, an ISO moment, and note how much it told."""
    told, since, moment = 0, str(chore.params["since"]), running_from(now)
    try:
        for page in backfill(installation, _slug(chore), since=datetime.fromisoformat(since), now=now):
            told += len(page.events) + len(page.scores)
            progress(told)
    except RowsRefused as refused:
        raise ChoreRefused(str(refused)) from refused
    _note(installation, chore, Act.BACKFILLED, {"since": since, "told": told}, moment())
    return {"said": ngettext("The tool told of %(num)s event.", "The tool told of %(num)s events.", told)}


def _slug(chore: Chore) -> str:
    return str(chore.params["slug"])


def _can_be_checked(installation: Installation, slug: str) -> bool:
    with installation.sessions() as session:
        connection = connection_of(session, slug)
    connector = find_connector(connection.side, connection.kind)
    return connector is not None and connector.check is not None


def _note(installation: Installation, chore: Chore, act: Act, details: Mapping[str, Any], now: datetime) -> None:
    with installation.sessions.begin() as session:
        audit.note(session, chore.asked_by, act, chore.subject, details, now=now)
