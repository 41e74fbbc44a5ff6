"""People who ask: identity side. Their departments, names and wishes over time."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.domain.redaction import Names
from app.foundations.crypto import Keys
from app.models.base import SINCE_EVER, Base, UtcDateTime, words


class Person(Base):
    """One human: an address, or a tracker's opaque key for somebody without one."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("email", name="person_address_is_unique"),
        UniqueConstraint("source", "source_key", name="person_key_is_unique_in_its_source"),
        CheckConstraint("email IS NOT NULL OR source_key IS NOT NULL", name="person_has_an_address_or_a_key"),
        CheckConstraint("email IS NULL OR email = lower(email)", name="person_address_is_lower_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None]
    source: Mapped[str | None]  # slug of the connection that knows the key
    source_key: Mapped[str | None]


class PersonVersion(Base):
    """A person as known from `valid_from` on; the next version ends it."""

    __tablename__ = "person_versions"
    __table_args__ = (
        UniqueConstraint("person_id", "valid_from", name="one_version_per_person_and_moment"),
        Index("ix_person_versions_department_id", "department_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime, default=SINCE_EVER)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[str | None]
    language: Mapped[str | None]
    time_zone: Mapped[str | None]


def belonging(departments: Collection[int], moment: datetime) -> Select[tuple[PersonVersion]]:
    """Return the query for the versions at `moment` of everybody who belongs to one of these departments then."""
    later = aliased(PersonVersion)
    following = select(later.id).where(
        later.person_id == PersonVersion.person_id,
        later.valid_from > PersonVersion.valid_from,
        later.valid_from <= moment,
    )
    return select(PersonVersion).where(
        PersonVersion.department_id.in_(departments), PersonVersion.valid_from <= moment, ~following.exists()
    )


class RequesterTag(Base):
    """That an administrator counts somebody among the key requesters, from `since` on and until `until`."""

    __tablename__ = "requester_tags"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OptOut(Base):
    """A requester's wish not to be asked: for good (`until` empty) or until a moment ("not now")."""

    __tablename__ = "opt_outs"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SuppressionReason(StrEnum):
    """Why no mail goes to an address any more."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


class Suppression(Base):
    """An address that gets no mail, as a keyed hash: it survives the erasure of the person."""

    __tablename__ = "suppressions"

    address_hash: Mapped[bytes] = mapped_column(primary_key=True)
    reason: Mapped[SuppressionReason] = mapped_column(words(SuppressionReason, "suppression_reason_is_known"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


def address_hash(keys: Keys, email: str) -> bytes:
    """Return the keyed hash under which an address is suppressed and its bounces are counted."""
    return keys.hash("address", email.strip().lower())


class Bounce(Base):
    """One permanent refusal reported for an address; two of the milder kind suppress it."""

    __tablename__ = "bounces"
    __table_args__ = (Index("ix_bounces_address_hash", "address_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[bytes]
    status: Mapped[str]  # RFC 3463, for example 5.1.1
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


def staff_names(session: Session) -> Names:
    """Return every name that anybody has or had, for taking them out of comments."""
    return Names.of(name for name in session.scalars(select(PersonVersion.name).distinct()) if name)
