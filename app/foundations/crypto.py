"""Keys of an installation: survey tokens, keyed hashes and encrypted columns, each under its own purpose.

Every purpose gets a key of its own, derived by HMAC from `PARITY_SECRET_KEY`; older secrets are honoured for reading.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.settings import Settings

PUBLIC_ID_BYTES = 16
MAC_BYTES = 16
TOKEN_LENGTH = 44  # base64url without padding: 22 characters for the id, 22 for the MAC


class UnreadableSecret(ValueError):
    """A stored secret was sealed with a key that this installation does not have."""


@lru_cache(maxsize=64)
def derive(secret: str, purpose: str) -> bytes:
    """Return the 32-byte key of one purpose (HMAC-SHA-256 of the purpose under the secret, RFC 2104)."""
    return hmac.digest(secret.encode(), b"parity|" + purpose.encode(), hashlib.sha256)


@lru_cache(maxsize=16)
def _vault(secrets: tuple[str, ...], purpose: str) -> MultiFernet:
    keys = (derive(secret, purpose) for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Keys:
    """What the secret key, its fallbacks and the link key unlock. Made at the edges, passed as an argument."""

    secrets: tuple[str, ...] = field(repr=False)  # the current one first
    link_secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Keys":
        """Return the keys of an installation."""
        return cls((settings.secret_key, *settings.secret_key_fallbacks), settings.link_key)

    def each(self) -> tuple["Keys", ...]:
        """Return the keys of every secret alone, the current one first: what was stored under an older one is found."""
        return tuple(Keys((secret,), self.link_secret) for secret in self.secrets)

    def hash(self, purpose: str, *parts: str | bytes) -> bytes:
        """Return HMAC-SHA-256 of the length-prefixed parts under the purpose's key (32 bytes)."""
        mac = hmac.new(derive(self.secrets[0], purpose), digestmod=hashlib.sha256)
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            mac.update(len(data).to_bytes(8, "big") + data)
        return mac.digest()

    def token(self, purpose: str, public_id: bytes) -> str:
        """Return the 44-character token of a public id (rules of asking: Tokens); it can be made again at any time."""
        return _text(public_id) + _text(self._mac(self.secrets[0], purpose, public_id))

    def read_token(self, purpose: str, token: str) -> bytes | None:
        """Return the public id if the token is ours for this purpose, else None; compares in constant time."""
        if len(token) != TOKEN_LENGTH or not token.isascii():
            return None
        try:
            public_id = base64.b64decode(token[:22] + "==", altchars=b"-_", validate=True)
            mac = base64.b64decode(token[22:] + "==", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        if _text(public_id) + _text(mac) != token:  # the spare bits of the last characters must be zero
            return None
        fits = [hmac.compare_digest(mac, self._mac(secret, purpose, public_id)) for secret in self.secrets]
        return public_id if any(fits) else None

    def _mac(self, secret: str, purpose: str, public_id: bytes) -> bytes:
        key = derive(secret, "token")
        return hmac.digest(key, purpose.encode() + b"|" + public_id, hashlib.sha256)[:MAC_BYTES]

    def seal(self, data: bytes) -> bytes:
        """Encrypt for storage (Fernet: AES-128-CBC with HMAC-SHA-256)."""
        return self._vault().encrypt(data)

    def unseal(self, data: bytes) -> bytes:
        """Decrypt what `seal` stored. Raises UnreadableSecret if no key of ours fits."""
        return _opened(self._vault(), data)

    def seal_salt(self, data: bytes) -> bytes:
        """Encrypt a quarter's salt with the link key, which no backup holds."""
        return self._link_vault().encrypt(data)

    def unseal_salt(self, data: bytes) -> bytes:
        """Decrypt a quarter's salt. Raises UnreadableSecret after a restore without the link key."""
        return _opened(self._link_vault(), data)

    def _vault(self) -> MultiFernet:
        return _vault(self.secrets, "vault")

    def _link_vault(self) -> MultiFernet:
        sources = (self.link_secret,) if self.link_secret else self.secrets
        return _vault(sources, "quarter-salt")


def _opened(vault: MultiFernet, data: bytes) -> bytes:
    try:
        return vault.decrypt(data)
    except InvalidToken:
        raise UnreadableSecret("sealed with another key: restore PARITY_SECRET_KEY or PARITY_LINK_KEY") from None


def requester_cluster_id(salt: bytes, person_id: int) -> bytes:
    """Return one value per person and quarter: first 16 bytes of HMAC-SHA-256(quarter salt, person id)."""
    return hmac.digest(salt, str(person_id).encode(), hashlib.sha256)[:16]
