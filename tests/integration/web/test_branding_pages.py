"""Name, logo, colours and sender of the company: shown on every page, checked for contrast, drawn anew."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from werkzeug.test import TestResponse

from app.domain.states import Role
from app.upkeep.audit import log as audit
from app.upkeep.branding import sender_name
from tests.builders.issued import staff
from tests.builders.signing_in import Door
from tests.conftest import CAROL
from tests.servers.databases import Database

PATH = "/admin/branding"


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    staff(database.session, CAROL.email, Role.ADMIN, now=now)
    database.session.commit()
    return Door(app, database, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def png(size: tuple[int, int] = (600, 200)) -> bytes:
    written, notes = BytesIO(), PngInfo()
    notes.add_text("author", "somebody")
    Image.new("RGB", size, "#8a1c5a").save(written, "PNG", pnginfo=notes)
    return written.getvalue()


def save(door: Door, client: FlaskClient, *, logo: bytes | None = None, **changes: str) -> TestResponse:
    values: dict[str, Any] = {"company": "Halden", "sender_name": "", "accent": "", "accent_dark": "", **changes}
    if logo is not None:
        values["logo"] = (BytesIO(logo), "logo.png")
    return door.post(client, PATH, values)


def test_the_name_stands_on_every_page_and_in_from(door: Door, carol: FlaskClient) -> None:
    saved = save(door, carol, company="Halden & Sons", sender_name="Halden feedback")

    assert saved.status_code == 303
    assert "· Halden &amp; Sons</span>" in carol.get("/methods").text
    with door.database.sessions() as session:
        assert sender_name(session, "Parity") == "Halden feedback"
        assert audit.entries(session)[-1].details == {"version": 1}


def test_colours_come_as_a_style_sheet_that_never_changes(door: Door, carol: FlaskClient) -> None:
    save(door, carol, accent="8A1C5A", accent_dark="#e59bc6")

    page, stranger = carol.get(PATH).text, door.app.test_client()
    sheet = stranger.get("/branding/1.css")

    assert '<link rel="stylesheet" href="/branding/1.css">' in page
    assert sheet.mimetype == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert ":root { --accent: #8a1c5a; --accent-hover:" in sheet.text
    assert '@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { --accent: #e59bc6;' in sheet.text
    assert "--internal" not in sheet.text
    assert [stranger.get(f"/branding/{path}").status_code for path in ("2.css", "1.png")] == [404, 404]


def test_a_logo_is_drawn_anew_small_and_without_what_the_file_told(door: Door, carol: FlaskClient) -> None:
    save(door, carol, logo=png())
    kept = save(door, carol, logo=None, company="Other")
    shown = door.app.test_client().get("/branding/2.png")
    page = carol.get("/methods").text
    save(door, carol, without_logo="y")

    assert kept.status_code == 303
    assert Image.open(BytesIO(shown.data)).size == (168, 56)
    assert b"somebody" not in shown.data
    assert '<img src="/branding/2.png" alt="">' in page
    assert "/branding/3.png" not in carol.get("/methods").text


def test_what_cannot_be_read_or_shown_is_refused_with_a_reason(door: Door, carol: FlaskClient) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    answers = {
        "on the page its contrast is 1.9, and it needs 4.5": save(door, carol, accent="#74c5dd"),
        "on the page its contrast is 2.3": save(door, carol, accent_dark="#0e5f78"),
        "Write the colour as in #0e5f78.": save(door, carol, accent="url(evil)"),
        "This is no PNG.": save(door, carol, logo=svg),
        "A logo has at most 100 kB.": save(door, carol, logo=b"x" * 101 * 1024),
        "at most 2048 pixels": save(door, carol, logo=png((2049, 1))),
        "too long": save(door, carol, company="x" * 61),
        "in one line": save(door, carol, sender_name="Halden\nBcc: mallory@example.com"),
    }

    for sentence, answer in answers.items():
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
    assert door.app.test_client().get("/branding/1.css").status_code == 404


def test_the_same_again_makes_no_version(door: Door, carol: FlaskClient) -> None:
    save(door, carol, company="Halden")
    save(door, carol, company="Halden")

    assert door.app.test_client().get("/branding/1.css").status_code == 200
    assert door.app.test_client().get("/branding/2.css").status_code == 404
