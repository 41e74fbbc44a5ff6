"""Turn a message's three templates into subject, text and HTML: Jinja first, then MJML. Knows no transport."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.foundations.languages import pgettext, speaking, spoken, translations

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"
_BLANK_LINES = re.compile(r"\n{3,}")
# Without this mrml links Google's web fonts: a mail would tell a third party that it was opened.
_RENDERING = mrml.RenderOptions(fonts={})
TEXT_WIDTH = 72  # columns; RFC 3676 asks for less than 78, quoting adds a few


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The three parts of one message in one language."""

    subject: str
    text: str
    html: str


class MailTemplateError(ValueError):
    """A template yields MJML that cannot be read; the message names the template."""


def render(message: str, language: str, params: Mapping[str, object]) -> Rendered:
    """Render `templates/mail/<message>/` for a reader of `language`; raises UndefinedError on a missing name."""
    with speaking(language):
        subject = one_line(_environment().get_template(f"{message}/subject.txt").render(params))
        values = {**params, "subject": subject, "language": language}
        text = _plain(_environment().get_template(f"{message}/body.txt").render(values))
        mjml = _environment().get_template(f"{message}/body.mjml").render(values)
    try:
        html = str(mrml.to_html(mjml, render_options=_RENDERING).content)
    except OSError as error:  # what mrml raises for unreadable MJML
        raise MailTemplateError(f"{message}/body.mjml: {error}") from error
    return Rendered(subject=subject, text=text, html=html)


def _plain(text: str) -> str:
    """Drop soft hyphens and blank lines left by template blocks; end with one line break."""
    return _BLANK_LINES.sub("\n\n", text.replace("\u00ad", "")).strip() + "\n"


def one_line(text: str) -> str:
    """Fold every run of white space into one space: what a header may hold, and what a title looks like."""
    return " ".join(text.split())


def shorten(text: str, length: int) -> str:
    """Cut data at `length` characters, at a word where there is one near, with an ellipsis."""
    text = one_line(text)
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) >= length // 2 else cut).rstrip(" ,;:.-–—") + "…"


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
