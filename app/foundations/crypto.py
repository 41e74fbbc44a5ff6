"""Keys of an installation: survey tokens, keyed hashes and encrypted columns, each under its own purpose.

Every purpose gets a key of its own, derived by HMAC from `PARITY_SECRET_KEY`; older secrets are honoured for reading.
"""

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.settings import Settings

PUBLIC_ID_BYTES = 16
MAC_BYTES = 16
NONCE_BYTES = 12  # of AES-GCM (NIST SP 800-38D)
TOKEN_LENGTH = 44  # base64url without padding: 22 characters for the id, 22 for the MAC


_OTHER_KEY = "sealed with another key: restore PARITY_SECRET_KEY or PARITY_LINK_KEY"


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


@lru_cache(maxsize=16)
def _salt_ciphers(secrets: tuple[str, ...]) -> list[AESGCM]:
    return [AESGCM(derive(secret, "quarter-salt, AES-GCM")) for secret in secrets]


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
        told = [part.encode() if isinstance(part, str) else part for part in parts]
        message = b"".join(len(data).to_bytes(8, "big") + data for data in told)
        return hmac.digest(derive(self.secrets[0], purpose), message, hashlib.sha256)

    def token(self, purpose: str, public_id: bytes) -> str:
        """Return the 44-character token of a public id (rules of asking: Tokens); it can be made again at any time."""
        return _text(public_id) + _text(self._mac(self.secrets[0], purpose, public_id))

    def read_token(self, purpose: str, token: str) -> bytes | None:
        """Return the public id if the token is ours for this purpose, else None; compares in constant time."""
        if len(token) != TOKEN_LENGTH or not token.isascii():
            return None
        try:
            public_id = base64.b64decode(token[:22] + "==", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        # The whole text is compared: that the spare bits of its last characters are zero is a part of it.
        macs = (self._mac(secret, purpose, public_id) for secret in self.secrets)
        fits = [hmac.compare_digest(token, _text(public_id) + _text(mac)) for mac in macs]
        return public_id if any(fits) else None

    def _mac(self, secret: str, purpose: str, public_id: bytes) -> bytes:
        key = derive(secret, "token")
        return hmac.digest(key, purpose.encode() + b"|" + public_id, hashlib.sha256)[:MAC_BYTES]

    def seal(self, data: bytes) -> bytes:
        """Encrypt for storage (Fernet: AES-128-CBC with HMAC-SHA-256)."""
        return _vault(self.secrets, "vault").encrypt(data)

    def unseal(self, data: bytes) -> bytes:
        """Decrypt what `seal` stored. Raises UnreadableSecret if no key of ours fits."""
        try:
            return _vault(self.secrets, "vault").decrypt(data)
        except InvalidToken:
            raise UnreadableSecret(_OTHER_KEY) from None

    def seal_salt(self, data: bytes) -> bytes:
        """Encrypt a quarter's salt with the link key, which no backup holds (AES-256-GCM, its nonce in front).

        Every survey page opens its salt, and salts must not be kept in memory: this opens in 1 µs, Fernet in 25.
        """
        nonce = os.urandom(NONCE_BYTES)
        return nonce + _salt_ciphers(self._link_secrets())[0].encrypt(nonce, data, None)

    def unseal_salt(self, data: bytes) -> bytes:
        """Decrypt a quarter's salt. Raises UnreadableSecret after a restore without the link key."""
        for cipher in _salt_ciphers(self._link_secrets()):
            try:
                return cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None)
            except (InvalidTag, ValueError):  # ValueError: shorter than anything sealed
                continue
        try:
            return _vault(self._link_secrets(), "quarter-salt").decrypt(data)  # as salts were sealed at first
        except InvalidToken:
            raise UnreadableSecret(_OTHER_KEY) from None

    def _link_secrets(self) -> tuple[str, ...]:
        return (self.link_secret,) if self.link_secret else self.secrets


def requester_cluster_id(salt: bytes, person_id: int) -> bytes:
    """Return one value per person and quarter: first 16 bytes of HMAC-SHA-256(quarter salt, person id)."""
    return hmac.digest(salt, str(person_id).encode(), hashlib.sha256)[:16]
