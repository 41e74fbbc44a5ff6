"""The chain of the audit log: what was changed, removed or inserted later shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.auditing import BEGINNING, Act, Entry, Link, digest_of, walk

AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


def _chain(count: int, start: str = BEGINNING) -> list[Link]:
    links: list[Link] = []
    previous = start
    for number in range(1, count + 1):
        entry = Entry(AT + timedelta(hours=number), "staff:1", Act.POLICY_SET.value, "policy", {"version": number})
        links.append(Link(number, entry, previous, digest_of(entry, previous)))
        previous = links[-1].digest
    return links


def test_a_log_as_it_was_written_is_unbroken() -> None:
    assert walk(_chain(4), BEGINNING).broken is None
    assert walk([], BEGINNING).broken is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT},
        {"actor": "staff:2"},
        {"action": Act.STAFF_ADDED.value},
        {"subject": "policies"},
        {"details": {"version": 9}},
    ],
)
def test_each_field_of_an_entry_is_covered(change: dict[str, object]) -> None:
    links = _chain(4)
    links[1] = replace(links[1], entry=replace(links[1].entry, **change))  # type: ignore[arg-type]

    assert walk(links, BEGINNING).broken == 2


def test_an_entry_with_a_digest_of_its_own_breaks_the_next_one() -> None:
    links = _chain(4)
    forged = replace(links[1].entry, actor="staff:2")
    links[1] = Link(2, forged, links[0].digest, digest_of(forged, links[0].digest))

    assert walk(links, BEGINNING).broken == 3


def test_a_removed_entry_breaks_the_next_one() -> None:
    links = _chain(4)

    assert walk([links[0], *links[2:]], BEGINNING).broken == 3
    assert walk(links[1:], BEGINNING).broken == 2


def test_a_log_that_retention_has_shortened_begins_after_the_last_deleted_entry() -> None:
    links = _chain(4)

    assert walk(links[2:], links[1].digest).broken is None
    assert walk(links[3:], links[1].digest).broken == 4


def test_the_digest_does_not_depend_on_zone_or_order_of_the_details() -> None:
    entry = Entry(AT, "worker", "x", "y", {"a": 1, "b": ["ü"]})
    elsewhere = Entry(AT.astimezone(None), "worker", "x", "y", {"b": ["ü"], "a": 1})

    assert digest_of(entry, "") == digest_of(elsewhere, "")
