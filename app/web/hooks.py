"""/hooks/<slug>/<key>: verify the raw bytes, store them, answer at once; the worker concludes from them later."""

import hmac
import logging
from dataclasses import replace
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import MethodNotAllowed

from app.connectors import find_connector
from app.connectors.connector import Connector
from app.connectors.hooks import Conclusion, Greeting, Hook, UnreadableBody, WrongSignature
from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.languages import gettext
from app.models.base import db, reading
from app.models.connections import Connection
from app.models.prepared import Prepared
from app.pipeline.intake import deliveries
from app.pipeline.intake.refusals import Refusal, free_places, keep_refusal
from app.settings import Settings
from app.upkeep.connections.adding import hook_key_hash
from app.web.frame import transactions
from app.web.frame.bodies import raw_body
from app.web.frame.problems import Problem

log = logging.getLogger(__name__)
pages = Blueprint("hooks", __name__)

LARGEST_BODY = 5 * 1024 * 1024
LARGEST_TOLD = 2**40  # a header may claim any number of bytes
RETRY_SECONDS = "10"

_BY_SLUG = Prepared(select(Connection.__table__).where(Connection.slug == bindparam("slug")), "slug")


@pages.route("/hooks/<slug>/<key>", methods=["HEAD", "GET"], provide_automatic_options=False)
def try_address(slug: str, key: str) -> tuple[Response, int]:
    """Answer 200 to tools that try an address before they call it, 404 to everybody else."""
    _, connector = _connection(slug, key)
    if not connector.answers_head:
        raise MethodNotAllowed(valid_methods=["POST"])
    return jsonify(status="ready"), 200


@pages.post("/hooks/<slug>/<key>")
def receive(slug: str, key: str) -> tuple[Response, int]:
    """Answer 404, 413, 401, 400 in this order, else store the delivery and answer 202, also when seen before."""
    try:
        connection, connector = _connection(slug, key)
        try:
            return _taken(connection, connector)
        except Problem as refused:
            _keep_trace(connection, refused)
            raise
    except (OperationalError, NoConnectionLeft) as error:
        db.session.rollback()
        log.warning("a delivery of %s was sent back: %s", slug, getattr(error, "orig", error))
        raise Problem(503, gettext("busy; try again"), headers={"Retry-After": RETRY_SECONDS}) from error
    except IntegrityError as error:
        db.session.rollback()
        if _found(slug) is not None:
            raise
        raise Problem(404) from error  # the connection was removed while its sender was still writing


def _taken(connection: Connection, connector: Connector) -> tuple[Response, int]:
    """Verify, read and store what came, and answer it. Raises Problem for what is not taken."""
    hook = _hook(connection)
    greeting = connector.greet(hook) if connector.greet else None
    if greeting is not None:
        return _greeted(connection, greeting)
    conclusion = _read(connector, hook)
    if connector.is_heartbeat is not None and connector.is_heartbeat(hook):
        return jsonify(status="alive"), 200
    kept = replace(hook, body=connector.scrub(hook.body)) if connector.scrub else hook
    delivery = (transactions.connection(), connection, kept, _delivery_key(connector, hook))
    is_new = deliveries.store(*delivery)
    is_due = is_new or (bool(conclusion.fetch) and deliveries.store_again(*delivery))
    transactions.connection().commit()
    if is_due:
        current_app.extensions["parity_queue"].send_gathered("process_deliveries")
    return jsonify(status="stored" if is_new else "seen before"), 202


def _keep_trace(connection: Connection, refused: Problem) -> None:
    """Keep that and why a delivery was refused. The sender's answer does not wait for a database that is busy."""
    body = request.get_data(cache=True) if refused.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE else None
    size = len(body) if body is not None else min(request.content_length or LARGEST_BODY, LARGEST_TOLD)
    at = clock.now()
    try:
        with reading(), db.engine.connect() as reader:
            places = free_places(reader, connection.id, at)
        if places:
            refusal = Refusal(
                connection_id=connection.id,
                status=refused.status,
                reason=_to_keep(refused),
                body=body,
                size=size,
                at=at,
            )
            keep_refusal(db.session(), refusal, places)
            db.session.commit()
    except (OperationalError, NoConnectionLeft) as error:
        db.session.rollback()
        log.warning("no trace of a refused delivery of %s is kept: %s", connection.slug, getattr(error, "orig", error))


def _to_keep(refused: Problem) -> str:
    """Return the reason without what it quotes of the body: only the sender, who wrote it, is answered with that."""
    cause = refused.__cause__
    return cause.kept if isinstance(cause, UnreadableBody) else refused.description or ""


def _greeted(connection: Connection, greeting: Greeting) -> tuple[Response, int]:
    """Take the secret of a handshake that we asked for, once; refuse every other one."""
    keys: Keys = current_app.extensions["parity_keys"]
    secret = keys.seal(greeting.secret.encode()) if greeting.secret else None
    awaited = (Connection.id == connection.id, Connection.handshake_until > clock.now())
    values = {"secret": secret, "previous_secret": Connection.secret, "handshake_until": None}
    if not db.session.execute(update(Connection).where(*awaited).values(values).returning(Connection.id)).all():
        db.session.rollback()
        log.warning("a handshake for %s came that nobody asked for", connection.slug)
        raise Problem(401, gettext("no handshake is awaited: register the hook anew"))
    db.session.commit()
    answer = jsonify(status="greeted")
    answer.headers.update(greeting.headers)
    return answer, 200


def _read(connector: Connector, hook: Hook) -> Conclusion:
    """Verify and read a delivery, or raise the Problem to answer with."""
    assert connector.read is not None  # a kind without has no address of a hook
    try:
        if connector.verify is not None:
            connector.verify(hook)
        if connector.judge_age is not None:
            connector.judge_age(hook)
        return connector.read(hook)
    except WrongSignature as wrong:
        raise Problem(401, str(wrong)) from wrong
    except UnreadableBody as unreadable:
        raise Problem(400, str(unreadable)) from unreadable


def _connection(slug: str, key: str) -> tuple[Connection, Connector]:
    """Return the connection that this address belongs to; a wrong slug and a wrong key take the same time."""
    found = _found(slug)
    offered = hook_key_hash(key)
    expected = found.key_hash if found is not None and found.key_hash and found.is_active else bytes(len(offered))
    connector = find_connector(found.side, found.kind) if found is not None else None
    if not hmac.compare_digest(offered, expected) or found is None or connector is None:
        raise Problem(404)
    return found, connector


def _found(slug: str) -> Connection | None:
    """Return the connection, of no session: no transaction stays open while a slow sender writes its body."""
    with reading(), db.engine.connect() as reader:
        rows = _BY_SLUG.rows(reader, {"slug": slug})
    return Connection(**rows[0]._asdict()) if rows else None


def _hook(connection: Connection) -> Hook:
    settings = cast(Settings, current_app.extensions["parity_settings"])
    keys = cast(Keys, current_app.extensions["parity_keys"])
    return Hook(
        body=raw_body(LARGEST_BODY),
        headers={name.lower(): value for name, value in request.headers.items()},
        secrets=connection.signing_secrets(keys),
        settings=connection.known_settings(keys),
        time_zone=settings.time_zone,
        received_at=clock.now(),
    )


def _delivery_key(connector: Connector, hook: Hook) -> str:
    assert connector.delivery_key is not None  # a kind with a hook names its deliveries
    return connector.delivery_key(hook)
