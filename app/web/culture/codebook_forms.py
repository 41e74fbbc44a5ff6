"""The forms of the codebook: a theme with its names and word stems, sensitive words, and why."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from wtforms import Field, StringField

from app.domain.codebook import LANGUAGES, CodebookError, CodebookFault, CodebookProblem, Theme
from app.foundations.languages import gettext, mark
from app.upkeep.quarters.codebooks import fault_in_words
from app.web.frame import forms
from app.web.frame.form_rules import at_most, needed, one_line, storable
from app.web.frame.forms import Sent, StaffForm
from app.web.frame.speaking import LANGUAGE_NAMES

NAME, STEMS, REASON = "name_", "stems_", "reason"
LONGEST_REASON, LONGEST_STEMS = 300, 4000  # characters
_PLACE = re.compile(r"(?:themes\[(\d+)\]\.(names|stems)|(sensitive))\.(\w\w)")


class _WithReason(StaffForm):
    aside: ClassVar[frozenset[str]] = frozenset({REASON})


def theme_form() -> type[StaffForm]:
    """Return the form of a theme, with a name and stems in each language."""
    fields: dict[str, Field] = {}
    for language in LANGUAGES:
        label = gettext("Name, %(language)s", language=LANGUAGE_NAMES[language])
        rules = [needed(mark("Write a name; other languages fall back to it."))] if language == "en" else []
        fields[NAME + language] = StringField(label, [*rules, one_line], filters=[storable])
    return type("ThemeForm", (_WithReason,), fields | _stems() | _reason())


def words_form() -> type[StaffForm]:
    """Return the form of the sensitive words that are added to those that always hold."""
    return type("WordsForm", (_WithReason,), _stems() | _reason())


def reason_form() -> type[StaffForm]:
    """Return the form that asks for nothing but why."""
    return type("ReasonForm", (StaffForm,), _reason())


def _stems() -> dict[str, Field]:
    labels = {
        language: gettext("Beginnings of words, %(language)s", language=LANGUAGE_NAMES[language])
        for language in LANGUAGES
    }
    return {
        STEMS + language: StringField(label, [at_most(LONGEST_STEMS)], filters=[_spaced])
        for language, label in labels.items()
    }


def _reason() -> dict[str, Field]:
    rules = [needed(mark("Say why; it is kept with the version.")), at_most(LONGEST_REASON), one_line]
    return {REASON: StringField(mark("Why"), rules, filters=[storable])}


def _spaced(text: str | None) -> str:
    """Return stems with one space between; commas part them, too."""
    return " ".join(storable(text).replace(",", " ").replace(";", " ").split())


def of_theme(theme: Theme | None) -> dict[str, str]:
    """Return the values of the form as they are stored; empty ones for a new theme."""
    names, stems = (theme.names, theme.stems) if theme is not None else ({}, {})
    return {NAME + language: names.get(language, "") for language in LANGUAGES} | of_stems(stems) | {REASON: ""}


def of_stems(stems: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the values of the fields of stems."""
    return {STEMS + language: " ".join(stems.get(language, ())) for language in LANGUAGES}


def theme_of(form: StaffForm, code: str) -> dict[str, Any]:
    """Return the theme of a form as documents hold it."""
    names = {language: form[NAME + language].data for language in LANGUAGES if form[NAME + language].data}
    return {"code": code, "names": names, "stems": stems_of(form)}


def stems_of(form: StaffForm) -> dict[str, list[str]]:
    """Return the stems of a form by language, those that are there."""
    found = {language: form[STEMS + language].data.split() for language in LANGUAGES}
    return {language: stems for language, stems in found.items() if stems}


def refused(form: StaffForm, error: CodebookError, place: int = 0) -> Sent[StaffForm]:
    """Return the form with each fault at its field; what is wrong with the whole codebook stands at the last one."""
    for fault in error.faults:
        name = _field_of(fault, place)
        label = str(form[name].label.text)
        if not form[name].errors:
            sentence = fault_in_words(replace(fault, field=label)).removeprefix(f"{label}: ")
            forms.refused(form, name, sentence)
    return Sent(form, forms.Outcome.WRONG)


def _field_of(fault: CodebookFault, place: int) -> str:
    found = _PLACE.match(fault.field)
    is_ours = fault.problem is CodebookProblem.NAME_TWICE  # of two with one name the later one is told, be it another
    if found is None or not (is_ours or found[3] or int(found[1]) == place):
        return REASON
    return (NAME if found[2] == "names" else STEMS) + found[4]
