"""Ways in beside the link: passwords, codes and passkeys of an address, and what was tried. Nothing can be read back.

They hang on the address, not on a role: whoever gets a second role signs in as before.
"""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import Tried
from app.models.base import Base, UtcDateTime, words


class Password(Base):
    """An address's password, as an Argon2id hash."""

    __tablename__ = "passwords"

    email: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OneTimeCode(Base):
    """The secret of an address's authenticator app, sealed; good once a code of it was typed."""

    __tablename__ = "one_time_codes"

    email: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[bytes]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int | None]  # the newest code that was used: none is taken twice
    recovery: Mapped[list[str]] = mapped_column(JSON)  # keyed hashes of the codes that are left


class Passkey(Base):
    """A passkey of an address: its public half."""

    __tablename__ = "passkeys"
    __table_args__ = (Index("ix_passkeys_email", "email"),)

    credential_id: Mapped[bytes] = mapped_column(primary_key=True)
    email: Mapped[str]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)  # 32 bits without a sign
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CompanyAccount(Base):
    """Which account at the identity provider an address came in with first: no other one has the address here."""

    __tablename__ = "company_accounts"

    email: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]  # OpenID Connect Core 1.0, section 2: unique at its issuer, and never given to another
    known_since: Mapped[datetime] = mapped_column(UtcDateTime)


class UsedChallenge(Base):
    """The SHA-256 of what a passkey has signed, for as long as the same answer could be sent once more."""

    __tablename__ = "used_challenges"

    challenge_hash: Mapped[bytes] = mapped_column(primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInAttempt(Base):
    """A password or code that was tried, by a keyed hash of the mail or network address; deleted after a day."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_address", "address_hash", "tried", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[bytes]
    tried: Mapped[Tried] = mapped_column(words(Tried, "tried_kind_is_known"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
