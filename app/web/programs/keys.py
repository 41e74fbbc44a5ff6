"""`/admin/keys` and `/admin/webhooks`: programs that call us, and programs that we call.

A key and a secret are shown for a few minutes on the page that follows the form (`app.web.frame.once`).
"""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy import select

from app.domain.api_scopes import OF_ADMINISTRATORS, Scope
from app.domain.auditing import Act
from app.domain.rights import Action
from app.domain.webhooks import CHOICES
from app.foundations.http import Doors
from app.foundations.retelling import retold
from app.models.accounts import ApiKey
from app.models.base import db
from app.models.webhooks import Webhook
from app.upkeep.audit import log as audit
from app.upkeep.programs.keys import ApiKeyRefused, add_api_key, all_api_keys, may_call, revoke_api_key
from app.upkeep.programs.webhooks import (
    WebhookRefused,
    add_webhook,
    all_webhooks,
    ask_test,
    deliveries_of,
    find_webhook,
    remove_webhook,
    switch_on,
    waiting_counts,
)
from app.upkeep.programs.words import event_in_words, scope_in_words, state_in_words
from app.web.frame import lists, once
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome, answer, refused, sent, show, shown
from app.web.frame.installation import keys, now, settings
from app.web.programs.forms import KeyForm, WebhookForm

pages = Blueprint("api_keys", __name__, url_prefix="/admin")
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}))

_NEW_KEY: dict[str, Any] = {"name": "", "days": "", "scopes": []}
_NEW_WEBHOOK: dict[str, Any] = {"name": "", "url": "", "events": []}


@pages.get("/keys")
def listing() -> Response:
    """List keys, the revoked ones last, and webhooks."""
    found = sorted(all_api_keys(db.session()), key=lambda key: (not may_call(key, now=now()), key.name))
    return frame.page(
        "programs/keys.html",
        keys=[(key, may_call(key, now=now())) for key in found],
        webhooks=all_webhooks(db.session()),
        waiting=waiting_counts(db.session()),
        retold=retold,
        done=request.args.get("done"),
    )


@pages.post("/keys")
def revoke() -> Any:
    """Refuse a key from now on, and lead back to the list."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    name = request.form.get("name", "")
    try:
        if "\0" in name:  # no key is called so, and PostgreSQL takes it in no query
            abort(404)
        is_new = revoke_api_key(db.session(), name, now=now())
    except ApiKeyRefused:
        abort(404)
    if is_new:
        frame.noted(Act.API_KEY_REVOKED, _subject(name))
        db.session.commit()
    return redirect(url_for("api_keys.listing", done="revoked"), 303)


@pages.get("/keys/new")
def new_key() -> Response:
    """Show the form of a new key."""
    return show("programs/key.html", shown(KeyForm, _NEW_KEY), scopes=_scopes())


@pages.post("/keys/new")
def make_key() -> Any:
    """Make a key and lead to the page that shows it."""
    told = sent(KeyForm, _NEW_KEY)
    if told.outcome is not Outcome.GOOD:
        return answer("programs/key.html", told, scopes=_scopes())
    form, days = told.form, told.form.days.data
    scopes = [Scope(scope) for scope in form.scopes.data]
    try:
        lasts = int(days) if days else None
        key = add_api_key(db.session(), form.name.data, scopes, days=lasts, now=now())
    except ApiKeyRefused as error:
        db.session.rollback()
        return answer("programs/key.html", refused(form, error.field, str(error)), scopes=_scopes())
    details = {"scopes": sorted(form.scopes.data), "is_personal": False, "days": lasts}
    frame.noted(Act.API_KEY_ADDED, _subject(form.name.data), details)
    db.session.commit()
    return _shown_once({"name": form.name.data, "key": key, "back": url_for(".listing")})


@pages.get("/keys/made")
def made() -> Any:
    """Show the key or the webhook's secret that was made a few minutes ago; lead to the list where none was."""
    told = once.handed_over()
    if not told:
        return redirect(url_for("api_keys.listing"), 303)
    secret = told.get("key") or told["secret"]
    return frame.page("programs/once.html", name=told["name"], secret=secret, is_key="key" in told, back=told["back"])


@pages.get("/webhooks/new")
def new_webhook() -> Response:
    """Show the form of a new webhook."""
    return show("programs/new_webhook.html", shown(WebhookForm, _NEW_WEBHOOK), events=_events())


@pages.post("/webhooks/new")
def make_webhook() -> Any:
    """Make a webhook and lead to the page that shows its secret."""
    told = sent(WebhookForm, _NEW_WEBHOOK)
    if told.outcome is not Outcome.GOOD:
        return answer("programs/new_webhook.html", told, events=_events())
    form, doors = told.form, Doors(frozenset(settings().private_hosts))
    try:
        values = {"name": form.name.data, "url": form.url.data, "events": form.events.data}
        secret = add_webhook(db.session(), keys(), doors, now=now(), **values)
    except WebhookRefused as error:
        db.session.rollback()
        return answer("programs/new_webhook.html", refused(form, error.field, str(error)), events=_events())
    frame.noted(Act.WEBHOOK_ADDED, f"webhook:{form.name.data}", {"events": form.events.data})
    db.session.commit()
    back = url_for(".webhook", hook=form.name.data)
    return _shown_once({"name": form.name.data, "secret": secret, "back": back})


@pages.get("/webhooks/<hook>")
def webhook(hook: str) -> Response:
    """Show where a webhook leads, how it is doing, and what it was told in the last 30 days."""
    found, place = _webhook(hook), lists.cursor(int)
    before = int(place[0]) if place else None
    rows = deliveries_of(db.session(), found, before=before, limit=lists.PER_PAGE + 1)
    return frame.page(
        "programs/webhook.html",
        webhook=found,
        page=lists.paged(rows, lambda row: (row.id,)),
        in_words=event_in_words,
        state_in_words=state_in_words,
        retold=retold,
        time_zone=settings().time_zone,
        done=request.args.get("done"),
        is_removing="remove" in request.args,
    )


@pages.post("/webhooks/<hook>")
def change_webhook(hook: str) -> Any:
    """Do what the button says: send a test, go on, or take the webhook away."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    session, found, act = db.session(), _webhook(hook), request.form.get("act", "")
    if act == "test":
        _, is_new = ask_test(session, found, now=now())
        if is_new:
            frame.noted(Act.WEBHOOK_TESTED, f"webhook:{hook}")
    elif act == "switch_on":
        if switch_on(session, found):
            frame.noted(Act.WEBHOOK_SWITCHED_ON, f"webhook:{hook}")
    elif act == "remove":
        remove_webhook(session, found)
        frame.noted(Act.WEBHOOK_REMOVED, f"webhook:{hook}")
    else:
        abort(404)
    session.commit()
    if act == "remove":
        return redirect(url_for("api_keys.listing", done="removed"), 303)
    frame.hint("tell_webhooks")
    return redirect(url_for("api_keys.webhook", hook=hook, done=act), 303)


def _webhook(name: str) -> Webhook:
    return find_webhook(db.session(), name) or abort(404)


def _shown_once(told: dict[str, str]) -> Any:
    place = url_for("api_keys.made")
    once.hand_over(place, told)
    return redirect(place, 303)


def _subject(name: str) -> str:
    return audit.by_api_key(db.session.scalars(select(ApiKey.id).where(ApiKey.name == name)).one())


def _scopes() -> list[tuple[str, str]]:
    return [(scope.value, f"{scope_in_words(scope)} ({scope.value})") for scope in OF_ADMINISTRATORS]


def _events() -> list[tuple[str, str]]:
    return [(event.value, f"{event_in_words(event)} ({event.value})") for event in CHOICES]
