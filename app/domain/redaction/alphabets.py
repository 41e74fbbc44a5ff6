"""One spelling for the many in which a name is written: without accents, and across alphabets."""

import unicodedata
from collections.abc import Iterator

_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_RUSSIAN_EAR = str.maketrans({"ä": "e", "ö": "e", "ü": "iu"})  # Müller is Мюллер
_CYRILLIC = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфы", "abvgdeziklmnoprstufi", strict=True))
    | {"ж": "zh", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "э": "e", "ю": "iu", "я": "ia"}
    | {"ъ": "", "ь": "", "й": "i", "ё": "e", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u"}
)
# What the usual transcriptions write for one sound; the order counts.
_ONE_SOUND = (
    *(("shch", "sch"), ("kh", "h"), ("ts", "c"), ("tz", "c"), ("x", "ks"), ("w", "v"), ("j", "i"), ("y", "i")),
    *(("ii", "i"), ("ii", "i")),
)


def folded(word: str) -> str:
    """Return a word case-folded and without accents: `Wiśniewską` and `WISNIEWSKA` begin alike."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_STROKES)


def spellings(name: str) -> Iterator[str]:
    """Yield a name folded, and as it is written where keyboards have no umlauts."""
    yield folded(name)
    german = name.casefold().translate(_GERMAN)
    if german != name.casefold():
        yield folded(german)


def is_cyrillic(word: str) -> bool:
    """Tell whether a word has a Cyrillic letter."""
    return any("\u0400" <= sign <= "\u04ff" for sign in word)


def skeleton(word: str) -> str:
    """Return what a word sounds like in Latin letters, so that `Юлия`, `Julia` and `Yuliya` are one."""
    plain = folded(unicodedata.normalize("NFC", word).casefold().translate(_CYRILLIC))
    for many, one in _ONE_SOUND:
        plain = plain.replace(many, one)
    return plain.removeprefix("i") if plain.startswith("ie") else plain


def skeletons(name: str) -> Iterator[str]:
    """Yield what a name sounds like, and what it sounds like to whoever writes its umlauts by ear."""
    yield skeleton(name)
    heard = name.casefold().translate(_RUSSIAN_EAR)
    if heard != name.casefold():
        yield skeleton(heard)
