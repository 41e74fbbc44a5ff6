"""The digest of a scorecard document: what was issued can be recognised, whatever happens to texts and comments."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

PREFIX = "sha256:"


def canonical(document: Mapping[str, Any]) -> str:
    """Return what is digested: no `digest`, no English beside a sentence, no comment texts; sorted keys, no spaces."""
    return _written(_without_renderings(_bare(document)))


def content(document: Mapping[str, Any]) -> str:
    """Return what a document says, whichever revision of it: equal content is not worth another revision."""
    ignored = {"revision", "frozen_at", "digest"}
    return canonical({key: value for key, value in document.items() if key not in ignored})


def digest(document: Mapping[str, Any]) -> str:
    """Return `sha256:` and the hex SHA-256 (FIPS 180-4) of the canonical form in UTF-8."""
    return _hashed(canonical(document))


def sealed_digest(cut: str, value: str, item: str, figures: Mapping[str, Any]) -> str:
    """Return the digest of one sealed cell: where it stands and what it says."""
    return digest({"cut": cut, "value": value, "item": item, "figures": figures})


def is_genuine(document: Mapping[str, Any]) -> bool:
    """Tell whether a document carries the digest of its own content, as it is made now or was made at first."""
    return document.get("digest") in {digest(document), _first_digest(document)}


def _first_digest(document: Mapping[str, Any]) -> str:
    """Return the digest of documents frozen before the English names of themes counted: no member `en` did then."""
    return _hashed(_written(_without_english(_bare(document))))


def _written(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _hashed(text: str) -> str:
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()


def _bare(told: Mapping[str, Any]) -> dict[str, Any]:
    document = {key: value for key, value in told.items() if key != "digest"}
    comments = document.get("comments")
    if isinstance(comments, list):
        document["comments"] = [
            {key: value for key, value in comment.items() if key != "text"} if isinstance(comment, dict) else comment
            for comment in comments
        ]
    return document


def _without_renderings(value: Any) -> Any:
    if isinstance(value, dict):
        is_sentence = value.keys() >= {"key", "params"}
        return {key: _without_renderings(inner) for key, inner in value.items() if not (is_sentence and key == "en")}
    if isinstance(value, list):
        return [_without_renderings(inner) for inner in value]
    return value


def _without_english(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_english(inner) for key, inner in value.items() if key != "en"}
    if isinstance(value, list):
        return [_without_english(inner) for inner in value]
    return value
