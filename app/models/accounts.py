"""Staff who sign in, their one-time links and sessions, and the keys of scripts. Secrets are stored hashed."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import GivenBy, Role, WayIn
from app.models.base import Base, UtcDateTime, words


class Staff(Base):
    """Somebody with a role."""

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("email", "role", name="staff_has_a_role_once"),
        CheckConstraint("email = lower(email)", name="staff_address_is_lower_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    role: Mapped[Role] = mapped_column(words(Role, "role_is_known"))
    name: Mapped[str | None]
    language: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    given_by: Mapped[GivenBy] = mapped_column(words(GivenBy, "giver_is_known"), default=GivenBy.COMMAND)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffDepartment(Base):
    """A department (and all below it) that a head may see."""

    __tablename__ = "staff_departments"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    gets_mail: Mapped[bool] = mapped_column(default=False)  # its scorecard, beside whoever heads it


class SignInLink(Base):
    """A link of 15 minutes and one use, bound to the browser that asked (where one asked)."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    browser_hash: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """A signed-in browser; ended ones are refused."""

    __tablename__ = "staff_sessions"
    __table_args__ = (UniqueConstraint("public_id", name="session_is_named_once"),)

    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    public_id: Mapped[bytes]  # what a page calls it: says nothing about the secret
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    way: Mapped[WayIn | None] = mapped_column(words(WayIn, "way_in_is_known"))  # None: from before it was noted
    device: Mapped[str | None] = mapped_column(String(60))  # "Firefox, Windows"; no address, no version
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeptForm(Base):
    """What somebody had typed when their session ended, sealed, for an hour; one a session."""

    __tablename__ = "kept_forms"

    session_hash: Mapped[bytes] = mapped_column(
        ForeignKey("staff_sessions.id_hash", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str]
    body: Mapped[bytes]
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiKey(Base):
    """A script's bearer key, as a hash, with what it may do. With an address it acts as that member of staff."""

    __tablename__ = "api_keys"
    __table_args__ = (
        UniqueConstraint("name", name="api_key_name_is_unique"),
        UniqueConstraint("key_hash", name="api_key_is_unique"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    key_hash: Mapped[bytes]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    email: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdempotencyKey(Base):
    """An answer once given to a script that named its call; repeated calls get the same."""

    __tablename__ = "idempotency_keys"

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
