"""Which secrets of a connection are set, and since when, without opening them to anybody."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.connectors import find_connector
from app.domain.auditing import Act
from app.foundations.crypto import Keys
from app.models.audit import AuditEntry
from app.models.connections import Connection
from app.upkeep.audit.log import connection_subject


def secrets_set_on(session: Session, keys: Keys, connection: Connection) -> Mapping[str, datetime]:
    """Return the secret settings that hold something, with the moment of their last change as the log has it."""
    connector = find_connector(connection.side, connection.kind)
    if connector is None:
        return {}
    names = {one.name for one in connector.settings if one.secret and one.name in connection.known_settings(keys)}
    if connection.secret is not None:
        names.add(connector.secret_name)
    acts = (Act.CONNECTION_CHANGED, Act.SECRET_RENEWED)
    changes = (
        select(AuditEntry.at, AuditEntry.action, AuditEntry.details)
        .where(AuditEntry.subject == connection_subject(connection), AuditEntry.action.in_([act.value for act in acts]))
        .order_by(AuditEntry.id)
    )
    found = dict.fromkeys(names, connection.created_at)
    for at, action, details in session.execute(changes).tuples():
        changed = [connector.secret_name] if action == Act.SECRET_RENEWED else details.get("settings", [])
        found.update({name: at for name in changed if name in names})
    return found
