"""Turn a message's three templates into subject, text and HTML: Jinja first, then MJML. Knows no transport."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import escape

from app.foundations.languages import pgettext, speaking, spoken, translations

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"
_MARK = re.compile(r"@@([.\w]+)@@")
_BLANK_LINES = re.compile(r"\n{3,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Without this mrml links Google's web fonts: a mail would tell a third party that it was opened.
_RENDERING = mrml.RenderOptions(fonts={})
TEXT_WIDTH = 72  # columns; RFC 3676 asks for less than 78, quoting adds a few


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The three parts of one message in one language."""

    subject: str
    text: str
    html_pieces: tuple[str, ...]  # together the page; every second one is this reader's own, the others a batch shares

    @property
    def html(self) -> str:
        """The page."""
        return "".join(self.html_pieces)


class MailTemplateError(ValueError):
    """A template yields MJML that cannot be read; the message names the template."""


def render(message: str, language: str, params: Mapping[str, object]) -> Rendered:
    """Render `templates/mail/<message>/` for a reader of `language`; raises UndefinedError on a missing name.

    Values are strings, numbers, enums, and lists and mappings of them. In the MJML a template may ask whether a string
    is empty and what a number or an enum is, but not look into a string: strings are filled in behind the MJML engine.
    """
    with speaking(language):
        subject = one_line(_environment().get_template(f"{message}/subject.txt").render(params))
        values = {**params, "subject": subject, "language": language}
        text = _plain(_environment().get_template(f"{message}/body.txt").render(values))
    return Rendered(subject=subject, text=text, html_pieces=_html(message, language, values))


def _html(message: str, language: str, values: Mapping[str, object]) -> tuple[str, ...]:
    """Fill the strings into the skeleton, which the mails of a batch share.

    Not before MJML: mrml writes a no-break space or a backslash inside an attribute as its source code would.
    """
    pieces, paths = _skeleton(message, language, _shape(values))
    strings = dict(_strings(values, ""))
    return *(text for piece, path in zip(pieces, paths, strict=False) for text in (piece, strings[path])), pieces[-1]


@lru_cache(maxsize=128)
def _skeleton(message: str, language: str, shape: Any) -> tuple[list[str], list[str]]:
    """Return the HTML cut at its strings, and the path of the string that stands at each cut."""
    with speaking(language):
        mjml = _environment().get_template(f"{message}/body.mjml").render(_marked(shape, ""))
    try:
        html = str(mrml.to_html(mjml, render_options=_RENDERING).content)
    except OSError as error:  # what mrml raises for unreadable MJML
        raise MailTemplateError(f"{message}/body.mjml: {error}") from error
    pieces = _MARK.split(html)
    return pieces[::2], pieces[1::2]


def _shape(value: Any) -> Any:
    """Return what of a value decides about the skeleton: everything but the text of its strings. Hashable.

    No string of the value itself stands in a shape but the empty one, so these words cannot be mistaken.
    """
    if type(value) is str:
        return "text" if value else ""
    if isinstance(value, (list, tuple)):
        return "list", *map(_shape, value)
    if isinstance(value, Mapping):
        return "mapping", *((name, _shape(one)) for name, one in value.items())
    return value


def _marked(shape: Any, path: str) -> Any:
    match shape:
        case ("mapping", *items):
            return {name: _marked(one, f"{path}.{name}") for name, one in items}
        case ("list", *items):
            return [_marked(one, f"{path}.{index}") for index, one in enumerate(items)]
        case "text":
            return f"@@{path}@@"
        case _:
            return shape


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if type(value) is str:
        yield path, str(escape(value))
    elif isinstance(value, (list, tuple)):
        for index, one in enumerate(value):
            yield from _strings(one, f"{path}.{index}")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _strings(one, f"{path}.{name}")


def _plain(text: str) -> str:
    """Drop soft hyphens and blank lines left by template blocks; end with one line break."""
    return _BLANK_LINES.sub("\n\n", text.replace("\u00ad", "")).strip() + "\n"


def one_line(text: str) -> str:
    """Fold every run of white space and control characters into one space: what a header may hold, and a title."""
    return " ".join(_CONTROL.sub(" ", text).split())


def shorten(text: str, length: int) -> str:
    """Cut data at `length` characters, at a word where there is one near, with an ellipsis."""
    text = one_line(text)
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) >= length // 2 else cut).rstrip(" ,;:.-–—") + "…"


@lru_cache(maxsize=512)  # most sentences of a batch are the same
def fold(text: str) -> str:
    """Wrap each paragraph of a text part at 72 columns; a link longer than that stays whole."""
    paragraphs = (one_line_keeping_spaces(paragraph) for paragraph in text.strip().split("\n\n"))
    return "\n\n".join(
        textwrap.fill(paragraph, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False) for paragraph in paragraphs
    )


def one_line_keeping_spaces(text: str) -> str:
    """Join lines without touching no-break spaces, which keep a date or a number with its unit together."""
    return " ".join(part for part in text.replace("\n", " ").split(" ") if part)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("mjml",), default=False),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # asking the file system about four files a mail was a twentieth of its cost
    )
    # The extension fills in the parameters itself, after escaping them: it wants the bare look-ups.
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: translations(spoken()).ugettext(message),
        ngettext=lambda singular, plural, num: translations(spoken()).ungettext(singular, plural, num),
        newstyle=True,
        pgettext=pgettext,
    )
    environment.filters["fold"] = fold
    return environment
