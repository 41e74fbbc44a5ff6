"""Every sentence of the product is said in every language, with its placeholders and its plural forms."""

import re
from pathlib import Path

import pytest

from tools.translations import LANGUAGES, extract, faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    assert list(faults(language, extract())) == []


def write_product(root: Path, *, translated: str, plural: str = "") -> None:
    (root / "app").mkdir()
    (root / "templates").mkdir()
    (root / "app" / "greetings.py").write_text('gettext("Hello, %(name)s", name=name)\n', encoding="utf-8")
    if plural:
        (root / "templates" / "count.html").write_text("{{ ngettext('one', '%(num)s ones', n) }}", encoding="utf-8")
    folder = root / "translations" / "pl"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\\n"\n\n'
    entry = f'msgid "Hello, %(name)s"\nmsgstr "{translated}"\n\n'
    (folder / "pages.po").write_text(header + entry + plural, encoding="utf-8")


@pytest.mark.parametrize(
    ("translated", "fault"),
    [
        ("Cześć, %(name)s", []),
        ("", ["pl: empty: 'Hello, %(name)s' (app/greetings.py:1)"]),
        ("Cześć", ["pl: other placeholders: 'Hello, %(name)s' (app/greetings.py:1)"]),
        ("Cześć, %(who)s", ["pl: other placeholders: 'Hello, %(name)s' (app/greetings.py:1)"]),
    ],
)
def test_a_faulty_translation_is_found(tmp_path: Path, translated: str, fault: list[str]) -> None:
    write_product(tmp_path, translated=translated)

    assert list(faults("pl", extract(tmp_path), tmp_path)) == fault


def test_a_sentence_of_two_areas_is_found(tmp_path: Path) -> None:
    write_product(tmp_path, translated="Cześć, %(name)s")
    folder = tmp_path / "translations" / "pl"
    (folder / "mail.po").write_bytes((folder / "pages.po").read_bytes())

    assert list(faults("pl", extract(tmp_path), tmp_path)) == ["pl: in two areas, mail and pages: 'Hello, %(name)s'"]


def test_a_plural_needs_all_its_forms(tmp_path: Path) -> None:
    plural = 'msgid "one"\nmsgid_plural "%(num)s ones"\nmsgstr[0] "jeden"\nmsgstr[1] "%(num)s"\nmsgstr[2] ""\n'
    write_product(tmp_path, translated="Cześć, %(name)s", plural=plural)

    assert list(faults("pl", extract(tmp_path), tmp_path)) == ["pl: empty: 'one' (templates/count.html:1)"]


def avoided() -> list[tuple[str, str]]:
    """Return the words that the glossary wants avoided, each with its language."""
    text = Path("docs/glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (\w\w) \| [^|]+ \| [^|]+ \| ([^|]+) \|$", text)
    return [(language, word) for language, words in rows for word in words.split(", ")]


@pytest.mark.parametrize(("language", "word"), avoided())
def test_translations_say_one_thing_with_one_word(language: str, word: str) -> None:
    catalogues = sorted(Path("translations", language).glob("*.po"))

    lines = [line for path in catalogues for line in path.read_text(encoding="utf-8").splitlines()]
    said = [re.sub(r"%\(\w+\)s", "", line) for line in lines if line.startswith("msgstr")]
    assert said
    assert [line for line in said if re.search(rf"\b{word}", line, re.IGNORECASE)] == []
