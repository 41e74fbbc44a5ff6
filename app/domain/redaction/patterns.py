"""Addresses, links, ids and numbers: what can be told by its form, whatever the language."""

import re
import unicodedata

from app.domain.redaction.marks import ADDRESS, NAME, NUMBER

_ENDS = (
    "com|org|net|info|biz|edu|gov|int|eu|de|ch|pl|ru|рф|su|es|fr|nl|cz|uk|ua|by|kz|io|dev|app|cloud"
    "|local|lan|intra|corp|internal|example"
)
# Each begins at a word's beginning only, or time grows by its square.
_MAIL = re.compile(r"(?<![^\s@<>])[^\s@<>]+@[^\s@<>]+")
_SPELT_MAIL = re.compile(r"(?<!\S)\S{1,64}\s?[\[({](?:at|a|ät|собака)[\])}]\s?\S{1,255}", re.IGNORECASE)
_LINK = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,20}://|(?:mailto|tel|sip|skype):|www\.)\S+", re.IGNORECASE)
_HOST = re.compile(rf"(?<![\w.-])(?:[\w-]{{1,63}}\.){{1,6}}(?:{_ENDS})\b(?:[/:?#]\S*)?", re.IGNORECASE)
_PATH = re.compile(r"(?<!\S)[\"'(]?(?:\\\\|[A-Za-z]:\\|~/|/(?:home|users|mnt|srv|var)/)\S+", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@])@[\w.-]{2,}")

_KEY = re.compile(r"\b([^\W\d_]{1,10})([-_#/ ]?)(\d+)\b")  # HELP-4711, help-12, INC 0012
_NAMED = re.compile(
    r"(?:\b(?:nr|no|num|n)\.|\b(?:nr|ticket|tickets|request|anfrage|vorgang|vorfall|personalnummer|solicitud|incidencia|petición"
    r"|numer\w{0,4}|zgłoszeni\w{0,4}|номер\w{0,4}|заявк\w{0,4}|обращени\w{0,4}|тикет\w{0,4}))\s{0,2}[:#]?\s{0,2}\d+",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\da-z_-]{8,}(?![\w-])", re.IGNORECASE)
_DIGITS = re.compile(r"[+(]?\d[\d\s()/.:‐‑‒–-]{3,}\d|\d{4,}|#\s?\d+")
_SPAN = re.compile(r"\d{1,3}\s?[‐‑‒–-]\s?\d{1,3}\Z")  # "10-12 days" points at nobody
_SIGNS = str.maketrans({"№": "#", "º": ".", "°": "."})  # NFKC would make letters of them
_FEWEST_DIGITS = 4
_KEY_DIGITS = 2


def without_addresses_and_numbers(text: str) -> str:
    """Return the text in one form of Unicode, its addresses, links, paths, mentions, ids and long numbers replaced."""
    plain = visible(text)
    for pattern in (_MAIL, _SPELT_MAIL, _LINK, _HOST, _PATH):
        plain = pattern.sub(ADDRESS, plain)
    plain = _MENTION.sub(NAME, plain)
    plain = _TOKEN.sub(_token, _NAMED.sub(NUMBER, plain))
    return _DIGITS.sub(_number, _KEY.sub(_key, plain))


def visible(text: str) -> str:
    """Return the text with letters and accents in one piece, and without signs that are not seen but part words."""
    composed = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    return "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")


def _key(found: re.Match[str]) -> str:
    letters, between, digits = found.groups()
    is_key = len(digits) >= _KEY_DIGITS or (letters.isupper() and len(letters) > 1)
    is_joined = between in set("-_#") or (letters.isupper() and len(letters) > 1 and between != "/")
    return NUMBER if is_key and is_joined and (between != " " or len(digits) >= _KEY_DIGITS) else found[0]


def _token(found: re.Match[str]) -> str:
    return NUMBER if sum(sign.isdigit() for sign in found[0]) >= _KEY_DIGITS else found[0]


def _number(found: re.Match[str]) -> str:
    if found[0].startswith("#"):
        return NUMBER
    few = sum(sign.isdigit() for sign in found[0]) < _FEWEST_DIGITS
    return found[0] if few or _SPAN.match(found[0]) else NUMBER
