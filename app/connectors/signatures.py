"""Signatures of deliveries: HMACs over raw bytes, compared in constant time, with every secret that is valid now."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Literal

from app.connectors.hooks import Hook, WrongSignature
from app.foundations.languages import gettext

SECRET_BYTES = 32


def make_secret() -> str:
    """Return a new secret of 43 letters, digits, - and _."""
    return secrets.token_urlsafe(SECRET_BYTES)


def require_hmac(
    known: Iterable[str],
    signed: bytes,
    offered: str | None,
    *,
    digest: Literal["sha1", "sha256"] = "sha256",
    written: Literal["hex", "base64"] = "hex",
) -> None:
    """Accept a signature made with any of the secrets in `known` (HMAC, RFC 2104). Raises WrongSignature.

    Without a secret nothing is accepted; no header can break the comparison, which is one of bytes.
    """
    found = (offered or "").strip().encode("utf-8", "surrogateescape")
    if written == "hex":
        found = found.lower()
    fits = [hmac.compare_digest(_written(secret, signed, digest, written), found) for secret in known if secret]
    if not any(fits):
        raise WrongSignature(gettext("no signature of this delivery was made with the secret of this connection"))


def require_token(known: Iterable[str], offered: str | None) -> None:
    """Accept a shared token that is sent as it is. Raises WrongSignature."""
    found = (offered or "").encode("utf-8", "surrogateescape")
    fits = [hmac.compare_digest(secret.encode(), found) for secret in known if secret]
    if not any(fits):
        raise WrongSignature(gettext("this delivery does not carry the token of this connection"))


def is_unsigned_by_choice(hook: Hook) -> bool:
    """Say that the administrator set `unsigned`, for a sender that cannot sign: then only the address is secret."""
    return hook.settings.get("unsigned") is True and not hook.secrets


def body_hash(body: bytes) -> str:
    """Return what names a delivery whose sender gives it no id: the same bytes are the same delivery."""
    return hashlib.sha256(body).hexdigest()


def _written(secret: str, signed: bytes, digest: str, written: str) -> bytes:
    mac = hmac.digest(secret.encode(), signed, digest)
    return mac.hex().encode() if written == "hex" else base64.b64encode(mac)
