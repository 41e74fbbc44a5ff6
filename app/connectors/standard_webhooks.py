"""Standard Webhooks 1.0: the signature over `id.timestamp.body` that any tool can make (standardwebhooks.com)."""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from app.connectors.hooks import Hook, WrongSignature
from app.foundations.languages import gettext

TOLERANCE = timedelta(minutes=5)  # how old, or how far ahead, a signed moment may be
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with, not one of them
SECRET_BYTES = 32
LONGEST_ID = 200


def make_secret() -> str:
    """Return a new secret: `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, identifier: str, moment: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of a message that we send: its id, the moment of this attempt, the signature of both."""
    stamp = str(int(moment.timestamp()))
    signature = hmac.digest(_key(secret), f"{identifier}.{stamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": identifier,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def verify(hook: Hook) -> None:
    """Accept any one valid `v1` signature over `id.timestamp.body` (Standard Webhooks 1.0, HMAC-SHA-256).

    Works on bytes, so that no body and no header can break it. Raises WrongSignature.
    """
    identifier, stamp = hook.headers.get("webhook-id"), hook.headers.get("webhook-timestamp")
    if not identifier or not stamp or len(identifier) > LONGEST_ID:
        raise WrongSignature(gettext("webhook-id, webhook-timestamp and webhook-signature are needed"))
    signed = f"{identifier}.{stamp}.".encode("utf-8", "surrogateescape") + hook.body
    offered = list(_offered(hook.headers.get("webhook-signature", "")))
    for key in filter(None, map(_key, hook.secrets)):
        expected = hmac.digest(key, signed, hashlib.sha256)
        if any([hmac.compare_digest(expected, signature) for signature in offered]):  # noqa: C419 - constant time
            return
    raise WrongSignature(gettext("no signature of this delivery was made with the secret of this connection"))


def judge_age(hook: Hook) -> None:
    """Refuse what was signed more than five minutes before or after its arrival. Raises WrongSignature."""
    moment = signed_at(hook)
    if moment is None or abs(hook.received_at - moment) > TOLERANCE:
        raise WrongSignature(gettext("webhook-timestamp lies more than five minutes away: sign every attempt anew"))


def _key(secret: str) -> bytes:
    """Return the key of a secret; empty for what is none, which then signs nothing."""
    text = secret.removeprefix(SECRET_PREFIX)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _offered(header: str) -> list[bytes]:
    found = []
    for part in header.split(" "):
        version, comma, signature = part.partition(",")
        if version == "v1" and comma:
            try:
                found.append(base64.b64decode(signature, validate=True))
            except (binascii.Error, ValueError):
                continue
    return found


def signed_at(hook: Hook) -> datetime | None:
    """Return the moment that the signature covers, None where there is none."""
    stamp = hook.headers.get("webhook-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        return None
    return datetime.fromtimestamp(int(stamp), tz=UTC)


def delivery_key(hook: Hook) -> str:
    """Return what is the same for every attempt to deliver the same event."""
    return hook.headers["webhook-id"]
