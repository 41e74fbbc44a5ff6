"""What a digest covers: everything that a document says, and nothing that is said beside it."""

import hashlib
import json
from typing import Any

import pytest

from app.domain.scorecards.digest import digest, is_genuine

FINDING = {"key": "finding.internal", "params": {"share": 0.4}}
DOCUMENT: dict[str, Any] = {
    "department": {"code": "IT", "name": "IT Service Desk"},
    "sentences": {"finding": FINDING},
    "themes": [{"theme": "no_news", "names": {"en": "No news", "de": "Keine Nachricht"}}],
    "comments": [{"id": "a1", "text": "Nobody called."}],
}
FROZEN = DOCUMENT | {"digest": digest(DOCUMENT)}


@pytest.mark.parametrize(
    "changed",
    [
        {"department": {"code": "IT", "name": "HR"}},
        {"themes": [{"theme": "no_news", "names": {"en": "Laziness", "de": "Keine Nachricht"}}]},
        {"themes": [{"theme": "no_news", "names": {"de": "Keine Nachricht"}}]},
        {"sentences": {"finding": FINDING | {"params": {"share": 0.9}}}},
        {"comments": []},
    ],
)
def test_a_changed_document_is_not_genuine(changed: dict[str, Any]) -> None:
    assert (is_genuine(FROZEN), is_genuine(FROZEN | changed)) == (True, False)


@pytest.mark.parametrize(
    "said",
    [
        {"sentences": {"finding": FINDING | {"en": "40% of colleagues are satisfied."}}},
        {"comments": [{"id": "a1"}]},
    ],
)
def test_what_is_said_beside_it_is_not_covered(said: dict[str, Any]) -> None:
    assert is_genuine(FROZEN | said)


def test_a_document_frozen_before_english_names_counted_keeps_its_digest() -> None:
    bare = DOCUMENT | {
        "themes": [{"theme": "no_news", "names": {"de": "Keine Nachricht"}}],
        "comments": [{"id": "a1"}],
    }
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    old = DOCUMENT | {"digest": "sha256:" + hashlib.sha256(text.encode()).hexdigest()}

    renamed = old | {"themes": [{"theme": "no_news", "names": {"en": "No news", "de": "Stille"}}]}
    assert (is_genuine(old), is_genuine(renamed)) == (True, False)
