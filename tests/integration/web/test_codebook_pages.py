"""HR edits the codebook on a page: every change is a new version, of two who edit at once none loses anything."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.codebook import DEFAULT, MOST_THEMES, Codebook
from app.domain.states import Role
from app.models.audit import AuditEntry
from app.models.codebooks import CodebookVersion, find_codebook
from app.upkeep.audit.log import by_staff
from tests.builders.bad_input import BAD
from tests.builders.issued import staff
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import HELEN
from tests.servers.databases import Database

BOOK = "/culture/codebook"
LANGUAGES = ("en", "ru", "pl", "de", "es")
WHY = {"reason": "People write it otherwise"}


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    staff(database.session, HELEN.email, Role.HR, now=now, name=HELEN.name)
    database.session.commit()
    return Door(app, database, now)


@pytest.fixture
def on_sqlite(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, HELEN.email, Role.HR, now=now, name=HELEN.name)
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, now)


def in_force(door: Door) -> tuple[int, Codebook]:
    with door.database.sessions() as session:
        return find_codebook(session)


def filled(code: str, **changed: str) -> dict[str, str]:
    """Return the form of a built-in theme as it stands, with some fields changed."""
    theme = DEFAULT.theme(code)
    assert theme is not None
    names = {f"name_{language}": theme.names[language] for language in LANGUAGES}
    stems = {f"stems_{language}": " ".join(theme.stems.get(language, ())) for language in LANGUAGES}
    return names | stems | WHY | changed


def test_a_theme_gets_another_name_and_words_in_a_new_version_that_says_who_and_why(door: Door) -> None:
    helen = door.signed_in(HELEN.email)

    changed = filled("waiting", name_de="Lange gewartet", stems_en="wait, Slow;  delay")
    answer = door.post(helen, f"{BOOK}/waiting", changed)

    version, book = in_force(door)
    theme = book.theme("waiting")
    assert theme is not None
    assert (answer.status_code, answer.location, version) == (303, BOOK, 1)
    assert (theme.names["de"], theme.stems["en"]) == ("Lange gewartet", ("wait", "slow", "delay"))
    assert [one.code for one in book.themes] == [one.code for one in DEFAULT.themes]
    with door.database.sessions() as session:
        row = session.get_one(CodebookVersion, 1)
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "codebook.published")).one()
        assert (row.author, row.reason) == (by_staff(session, HELEN.email), WHY["reason"])
        assert (noted.actor, noted.subject, noted.details) == (row.author, "codebook", {"version": 1})
    page = helen.get(BOOK).text
    assert ("Version 1, from" in page, "by helen@example.com: People write it otherwise" in page) == (True, True)


def test_two_who_change_two_themes_at_the_same_moment_lose_nothing(door: Door) -> None:
    clients = [door.signed_in(HELEN.email) for _ in range(2)]
    forms = [
        (f"{BOOK}/{code}", hidden_fields(client.get(f"{BOOK}/{code}")) | filled(code, name_en=name))
        for client, code, name in zip(clients, ("waiting", "quick"), ("Long waits", "Fast help"), strict=True)
    ]

    with ThreadPoolExecutor(2) as threads:
        sent = threads.map(
            lambda pair: pair[0].post(pair[1][0], data=pair[1][1]).status_code, zip(clients, forms, strict=True)
        )

    assert list(sent) == [303, 303]
    version, book = in_force(door)
    names = {theme.code: theme.names["en"] for theme in book.themes}
    assert (version, names["waiting"], names["quick"]) == (2, "Long waits", "Fast help")


def test_the_second_of_two_who_change_the_same_theme_sees_what_the_first_wrote(on_sqlite: Door) -> None:
    helen, other = (on_sqlite.signed_in(HELEN.email) for _ in range(2))
    late = hidden_fields(other.get(f"{BOOK}/quick")) | filled("quick", name_en="Fast")
    on_sqlite.post(helen, f"{BOOK}/quick", filled("quick", name_en="Swift"))

    answer = other.post(f"{BOOK}/quick", data=late)
    again = other.post(f"{BOOK}/quick", data=late | hidden_fields(answer))

    assert answer.status_code == 409
    assert "Name, English: was Quick help, now Swift, you wrote Fast" in answer.text
    assert again.status_code == 303
    assert [theme.names["en"] for theme in in_force(on_sqlite)[1].themes if theme.code == "quick"] == ["Fast"]


def test_the_same_form_sent_again_makes_no_version(on_sqlite: Door) -> None:
    helen = on_sqlite.signed_in(HELEN.email)
    form = hidden_fields(helen.get(f"{BOOK}/quick")) | filled("quick", name_en="Swift")

    answers = [helen.post(f"{BOOK}/quick", data=form).status_code for _ in range(2)]

    assert (answers, in_force(on_sqlite)[0]) == ([303, 303], 1)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("stems_de", "ab", "is no beginning of a word: 3 to 40 letters, nothing else"),
        ("stems_en", "wait!", "is no beginning of a word: 3 to 40 letters, nothing else"),
        ("stems_en", " ".join(["wait"] * 201), "201 beginnings of words are too many; name at most 200"),
        ("name_en", "Quick help", "another theme is called 'Quick help', too; nobody could tell them apart"),
        ("name_pl", "x" * 61, "is no name: one line of at most 60 printable characters"),
        ("name_en", "", "Write a name; other languages fall back to it."),
        ("reason", "", "Say why; it is kept with the version."),
    ],
)
def test_what_no_codebook_can_hold_is_said_at_its_field(on_sqlite: Door, field: str, typed: str, told: str) -> None:
    helen = on_sqlite.signed_in(HELEN.email)

    answer = on_sqlite.post(helen, f"{BOOK}/waiting", filled("waiting", **{field: typed}))

    assert answer.status_code == 422
    problem = answer.text.partition(f'id="{field}-problem"')[2].partition("</span>")[0]
    assert told in problem.replace("&#39;", "'"), answer.text
    assert in_force(on_sqlite)[0] == 0


@pytest.mark.parametrize("path", ["quick", "sensitive-words", "new-theme"])
@pytest.mark.parametrize("kind", BAD)
def test_bad_input_in_any_field_is_refused_or_stored_as_text(on_sqlite: Door, path: str, kind: str) -> None:
    helen = on_sqlite.signed_in(HELEN.email)
    names = {name for name in filled("quick") if f'name="{name}"' in helen.get(f"{BOOK}/{path}").text}

    for field in sorted(names & {"name_en", "name_ru", "stems_es", "reason"}):
        answer = on_sqlite.post(helen, f"{BOOK}/{path}", {**dict.fromkeys(names, "Words"), field: BAD[kind]})

        assert answer.status_code in {303, 422}
        assert "<script>alert" not in answer.text + helen.get(BOOK).text


def test_a_theme_is_added_with_a_code_of_its_own_until_there_are_twelve(on_sqlite: Door) -> None:
    helen = on_sqlite.signed_in(HELEN.email)
    new = {"name_en": "It took long (again)", "stems_en": "again", **WHY}
    full = on_sqlite.post(helen, f"{BOOK}/new-theme", new)

    on_sqlite.post(helen, f"{BOOK}/reach/retire", WHY)
    on_sqlite.post(helen, f"{BOOK}/waiting/retire", WHY)
    added = on_sqlite.post(helen, f"{BOOK}/new-theme", new)

    assert len(DEFAULT.themes) == MOST_THEMES
    assert (full.status_code, "13 themes are too many" in full.text, added.status_code) == (422, True, 303)
    version, book = in_force(on_sqlite)
    assert (version, book.themes[-1].code, len(book.themes)) == (3, "it_took_long_again", 11)


def test_sensitive_words_are_added_to_those_that_always_hold(on_sqlite: Door) -> None:
    helen = on_sqlite.signed_in(HELEN.email)

    answer = on_sqlite.post(helen, f"{BOOK}/sensitive-words", {"stems_de": "Kantine harass", **WHY})

    book = in_force(on_sqlite)[1]
    assert answer.status_code == 303
    assert (book.is_sensitive("Die Kantinenfrage"), book.is_sensitive("she was harassed")) == (True, True)
    assert "kantine" in helen.get(f"{BOOK}/sensitive-words").text.partition("<details")[0]


def test_what_is_not_there_gets_a_kind_page(on_sqlite: Door) -> None:
    helen = on_sqlite.signed_in(HELEN.email)
    data: dict[str, Any] = hidden_fields(helen.get(f"{BOOK}/quick")) | filled("quick")

    for path in ("weather", "weather/retire", "Quick"):
        assert helen.get(f"{BOOK}/{path}").status_code == 404
        assert helen.post(f"{BOOK}/{path}", data=data).status_code == (303 if path.endswith("retire") else 404)
    assert in_force(on_sqlite)[0] == 0


def test_a_forged_form_publishes_nothing_and_keeps_what_was_typed(on_sqlite: Door) -> None:
    helen = on_sqlite.signed_in(HELEN.email)

    answer = helen.post(f"{BOOK}/quick", data=filled("quick", name_en="Swift") | {"csrf_token": "x"})

    assert (answer.status_code, 'value="Swift"' in answer.text, in_force(on_sqlite)[0]) == (400, True, 0)
