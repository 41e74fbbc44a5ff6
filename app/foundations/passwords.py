"""Secrets that people type: passwords as Argon2id hashes (RFC 9106) and time-based codes (TOTP, RFC 6238)."""

import hmac
import unicodedata
from datetime import datetime
from functools import lru_cache

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

STEP_SECONDS = 30
WINDOW = 1  # steps before and after, for clocks that differ

# 19 MiB, two passes: 23 ms on a small machine, and eight at once still fit into it.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(text: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(_same(text))


def fits(stored: str | None, text: str) -> bool:
    """Tell whether a password is the stored one. Without one the same work is done, and the answer is no."""
    try:
        _hasher.verify(stored or _of_nobody(), _same(text))
    except (Argon2Error, InvalidHashError):
        return False
    return bool(stored)


def new_secret() -> str:
    """Return a fresh secret of an authenticator app: 160 bits in base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the time step to which a code of six digits belongs, of those near `at`; None where it fits none."""
    totp, present = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def address_of(secret: str, email: str, issuer: str) -> str:
    """Return the address that an authenticator app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def picture_of(address: str) -> str:
    """Return the QR code of an address as SVG to stand in a page: dark modules on white, whatever the theme."""
    code: str = segno.make(address, error="m").svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return code


@lru_cache(maxsize=1)
def _of_nobody() -> str:
    return _hasher.hash("nobody's password")


def _same(text: str) -> str:
    """Let a letter be the same however the keyboard composes it."""
    return unicodedata.normalize("NFC", text)
