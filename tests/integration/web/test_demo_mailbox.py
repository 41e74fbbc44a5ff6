"""The demo's mailbox page: nice to look at, harmless whatever a mail contains, absent outside the demo."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from app import create_app
from app.demo.mailbox import FOLDER, list_mails, sender_into
from app.settings import Settings
from tests.mail.samples import asked, links, sample
from tests.mail.test_encoding import envelope
from tests.servers import web
from tests.servers.databases import Database
from tests.servers.processes import free_port

PHONE = 480
AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@pytest.fixture
def demo(sqlite: Database) -> Settings:
    """A demo with one scorecard mail in its mailbox."""
    settings = replace(sqlite.settings, demo=True)
    sender_into(settings.var / FOLDER)(sample("scorecard", "en"), envelope(recipient_name="Bob Head"))
    return settings


@pytest.fixture
def visitor(demo: Settings) -> FlaskClient:
    return create_app(demo).test_client()


def name_of(demo: Settings) -> str:
    return list_mails(demo.var / FOLDER)[0].name


def test_it_lists_reader_subject_and_time(visitor: FlaskClient) -> None:
    page = visitor.get("/demo/mailbox").text

    assert "1 mail has been sent." in page
    assert 'Bob Head <span class="address">&lt;alice@example.com&gt;</span>' in page
    assert "17\u00a0November, 09:30" in page


def test_the_page_speaks_the_visitors_language(visitor: FlaskClient) -> None:
    page = visitor.get("/demo/mailbox", headers={"Accept-Language": "ru"}).text

    assert "Отправлено 1 письмо." in page


def test_there_is_no_such_page_outside_the_demo(sqlite: Database) -> None:
    assert create_app(sqlite.settings).test_client().get("/demo/mailbox").status_code == 404


@pytest.mark.parametrize("name", ["20261117T093000-000000000000", "..%2f..%2fsecret_key", "x"])
@pytest.mark.parametrize("rest", ["", "/page", "/files/0"])
def test_an_unknown_mail_is_not_found(visitor: FlaskClient, name: str, rest: str) -> None:
    assert visitor.get(f"/demo/mailbox/{name}{rest}").status_code == 404


def test_the_mail_stands_alone_in_a_sandbox(visitor: FlaskClient, demo: Settings) -> None:
    answer = visitor.get(f"/demo/mailbox/{name_of(demo)}/page")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert 'src="data:image/png;base64,' in answer.text
    assert "cid:" not in answer.text


def test_the_text_part_is_escaped_and_its_addresses_are_links(visitor: FlaskClient, demo: Settings) -> None:
    from app.domain.instruments import wording
    from app.mail.content import invitation

    mail = invitation(asked("en", title="<script>alert(1)</script>"), links("en"), wording("en"))
    sender_into(demo.var / FOLDER)(mail, envelope(date=AT.replace(year=2027)))

    page = visitor.get(f"/demo/mailbox/{name_of(demo)}?as=text").text

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert f'<a href="{links("en").score(5)}" target="_blank" rel="noopener noreferrer">' in page


def test_an_attachment_is_handed_out_as_a_file(visitor: FlaskClient, demo: Settings) -> None:
    answer = visitor.get(f"/demo/mailbox/{name_of(demo)}/files/0")

    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=it-support-2026-Q3-r1.pdf"
    assert answer.data.startswith(b"%PDF-")
    assert visitor.get(f"/demo/mailbox/{name_of(demo)}/files/1").status_code == 404


@pytest.mark.parametrize("way", ["page", "phone", "text", "headers"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_it_is_accessible_and_fits_every_width(
    demo: Settings,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    way: str,
    width: int,
    scheme: str,
) -> None:
    port = free_port()
    with web.serving(create_app(demo), port) as address:
        page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.goto(f"{address}/demo/mailbox")
        page.get_by_text("colleagues satisfied").click()
        page.goto(f"{page.url}?as={way}")

        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # On a phone there is one width, so no choice between two.
        assert page.get_by_role("link", name="As on a phone").is_visible() == (width > PHONE)
