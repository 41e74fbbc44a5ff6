"""Webhooks through the API: made, tried, switched on again, taken away, and what they were told."""

from typing import Any, cast

from flask import current_app
from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.domain.auditing import Act
from app.domain.webhooks import CHOICES
from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.http import Doors
from app.foundations.languages import gettext
from app.models.base import db
from app.models.webhooks import Webhook, WebhookDelivery
from app.settings import Settings
from app.upkeep.audit import log as audit
from app.upkeep.programs.webhooks import (
    LONGEST_URL,
    WebhookRefused,
    add_webhook,
    all_webhooks,
    ask_test,
    deliveries_of,
    find_webhook,
    remove_webhook,
    switch_on,
)
from app.web.api import list_schemas, schemas, webhook_schemas
from app.web.api.authentication import actor
from app.web.api.paging import listing, wished
from app.web.api.routes import route
from app.web.api.told import Told
from app.web.frame.problems import Problem

pages = Blueprint("api_webhooks", __name__, url_prefix="/api/v1", description="Programs that are told what happens.")


@route(
    pages,
    "GET",
    "/webhooks",
    scope=Scope.WEBHOOKS_READ,
    doc=schemas.reads("Webhooks by name, without their secrets.", *list_schemas.PAGE),
    answer=list_schemas.page_of(webhook_schemas.ListedWebhook),
)
def list_webhooks() -> dict[str, Any]:
    """Return what is told to whom; there are few."""
    wish = wished(str)
    rows = [row for row in all_webhooks(db.session()) if wish.after is None or row.name > wish.after[0]]
    return listing(rows, wish, key=lambda row: (row.name,), tell=_told)


@route(
    pages,
    "POST",
    "/webhooks",
    scope=Scope.WEBHOOKS_WRITE,
    doc=schemas.changes(
        "Make a webhook. Its secret stands in this answer and nowhere else.",
        webhook_schemas.NewWebhook,
        again="The same name again is 422; if the answer was lost, delete the webhook and make it anew.",
    ),
    answer=webhook_schemas.MadeWebhook,
)
def post_webhook() -> dict[str, Any]:
    """Make a webhook and return its secret, once."""
    told = Told()
    name, url = told.text("name", least=1, longest=60), told.text("url", least=1, longest=LONGEST_URL)
    events = told.choices("events", CHOICES)
    told.done()
    session = db.session()
    try:
        secret = add_webhook(session, _keys(), _doors(), name=name, url=url, events=events, now=clock.now())
    except WebhookRefused as refused:
        session.rollback()
        told.fault(refused.field, str(refused))
        told.done()
        raise
    audit.note(session, actor(), Act.WEBHOOK_ADDED, f"webhook:{name}", {"events": events}, now=clock.now())
    made = _told(_found(name))
    session.commit()
    return made | {"secret": secret}


@route(
    pages,
    "GET",
    "/webhooks/<name>",
    scope=Scope.WEBHOOKS_READ,
    doc=schemas.reads("One webhook, without its secret."),
    answer=webhook_schemas.ListedWebhook,
)
def get_webhook(name: str) -> dict[str, Any]:
    """Return where it leads, what it is told and how it is doing."""
    return _told(_found(name))


@route(
    pages,
    "DELETE",
    "/webhooks/<name>",
    scope=Scope.WEBHOOKS_WRITE,
    doc=schemas.changes("Take a webhook away, with what waits for it.", again="Again is 404."),
    answer=webhook_schemas.ListedWebhook,
)
def delete_webhook(name: str) -> dict[str, Any]:
    """Take it away and return what it was."""
    session, webhook = db.session(), _found(name)
    was = _told(webhook)
    remove_webhook(session, webhook)
    audit.note(session, actor(), Act.WEBHOOK_REMOVED, f"webhook:{name}", now=clock.now())
    session.commit()
    return was


@route(
    pages,
    "POST",
    "/webhooks/<name>/test",
    scope=Scope.WEBHOOKS_WRITE,
    doc=schemas.changes("Send a test event soon.", again="Asked twice within a minute, it is sent once."),
    answer=webhook_schemas.AskedTest,
)
def try_webhook(name: str) -> dict[str, Any]:
    """Let the worker send a test, and return the id under which it goes."""
    session = db.session()
    identifier, is_new = ask_test(session, _found(name), now=clock.now())
    if is_new:
        audit.note(session, actor(), Act.WEBHOOK_TESTED, f"webhook:{name}", now=clock.now())
    session.commit()
    current_app.extensions["parity_queue"].send("tell_webhooks")
    return {"message_id": identifier}


@route(
    pages,
    "POST",
    "/webhooks/<name>/switch-on",
    scope=Scope.WEBHOOKS_WRITE,
    doc=schemas.changes(
        "Go on with a webhook that was switched off after three days of failures.",
        again="Again changes nothing.",
    ),
    answer=webhook_schemas.ListedWebhook,
)
def switch_webhook_on(name: str) -> dict[str, Any]:
    """Switch it on; again is harmless."""
    session, webhook = db.session(), _found(name)
    if switch_on(session, webhook):
        audit.note(session, actor(), Act.WEBHOOK_SWITCHED_ON, f"webhook:{name}", now=clock.now())
    stands = _told(webhook)
    session.commit()
    return stands


@route(
    pages,
    "GET",
    "/webhooks/<name>/deliveries",
    scope=Scope.WEBHOOKS_READ,
    doc=schemas.reads("What a webhook was told in the last 30 days, the newest first.", *list_schemas.PAGE),
    answer=list_schemas.page_of(webhook_schemas.ListedMessage),
)
def list_webhook_deliveries(name: str) -> dict[str, Any]:
    """Return events with what became of them."""
    wish, webhook = wished(int), _found(name)
    before = wish.after[0] if wish.after else None
    rows = deliveries_of(db.session(), webhook, before=before, limit=wish.to_read)
    return listing(rows, wish, key=lambda row: (row.id,), tell=_message)


def _told(row: Webhook) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": row.url,
        "events": row.events,
        "is_active": row.is_active,
        "created_at": row.created_at,
        "failing_since": row.failing_since,
        "problem": row.problem,
    }


def _message(row: WebhookDelivery) -> dict[str, Any]:
    return {
        "message_id": row.message_id,
        "event": row.event,
        "state": row.state,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "delivered_at": row.delivered_at,
        "next_attempt_at": row.next_attempt_at,
        "status": row.status,
        "error": row.error,
    }


def _found(name: str) -> Webhook:
    found = find_webhook(db.session(), name)
    if found is None:
        raise Problem(404, gettext("there is no webhook '%(name)s'", name=name))
    return found


def _keys() -> Keys:
    return cast(Keys, current_app.extensions["parity_keys"])


def _doors() -> Doors:
    return Doors(frozenset(cast(Settings, current_app.extensions["parity_settings"]).private_hosts))
