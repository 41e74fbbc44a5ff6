"""A copy is whole, holds no bridge between answers and people, and comes back."""

import os
import sqlite3
import stat
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.foundations.crypto import Keys
from app.models.people import OptOut, Person, Suppression, address_hash
from app.models.quarter_salts import ensure_salt, find_salt
from app.models.response_links import ResponseLink
from app.upkeep.privacy import erase
from app.upkeep.running.backup import LEFT_BEHIND, UNFINISHED, BackupError, Restored, backup, restore
from tests.builders.people import person
from tests.builders.service_requests import CALENDAR
from tests.conftest import ALICE, BOB, CAROL, MALLORY
from tests.servers.databases import Database, close, opened

LINK = b"sixteen bytes id"


def fill(database: Database, now: datetime) -> None:
    person(database.session, ALICE.email)
    database.session.add(
        ResponseLink(public_id=LINK, response_id=LINK, expires_at=now + timedelta(days=7), submitted_at=now)
    )
    database.session.commit()


def people_in(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT email FROM people").fetchall()


def test_a_copy_holds_the_records_but_not_the_links(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    fill(sqlite, now)
    copy = tmp_path / "copy"

    backup(sqlite.settings, copy)

    assert people_in(copy) == [(ALICE.email,)]
    assert LINK not in copy.read_bytes()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".parity")) == []


def test_a_copy_never_replaces_a_file(sqlite: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_text("precious")

    with pytest.raises(BackupError, match="exists; name a new file"):
        backup(sqlite.settings, copy)

    assert copy.read_text() == "precious"


def test_what_a_killed_copy_left_behind_goes_with_the_next_one(sqlite: Database, tmp_path: Path) -> None:
    old, running = tmp_path / f"{UNFINISHED}old", tmp_path / f"{UNFINISHED}running"
    for folder in (old, running):
        folder.mkdir()
        (folder / "whole").write_bytes(b"links")
    two_days_ago = time.time() - 2 * LEFT_BEHIND.total_seconds()
    os.utime(old, (two_days_ago, two_days_ago))

    backup(sqlite.settings, tmp_path / "copy.sqlite3")

    assert sorted(path.name for path in tmp_path.glob(f"{UNFINISHED}*")) == [running.name]


def test_a_copy_comes_back_while_others_read(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    fill(sqlite, now)
    backup(sqlite.settings, tmp_path / "copy")
    person(sqlite.session, MALLORY.email)
    sqlite.session.commit()

    restored = restore(sqlite.settings, tmp_path / "copy")

    sqlite.session.expire_all()
    assert sqlite.session.scalars(select(Person.email)).all() == [ALICE.email]
    assert restored.kept is not None
    assert people_in(restored.kept) == [(ALICE.email,), (MALLORY.email,)]


def test_a_copy_becomes_a_new_installation(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    fill(sqlite, now)
    backup(sqlite.settings, tmp_path / "copy")
    elsewhere = tmp_path / "elsewhere" / "parity.sqlite3"

    restored = restore(replace(sqlite.settings, database_url=f"sqlite:///{elsewhere}"), tmp_path / "copy")

    database = opened("sqlite", f"sqlite:///{elsewhere}", tmp_path)
    people = database.session.scalars(select(Person.email)).all()
    close(database)
    assert (restored, people) == (Restored(kept=None, erased_before=()), [ALICE.email])


def wishes(database: Database) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    out = select(Person.email, OptOut.until).join(OptOut, OptOut.person_id == Person.id).order_by(Person.email)
    kept_from = select(Suppression.address_hash, Suppression.reason).order_by(Suppression.created_at)
    with database.sessions() as session:
        return (
            [tuple(row) for row in session.execute(out)],
            [tuple(row) for row in session.execute(kept_from)],
        )


def test_a_restore_forgets_no_wish_of_people(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    session, keys = sqlite.session, Keys.of(sqlite.settings)
    alice, bob, carol = (person(session, who.email) for who in (ALICE, BOB, CAROL))
    session.add(OptOut(person_id=carol.id, until=None, created_at=now))  # asks to be asked again, later
    bounced = {"address_hash": address_hash(keys, MALLORY.email), "created_at": now, "reason": "bounced"}
    session.add(Suppression(**bounced))
    session.commit()
    backup(sqlite.settings, tmp_path / "copy")
    session.add(OptOut(person_id=bob.id, until=now + timedelta(days=90), created_at=now))
    session.execute(delete(OptOut).where(OptOut.person_id == carol.id))
    erase(session, keys, CALENDAR, ALICE.email, now=now + timedelta(seconds=1))
    session.commit()
    assert alice.id is not None
    before = wishes(sqlite)

    restored = restore(sqlite.settings, tmp_path / "copy")

    assert wishes(sqlite) == before
    assert restored.erased_before == (ALICE.email,)


def test_a_second_restore_keeps_what_the_first_one_replaced(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    fill(sqlite, now)
    backup(sqlite.settings, tmp_path / "copy")
    person(sqlite.session, MALLORY.email)
    sqlite.session.commit()

    kept = [restore(sqlite.settings, tmp_path / "copy").kept for _ in range(2)]

    assert [path.name for path in kept if path] == ["parity.sqlite3.before-restore", "parity.sqlite3.before-restore-2"]
    assert [len(people_in(path)) for path in kept if path] == [2, 1]


def test_a_copy_of_a_newer_version_changes_nothing(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    fill(sqlite, now)
    backup(sqlite.settings, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    with pytest.raises(BackupError, match=r"was written by a newer Parity \(migration 9999\)"):
        restore(sqlite.settings, tmp_path / "copy")

    assert sqlite.session.scalars(select(Person.email)).all() == [ALICE.email]


@pytest.mark.parametrize("content", [b"not a database", b""])
def test_what_is_no_copy_changes_nothing(sqlite: Database, tmp_path: Path, now: datetime, content: bytes) -> None:
    fill(sqlite, now)
    (tmp_path / "copy").write_bytes(content)

    with pytest.raises(BackupError, match="is no backup of Parity, or is damaged"):
        restore(sqlite.settings, tmp_path / "copy")

    assert sqlite.session.scalars(select(Person.email)).all() == [ALICE.email]


def test_on_postgresql_the_right_command_is_named(sqlite: Database, tmp_path: Path) -> None:
    elsewhere = replace(sqlite.settings, database_url="postgresql+psycopg://parity@/parity")

    with pytest.raises(BackupError, match="pg_dump --exclude-table-data=response_links"):
        backup(elsewhere, tmp_path / "copy")


def test_without_the_link_key_running_quarters_get_new_salts(sqlite: Database, tmp_path: Path) -> None:
    old, new = Keys.of(sqlite.settings), replace(sqlite.settings, link_key="another link key of thirty-two chars")
    before = ensure_salt(sqlite.session, old, "2026-Q4")
    sqlite.session.commit()
    backup(sqlite.settings, tmp_path / "copy")

    restore(new, tmp_path / "copy")

    sqlite.session.expire_all()
    after = find_salt(sqlite.session, Keys.of(new), "2026-Q4")
    assert after is not None
    assert after != before


def test_with_the_link_key_salts_stay(sqlite: Database, tmp_path: Path) -> None:
    keys = Keys.of(sqlite.settings)
    before = ensure_salt(sqlite.session, keys, "2026-Q4")
    sqlite.session.commit()
    backup(sqlite.settings, tmp_path / "copy")

    restore(sqlite.settings, tmp_path / "copy")

    sqlite.session.expire_all()
    assert find_salt(sqlite.session, keys, "2026-Q4") == before
