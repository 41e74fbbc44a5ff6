"""Webhooks are told what happened: claim, commit, send, commit. No transaction is open while a receiver is asked.

At least once: a worker that dies after the receiver's answer sends again under the same webhook-id, by which receivers
tell that it is the same event (Standard Webhooks 1.0).
"""

import logging
import time
from collections import Counter
from datetime import datetime, timedelta

from app.connectors import standard_webhooks
from app.foundations.crypto import UnreadableSecret
from app.foundations.http import Broken, Refused, Trouble, limited
from app.jobs.installation import Installation
from app.jobs.outside import client_of
from app.mail.links import Links
from app.models.policies import current_policy
from app.pipeline import webhooks
from app.pipeline.webhooks import Attempt

log = logging.getLogger(__name__)

RUN = timedelta(seconds=45)  # what is left goes on in the next sweep
PATIENCE_SECONDS = 10.0  # for one receiver's answer
MOST_TROUBLES = 2  # in a row: then a receiver is left in peace for the rest of the run


def tell_webhooks(installation: Installation, *, now: datetime, at_most: timedelta = RUN) -> int:
    """Write what is due and send it; return how many events were taken. Safe to run twice and on two machines."""
    settings = installation.settings
    with installation.sessions.begin() as session:
        webhooks.write_due(
            session,
            policy=current_policy(session),
            links=Links(base_url=settings.base_url, keys=installation.keys),
            time_zone=settings.time_zone,
            now=now,
        )
    began, taken, troubles = time.monotonic(), 0, Counter[int]()
    while (spent := timedelta(seconds=time.monotonic() - began)) < at_most:
        resting = [webhook for webhook, count in troubles.items() if count >= MOST_TROUBLES]
        with installation.sessions.begin() as session:
            attempt = webhooks.claim_next(session, now=now + spent, without=resting)
        if attempt is None:
            break
        if _attempt(installation, attempt, now + spent):
            taken, troubles[attempt.webhook_id] = taken + 1, 0
        else:
            troubles[attempt.webhook_id] += 1
    return taken


def _attempt(installation: Installation, attempt: Attempt, now: datetime) -> bool:
    try:
        status = _send(installation, attempt, now)
    except (Trouble, UnreadableSecret) as trouble:
        refusal = trouble.status if isinstance(trouble, Refused | Broken) else None
        problem = str(trouble) or type(trouble).__name__
        log.warning("webhook message %s was not taken: %s", attempt.message_id, problem)
        with installation.sessions.begin() as session:
            webhooks.settle_failed(session, attempt, problem, refusal, now=now)
        return False
    with installation.sessions.begin() as session:
        webhooks.settle_delivered(session, attempt, status, now=now)
    return True


def _send(installation: Installation, attempt: Attempt, now: datetime) -> int:
    secret = installation.keys.unseal(attempt.secret).decode()
    content = attempt.body.encode()
    headers = standard_webhooks.sign(secret, attempt.message_id, now, content)
    with limited(PATIENCE_SECONDS):
        answer = client_of(installation.settings).call(
            "POST",
            attempt.url,
            content=content,
            headers={"Content-Type": "application/json"} | headers,
            redirects=False,
            account=f"webhook:{attempt.webhook_id}",
        )
    return answer.status
