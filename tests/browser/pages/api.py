"""Keys and webhooks: the list, the forms, one webhook in trouble, the question before it goes."""

from datetime import datetime
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.api_scopes import OF_NOBODY, Scope
from app.domain.states import Role
from app.domain.webhooks import CHOICES, WebhookEvent, WebhookState, message_id
from app.models.webhooks import Webhook, WebhookDelivery
from app.upkeep.programs.keys import add_api_key
from tests.browser.looking import DRAWING, Look
from tests.conftest import BOB


def drawn(page: Page) -> None:
    """Wait for the description that a script draws."""
    page.get_by_text("/api/v1/webhooks/{name}/test").wait_for(timeout=DRAWING)


LOOKS = [
    Look("api-docs", "/api/v1/docs", do=drawn, others="#api"),
    Look("keys", "/admin/keys", Role.ADMIN),
    Look("key-new", "/admin/keys/new", Role.ADMIN),
    Look("webhook-new", "/admin/webhooks/new", Role.ADMIN),
    Look("webhook", "/admin/webhooks/warehouse", Role.ADMIN),
    Look("webhook-off", "/admin/webhooks/archive?remove=1", Role.ADMIN),
]
PROBLEM = "warehouse.example.com answers with the error 503"


def furnish(session: Session, moment: datetime) -> None:
    """Add keys of somebody, of nobody and an ended one; a webhook in trouble and one that was switched off."""
    add_api_key(session, "nightly-sync-of-the-service-desk", OF_NOBODY[:8], now=moment)
    add_api_key(session, "bobs-sheet", [Scope.SCORECARDS_READ], email=BOB.email, days=90, now=moment)
    for name, is_active in (("warehouse", True), ("archive", False)):
        url = f"https://{name}.example.com/a/rather/long/address/that/has/no/place/to/break/hooks/parity"
        told: dict[str, Any] = {"events": [event.value for event in CHOICES], "secret": b"sealed", "problem": PROBLEM}
        session.add(Webhook(name=name, url=url, is_active=is_active, created_at=moment, failing_since=moment, **told))
    session.flush()
    warehouse = session.scalars(select(Webhook.id).where(Webhook.name == "warehouse")).one()
    for state, error in (
        (WebhookState.DELIVERED, None),
        (WebhookState.WAITING, PROBLEM),
        (WebhookState.FAILED, PROBLEM),
    ):
        identifier = message_id(warehouse, WebhookEvent.LOW_RATING_CONSENTED, state)
        told = {"event": WebhookEvent.LOW_RATING_CONSENTED, "body": "{}", "attempts": 3, "error": error}
        row = WebhookDelivery(webhook_id=warehouse, message_id=identifier, state=state, created_at=moment, **told)
        session.add(row)
