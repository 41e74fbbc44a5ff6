"""TOOLS IN. One file per tool: bytes and settings in, events and a new cursor out; never the tables.

A new tool is one file beside `signed.py` and one line in CONNECTORS.
"""

from app.connectors.connector import Connector
from app.connectors.scores import chatwoot, delighted, formbricks, surveymonkey, typeform, zendesk
from app.connectors.scores import jira as jira_scores
from app.connectors.trackers import (
    asana,
    bitrix24,
    github,
    gitlab,
    glpi,
    jira,
    redmine,
    servicenow,
    signed,
    trello,
    yandex_tracker,
)
from app.domain.states import ConnectionSide

# Files come through `flask import`, not through a hook.
_CSV = Connector(kind="csv", side=ConnectionSide.TRACKER)
_CSV_SCORES = Connector(kind="csv", side=ConnectionSide.SCORES)

CONNECTORS: tuple[Connector, ...] = (
    _CSV,
    _CSV_SCORES,
    asana.CONNECTOR,
    bitrix24.CONNECTOR,
    chatwoot.CONNECTOR,
    delighted.CONNECTOR,
    formbricks.CONNECTOR,
    github.CONNECTOR,
    gitlab.CONNECTOR,
    glpi.CONNECTOR,
    jira.CONNECTOR,
    jira_scores.CONNECTOR,
    redmine.CONNECTOR,
    servicenow.CONNECTOR,
    signed.CONNECTOR,
    surveymonkey.CONNECTOR,
    trello.CONNECTOR,
    typeform.CONNECTOR,
    yandex_tracker.CONNECTOR,
    zendesk.CONNECTOR,
)


def kinds_of(side: ConnectionSide) -> list[str]:
    """Return the kinds of trackers, or of score sources, that can be added."""
    return sorted(connector.kind for connector in CONNECTORS if connector.side is side)


def find_connector(side: ConnectionSide, kind: str) -> Connector | None:
    """Return the connector of this kind, or None."""
    return next((found for found in CONNECTORS if (found.side, found.kind) == (side, kind)), None)
