"""`/culture/codebook`: what comments are about. Every change is a new version; opened quarters keep theirs."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, redirect, url_for

from app.domain.auditing import Act
from app.domain.codebook import DEFAULT, MOST_THEMES, Codebook, CodebookError, Theme
from app.domain.codebook.editing import (
    Json,
    code_for,
    own_sensitive,
    place_of,
    with_sensitive,
    with_theme,
    without_theme,
)
from app.foundations.languages import spoken
from app.models.base import db
from app.models.codebooks import CodebookVersion, find_codebook
from app.upkeep.audit import log as audit
from app.upkeep.quarters.codebooks import CodebookMoved, publish_codebook
from app.web.culture import codebook_forms
from app.web.culture import comments as comment_pages
from app.web.culture.codebook_forms import REASON, reason_form, theme_form, words_form
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome, StaffForm
from app.web.frame.installation import now, settings
from app.web.frame.speaking import LANGUAGE_NAMES

pages = comment_pages.pages  # one place of the navigation


@pages.get("/codebook")
def codebook() -> Response:
    """Show the codebook in force."""
    version, book = find_codebook(db.session())
    row = db.session.get(CodebookVersion, version)
    return frame.page(
        "culture/codebook.html",
        version=version,
        row=row,
        author=audit.names(db.session()).get(row.author, row.author) if row is not None else "",
        themes=[(theme.code, theme.name(spoken()), theme.stems.get(spoken(), ())) for theme in book.themes],
        is_full=len(book.themes) >= MOST_THEMES,
        own=sum(map(len, own_sensitive(book).values())),
        always=sum(map(len, DEFAULT.sensitive.values())),
        time_zone=settings().time_zone,
    )


@pages.get("/codebook/new-theme")
def new_theme() -> Response:
    """Show an empty theme."""
    form = forms.shown(theme_form(), codebook_forms.of_theme(None))
    return forms.show("culture/theme.html", form, **_theme_words(None))


@pages.post("/codebook/new-theme")
def add_theme() -> Any:
    """Add a theme."""

    def change(book: Codebook, form: StaffForm) -> tuple[Json, int]:
        taken = [theme.code for theme in book.themes]
        theme = codebook_forms.theme_of(form, code_for(form["name_en"].data, taken))
        return with_theme(book, theme), len(taken)

    return _save(
        "culture/theme.html", theme_form(), lambda _: codebook_forms.of_theme(None), change, _theme_words(None)
    )


@pages.get("/codebook/<code>")
def theme(code: str) -> Response:
    """Show one theme."""
    found = _theme(find_codebook(db.session())[1], code)
    form = forms.shown(theme_form(), codebook_forms.of_theme(found))
    return forms.show("culture/theme.html", form, **_theme_words(found))


@pages.post("/codebook/<code>")
def change_theme(code: str) -> Any:
    """Publish a theme with other names or stems."""

    def change(book: Codebook, form: StaffForm) -> tuple[Json, int]:
        return with_theme(book, codebook_forms.theme_of(form, code)), place_of(book, code)

    def stored(book: Codebook) -> dict[str, str]:
        return codebook_forms.of_theme(_theme(book, code))

    found = _theme(find_codebook(db.session())[1], code)
    return _save("culture/theme.html", theme_form(), stored, change, _theme_words(found))


@pages.get("/codebook/<code>/retire")
def retiring(code: str) -> Response:
    """Ask why a theme is to be retired."""
    found = _theme(find_codebook(db.session())[1], code)
    return forms.show("culture/retire.html", forms.shown(reason_form(), {REASON: ""}), **_theme_words(found))


@pages.post("/codebook/<code>/retire")
def retire(code: str) -> Any:
    """Publish the codebook without a theme. Pressed twice, it is gone already."""
    found = find_codebook(db.session())[1].theme(code)
    if found is None:
        return redirect(url_for("comments.codebook"), 303)

    def change(book: Codebook, _form: StaffForm) -> tuple[Json, int]:
        return without_theme(book, _theme(book, code).code), 0

    return _save("culture/retire.html", reason_form(), lambda _: {REASON: ""}, change, _theme_words(found))


@pages.get("/codebook/sensitive-words")
def words() -> Response:
    """Show the sensitive words that were added."""
    form = forms.shown(words_form(), _own_words(find_codebook(db.session())[1]))
    return forms.show("culture/words.html", form, **_words_words())


@pages.post("/codebook/sensitive-words")
def change_words() -> Any:
    """Publish other sensitive words."""

    def change(book: Codebook, form: StaffForm) -> tuple[Json, int]:
        return with_sensitive(book, codebook_forms.stems_of(form)), 0

    return _save("culture/words.html", words_form(), _own_words, change, _words_words())


def _save(
    template: str,
    form_type: type[StaffForm],
    stored: Callable[[Codebook], dict[str, str]],
    change: Callable[[Codebook, StaffForm], tuple[Json, int]],
    values: dict[str, Any],
) -> Any:
    """Publish what a form changes on the version in force, or show the form again with why not."""
    while True:
        version, book = find_codebook(db.session())
        sent = forms.sent(form_type, stored(book))
        if sent.outcome is Outcome.GOOD:
            document, place = change(book, sent.form)
            try:
                _publish(document, str(sent.form[REASON].data), onto=version)
            except CodebookMoved:
                db.session.rollback()  # somebody was quicker by a moment: look what they saved
                continue
            except CodebookError as error:
                sent = codebook_forms.refused(sent.form, error, place)
        if sent.outcome in {Outcome.GOOD, Outcome.SAME}:
            return redirect(url_for("comments.codebook"), 303)
        return forms.answer(template, sent, **values)


def _publish(document: Json, reason: str, *, onto: int) -> None:
    session = db.session()
    author = audit.by_staff(session, frame.viewer().email)
    version = publish_codebook(session, document, author=author, reason=reason, now=now(), onto=onto)
    if version != onto:
        frame.noted(Act.CODEBOOK_PUBLISHED, "codebook", {"version": version})
        session.commit()


def _theme(book: Codebook, code: str) -> Theme:
    return book.theme(code) or abort(404)


def _own_words(book: Codebook) -> dict[str, str]:
    return codebook_forms.of_stems(own_sensitive(book)) | {REASON: ""}


def _theme_words(theme: Theme | None) -> dict[str, Any]:
    return {"theme": theme, "name": theme.name(spoken()) if theme else "", "languages_of_names": LANGUAGE_NAMES}


def _words_words() -> dict[str, Any]:
    always = [(LANGUAGE_NAMES[language], " ".join(stems)) for language, stems in DEFAULT.sensitive.items()]
    return {"always": always, "languages_of_names": LANGUAGE_NAMES}
