"""Who sent a delivery: X-Hub-Signature, the token of an app's webhook, or a user name and password. All on bytes."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from app.connectors.hooks import Hook, WrongSignature
from app.connectors.lenient import text_of
from app.connectors.signatures import body_hash, require_hmac
from app.foundations.languages import gettext

CLOCK_SKEW = timedelta(minutes=5)
LONGEST_TOKEN = 8192
LONGEST_KEY = 200


def verify(hook: Hook) -> None:
    """Accept a delivery that carries one valid proof: a signature over the raw bytes, an app's token, or a password.

    Where the setting `unsigned` is true (servers that cannot sign) the key in the address is the only proof, and `read`
    believes nothing of the body. Raises WrongSignature.
    """
    offered = hook.headers.get("x-hub-signature")
    if offered is None and (_is_token(hook) or _is_password(hook) or hook.settings.get("unsigned") is True):
        return
    # WebSub writes `method=signature`; sha256 is the only method that we take.
    method, _, signature = (offered or "").strip().partition("=")
    known = hook.secrets if method.strip().lower() == "sha256" else ()
    require_hmac(known, hook.body, signature)


def _is_password(hook: Hook) -> bool:
    """Data Center can send a user name and a password (RFC 7617) with each delivery."""
    wanted = text_of(hook.settings.get("basic_auth"))
    offered = _credentials(hook, {"basic"})
    if wanted is None or offered is None:
        return False
    try:
        return hmac.compare_digest(base64.b64decode(offered, validate=True), wanted.encode())
    except (binascii.Error, ValueError):
        return False


def _is_token(hook: Hook) -> bool:
    """An app's webhook carries a JWT (RFC 7519), HS256 with the app's client secret; no other algorithm is taken."""
    secret, token = text_of(hook.settings.get("client_secret")), _token(hook)
    if secret is None or token is None:
        return False
    signed, _, signature = token.rpartition(b".")
    expected = base64.urlsafe_b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).rstrip(b"=")
    is_ours = hmac.compare_digest(expected, signature)
    head, _, claims = signed.partition(b".")
    return is_ours and _part(head).get("alg") == "HS256" and _expiry(_part(claims)) is not None


def judge_age(hook: Hook) -> None:
    """Refuse an app's token that has expired.

    Signatures hold no time. A delivery played again is known by its key, and one that is changed to look new tells
    an old state, which never undoes a newer one. Raises WrongSignature.
    """
    if "x-hub-signature" in hook.headers or not _is_token(hook):
        return
    claims = (_token(hook) or b"").split(b".")[1]
    expires_at = _expiry(_part(claims))
    if expires_at is None or hook.received_at > expires_at + CLOCK_SKEW:
        raise WrongSignature(gettext("the token of this delivery has expired"))


def _token(hook: Hook) -> bytes | None:
    found = _credentials(hook, {"bearer", "jwt"})
    return found if found is not None and found.count(b".") == 2 and len(found) <= LONGEST_TOKEN else None


def _credentials(hook: Hook, schemes: set[str]) -> bytes | None:
    scheme, _, rest = hook.headers.get("authorization", "").strip().partition(" ")
    return rest.strip().encode("utf-8", "replace") if scheme.lower() in schemes else None


def _part(text: bytes) -> dict[str, Any]:
    """Return one part of a token, empty where it is not base64url of a JSON object."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _expiry(claims: dict[str, Any]) -> datetime | None:
    found = claims.get("exp")
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= 253_402_300_799:
        return None
    return datetime.fromtimestamp(found, tz=UTC)


def delivery_key(hook: Hook) -> str:
    """Return Jira's id of the delivery, the same at every attempt; else the hash of the body."""
    told = text_of(hook.headers.get("x-atlassian-webhook-identifier"))
    return told if told is not None and len(told) <= LONGEST_KEY else body_hash(hook.body)
