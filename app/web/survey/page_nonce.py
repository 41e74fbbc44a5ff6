"""The signed moment at which a survey page was issued: bound to its link, so that it also guards against foreign forms.

It says how long a page was open and whether it was reached through the decoy. It does not expire before its link does.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from itsdangerous import Signer

from app.foundations.crypto import Keys, derive

_PURPOSE = "page nonce"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class PageNonce:
    """What a page carried back."""

    issued_at: datetime
    decoy_followed: bool

    def age(self, now: datetime) -> timedelta:
        """Return how long ago the page was issued; never negative, whatever the clocks of two machines say."""
        return max(now - self.issued_at, timedelta(0))


def issue(keys: Keys, public_id: bytes, *, now: datetime, decoy_followed: bool = False) -> str:
    """Sign the present moment for the page of one link (milliseconds; itsdangerous' own time stamp knows seconds)."""
    moment = f"{(now - _EPOCH) // _MILLISECOND:x}{'d' if decoy_followed else 'p'}"
    return f"{moment}.{_signer(keys.secrets).get_signature(_signed(public_id, moment)).decode()}"


def read(keys: Keys, public_id: bytes, nonce: str) -> PageNonce | None:
    """Return what `issue` signed for this link, or None for anything else; older secrets are honoured."""
    moment, _, signature = nonce.rpartition(".")
    if not _signer(keys.secrets).verify_signature(_signed(public_id, moment), signature):
        return None
    return PageNonce(_EPOCH + int(moment[:-1], 16) * _MILLISECOND, moment.endswith("d"))


def _signed(public_id: bytes, moment: str) -> bytes:
    return public_id + moment.encode()


@lru_cache(maxsize=8)
def _signer(secrets: tuple[str, ...]) -> Signer:
    newest_last = [derive(secret, _PURPOSE) for secret in reversed(secrets)]  # the newest last signs
    return Signer(newest_last, key_derivation="none", digest_method=hashlib.sha256)  # the keys are derived already
