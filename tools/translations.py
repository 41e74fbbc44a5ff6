"""`make translations`: compare the catalogues with the sentences that code and templates contain.

Lists what each language lacks, what is fuzzy or breaks its placeholders, and what nothing needs any more.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = {"ru": 3, "pl": 3, "de": 2, "es": 2}  # how many plural forms a whole number can take
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "mark": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
PLACE = re.compile(r"%\((\w+)\)[a-z]")

# (context, singular) -> (plural or None, places)
Identity = tuple[str | None, str]


@dataclass
class Sources:
    """Every sentence for people, with its plural and the places where it stands."""

    plurals: dict[Identity, str | None] = field(default_factory=dict)
    places: dict[Identity, list[str]] = field(default_factory=dict)

    def add(self, identity: Identity, plural: str | None, place: str) -> None:
        """Remember one use; a plural anywhere makes the sentence a plural one."""
        self.plurals[identity] = plural or self.plurals.get(identity)
        self.places.setdefault(identity, []).append(place)


def extract(root: Path = ROOT) -> Sources:
    """Return every marked sentence of app/ and templates/."""
    sources = Sources()
    for path in sorted((root / "app").rglob("*.py")):
        _extract_file(sources, root, path, "python")
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".txt", ".mjml", ".html", ".j2", ".xml"}:
            _extract_file(sources, root, path, "jinja2.ext:babel_extract")
    return sources


def _extract_file(sources: Sources, root: Path, path: Path, method: str) -> None:
    options = {"trimmed": "true"} if "jinja2" in method else {}
    for line, message, _comments, context in extract_from_file(
        method, path, keywords=KEYWORDS, options=options, strip_comment_tags=True
    ):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        if singular:
            sources.add((context, singular), plural, f"{path.relative_to(root)}:{line}")


def catalogue(language: str, root: Path = ROOT) -> dict[Identity, Message]:
    """Return the merged entries of `translations/<language>/*.po`."""
    return {identity: message for _, identity, message in _entries(language, root)}


def _entries(language: str, root: Path) -> Iterator[tuple[Path, Identity, Message]]:
    for path in sorted((root / "translations" / language).glob("*.po")):
        with path.open("rb") as file:
            part: Catalog = read_po(file, locale=language)
        for message in part:
            if message.id:
                singular = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
                yield path, (message.context, singular), message


def doubled(language: str, root: Path = ROOT) -> Iterator[str]:
    """Yield one line for every sentence that two areas translate: only one of them would be heard."""
    areas: dict[Identity, Path] = {}
    for path, identity, _ in _entries(language, root):
        first = areas.setdefault(identity, path)
        if first != path:
            yield f"{language}: in two areas, {first.stem} and {path.stem}: {identity[1]!r}"


def faults(language: str, sources: Sources, root: Path = ROOT) -> Iterator[str]:
    """Yield one line for every sentence that `language` lacks, says wrongly or says twice."""
    yield from doubled(language, root)
    entries = catalogue(language, root)
    for identity, plural in sources.plurals.items():
        where = sources.places[identity][0]
        message = entries.get(identity)
        if message is None:
            yield f"{language}: missing: {identity[1]!r} ({where})"
        else:
            problem = _problem(message, identity[1], plural, LANGUAGES[language])
            if problem:
                yield f"{language}: {problem}: {identity[1]!r} ({where})"


def _problem(message: Message, singular: str, plural: str | None, forms: int) -> str | None:
    said = tuple(message.string) if isinstance(message.string, (list, tuple)) else (message.string,)
    if message.fuzzy:
        return "fuzzy"
    if len(said) != (forms if plural else 1):
        return f"has {len(said)} forms, not {forms if plural else 1}"
    if not all(said):
        return "empty"
    known = set(PLACE.findall(singular)) | set(PLACE.findall(plural or ""))
    for text in said:
        # A plural form may leave out the number ("one answer"), never name a place that is not filled.
        places = set(PLACE.findall(text or ""))
        if places - known or (known - places) - ({"num"} if plural else set()):
            return "other placeholders"
    return None


def obsolete(language: str, sources: Sources, root: Path = ROOT) -> list[str]:
    """Return the sentences of the catalogue that stand nowhere in the product any more."""
    return [identity[1] for identity in catalogue(language, root) if identity not in sources.plurals]


def main() -> int:
    """Print the comparison; exit 1 if anything is missing or wrong."""
    sources = extract()
    count = 0
    for language in LANGUAGES:
        for line in faults(language, sources):
            print(line)
            count += 1
        for sentence in obsolete(language, sources):
            print(f"{language}: obsolete: {sentence!r}")
    print(f"{len(sources.plurals)} sentences, {count} faults")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
