"""In which language a page is spoken, and what the languages call themselves."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from app.foundations.languages import speak
from app.web.frame.installation import settings

LANGUAGE_NAMES = {"en": "English", "ru": "Русский", "pl": "Polski", "de": "Deutsch", "es": "Español"}


def speak_to(language: str | None = None) -> str:
    """Speak the language that was asked for, else `language`, else the browser's; return it."""
    known = settings().languages
    asked = request.args.get("lang") or _sent_language()
    chosen = next((one for one in (asked, language) if one in known), None)
    chosen = chosen or request.accept_languages.best_match(known) or known[0]
    speak(chosen)
    return chosen


def _sent_language() -> str | None:
    try:
        return (request.form.get("switch") or request.form.get("lang")) if request.method == "POST" else None
    except RequestEntityTooLarge:  # the body is not read; the browser still has the words
        return None
