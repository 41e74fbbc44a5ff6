"""What kinds of tools are called, and how a connection is doing, line by line, in the language of the moment."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from app.connectors.connector import Connector
from app.domain.states import ConnectionSide
from app.foundations.languages import gettext, mark, pgettext
from app.foundations.retelling import retold
from app.upkeep.connections.health import Health

#: Names of products are the same in every language.
_NAMES: Mapping[str, str] = {
    "asana": "Asana",
    "bitrix24": "Bitrix24",
    "chatwoot": "Chatwoot",
    "delighted": "Delighted",
    "formbricks": "Formbricks",
    "github": "GitHub",
    "gitlab": "GitLab",
    "glpi": "GLPI",
    "jira": "Jira",
    "redmine": "Redmine",
    "servicenow": "ServiceNow",
    "surveymonkey": "SurveyMonkey",
    "trello": "Trello",
    "typeform": "Typeform",
    "yandex_tracker": "Yandex Tracker",
    "zendesk": "Zendesk",
}
_WORDS = {"csv": mark("Files (CSV, XLSX)"), "signed": mark("Any tool that can sign")}


def kind_in_words(kind: str) -> str:
    """Return what people call a kind of tool."""
    return gettext(_WORDS[kind]) if kind in _WORDS else _NAMES.get(kind, kind)


def ways_in_words(connector: Connector) -> str:
    """Return how a kind of tool tells us something."""
    if connector.read is not None and connector.poll is not None:
        return gettext("calls us and can be asked")
    if connector.read is not None:
        return gettext("calls us")
    return gettext("is asked every few minutes") if connector.poll is not None else gettext("comes as files")


def health_lines(
    health: Health, local: Callable[[datetime | None], str], nothing: str, *, on_page: bool = False
) -> Iterator[tuple[str, object]]:
    """Yield what is known of a connection, each with its name; `local` writes a moment, `nothing` what never was."""
    if health.by_file is not None:
        by_page = gettext("files, on the page Imports")
        by_command = gettext("files: %(command)s", command=health.by_file)
        yield pgettext("connection", "told by"), by_page if on_page else by_command
        return
    yield pgettext("connection", "last event"), local(health.last_event_at)
    if health.hook is not None:
        yield pgettext("connection", "hook"), health.hook
        if health.hook_checked_at is not None:
            yield pgettext("connection", "hook looked after"), local(health.hook_checked_at)
    if health.is_polled:
        yield pgettext("connection", "last whole poll began"), local(health.polled_at)
        yield pgettext("connection", "next poll"), local(health.next_poll_at)
        yield pgettext("connection", "polls that failed in a row"), health.poll_failures
        yield (
            pgettext("connection", "why the last one failed"),
            retold(health.poll_problem) if health.poll_problem else nothing,
        )
    yield pgettext("connection", "events that wait"), health.deliveries_waiting
    yield pgettext("connection", "events that could not be read"), health.deliveries_failed
    if health.hook is not None:
        yield pgettext("connection", "events refused in 30 days"), health.deliveries_refused
    if health.side is ConnectionSide.SCORES:
        yield pgettext("connection", "scores left out"), health.left_out
    elif health.left_out:
        yield pgettext("connection", "requests left out"), health.left_out
