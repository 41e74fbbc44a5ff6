"""Webhooks: made, tried, switched on again and taken away. Their secrets are shown once and kept sealed."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.connectors.standard_webhooks import make_secret
from app.domain.webhooks import CHOICES, WebhookEvent, WebhookState, body, message_id
from app.foundations.crypto import Keys
from app.foundations.http import AddressRefused, Doors
from app.foundations.languages import gettext
from app.models.insertion import insert_missing
from app.models.webhooks import Webhook, WebhookDelivery

LONGEST_URL = 1000
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")


class WebhookRefused(ValueError):
    """A webhook cannot be made or changed like this; the message says why. `field` is what has to be mended."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def add_webhook(
    session: Session, keys: Keys, doors: Doors, *, name: str, url: str, events: Sequence[str], now: datetime
) -> str:
    """Store a webhook and return the secret that signs what it is told. Raises WebhookRefused.

    The address must be public and https, or a host that PARITY_PRIVATE_HOSTS allows; a name that leads into a private
    network is found out when it is called.
    """
    if fault := fault_of_name(name):
        raise WebhookRefused("name", fault)
    if fault := fault_of_address(doors, url):
        raise WebhookRefused("url", fault)
    if not events or not set(events) <= set(CHOICES):
        raise WebhookRefused("events", gettext("choose at least one of: %(events)s", events=", ".join(CHOICES)))
    secret = make_secret()
    kept = [event.value for event in CHOICES if event in events]
    row = {"name": name, "url": url, "secret": keys.seal(secret.encode()), "events": kept, "created_at": now}
    if not insert_missing(session, Webhook, row):
        raise WebhookRefused("name", gettext("there is a webhook '%(name)s' already", name=name))
    return secret


def fault_of_name(name: str) -> str:
    """Return why a webhook cannot be called so; empty where it can, unless another one is."""
    if _NAME.fullmatch(name):
        return ""
    return gettext("'%(name)s' is no name: use small letters, digits and hyphens, at most 60", name=name[:60])


def fault_of_address(doors: Doors, url: str) -> str:
    """Return why an address cannot be told anything; empty where it can."""
    if len(url) > LONGEST_URL or not url.isprintable():
        return gettext("this is not a web address")
    try:
        doors.check(url)
    except AddressRefused as refused:
        return str(refused)
    return ""


def find_webhook(session: Session, name: str) -> Webhook | None:
    """Return the webhook of this name, or None."""
    return session.scalar(select(Webhook).where(Webhook.name == name))


def all_webhooks(session: Session) -> list[Webhook]:
    """Return every webhook, by name."""
    return list(session.scalars(select(Webhook).order_by(Webhook.name)))


def remove_webhook(session: Session, webhook: Webhook) -> None:
    """Take a webhook away, with what it was told and what waits for it."""
    session.delete(webhook)
    session.flush()


def switch_on(session: Session, webhook: Webhook) -> bool:
    """Go on with a webhook that was switched off; False where it was on."""
    if webhook.is_active:
        return False
    webhook.is_active, webhook.failing_since, webhook.problem = True, None, None
    session.flush()
    return True


def ask_test(session: Session, webhook: Webhook, *, now: datetime) -> tuple[str, bool]:
    """Let the worker send a test event; return its message id and whether it is new: a minute has one."""
    minute = now.replace(second=0, microsecond=0)
    identifier = message_id(webhook.id, WebhookEvent.TEST, minute.isoformat())
    row = {
        "webhook_id": webhook.id,
        "message_id": identifier,
        "event": WebhookEvent.TEST,
        "body": body(WebhookEvent.TEST, {"webhook": webhook.name}, at=minute),
        "state": WebhookState.WAITING,
        "next_attempt_at": now,
        "created_at": now,
    }
    return identifier, insert_missing(session, WebhookDelivery, row) == 1


def deliveries_of(session: Session, webhook: Webhook, *, before: int | None, limit: int) -> Sequence[WebhookDelivery]:
    """Return what a webhook was told, newest first, from the delivery before `before` on."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    if before is not None:
        query = query.where(WebhookDelivery.id < before)
    return session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(limit)).all()


def waiting_counts(session: Session) -> dict[int, int]:
    """Return how many events wait for each webhook that any waits for."""
    counts = select(WebhookDelivery.webhook_id, func.count()).where(WebhookDelivery.state == WebhookState.WAITING)
    return dict(session.execute(counts.group_by(WebhookDelivery.webhook_id)).tuples().all())


def findings(session: Session) -> Iterator[str]:
    """Yield a sentence for each webhook that needs an administrator."""
    for webhook in session.scalars(select(Webhook).where(Webhook.problem.is_not(None)).order_by(Webhook.name)):
        told = {"name": webhook.name, "problem": webhook.problem}
        if webhook.is_active:
            yield gettext("The webhook %(name)s does not take what it is told: %(problem)s", **told)
        else:
            yield gettext(
                "The webhook %(name)s is switched off, because it failed for three days or is gone (%(problem)s):"
                " mend the receiver, then switch it on at /admin/keys",
                **told,
            )
