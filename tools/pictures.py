"""`make pictures`: draw docs/pictures anew, from the sample company of a fixed day, in a real browser.

The same day gives the same company, documents and JSON; pictures differ where another Chromium draws letters otherwise.

`python -m tools.pictures [FOLDER]` uses the company that FOLDER holds, or loads it there first (two minutes).
"""

import base64
import re
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import select

import config
from app import create_app
from app.demo.company import SHOWN
from app.demo.loading import load_company
from app.demo.mailbox import FOLDER as MAILS
from app.demo.mailbox import OpenedMail, list_mails, open_mail, sender_into
from app.domain.states import InvitationState
from app.foundations.crypto import Keys
from app.models.base import make_engine, make_sessions, reading
from app.models.invitations import Invitation
from app.settings import Settings
from tests.servers import chromium, web
from tests.servers.databases import migrate
from tests.servers.processes import free_port
from tools.journeys import take_journeys
from tools.keeping import PICTURES, keep
from tools.kinds import take_kinds

Scheme = Literal["light", "dark"]
TODAY = date(2026, 11, 22)
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  of a company that nobody works for
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 760, "height": 900}


def settings_of(folder: Path) -> Settings:
    """Return the settings of the company in `folder`, also of one that `make demo` has loaded."""
    key = folder / "secret_key"
    return config.load(
        {
            "PARITY_SECRET_KEY": key.read_text(encoding="utf-8").strip() if key.exists() else SECRET,
            "PARITY_DATABASE_URL": f"sqlite:///{folder / 'parity.sqlite3'}",
            "PARITY_VAR": str(folder),
            "PARITY_DEMO": "true",
        }
    )


def load(folder: Path) -> None:
    """Load the company of the fixed day, once."""
    settings = settings_of(folder)
    if (folder / "parity.sqlite3").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    send = sender_into(folder / MAILS)
    keys = Keys.of(settings)
    load_company(settings, keys, TODAY, send=send, progress=lambda _done, _days: None, is_last_sent=True)


class Camera:
    """Takes pictures of mails and pages and keeps them small."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        """Photograph with `browser` what the mailbox in `folder` holds."""
        self._browser = browser
        self._folder = folder / MAILS
        self._mails = list_mails(self._folder)
        self._open = unanswered(folder)

    def scorecard(self, code: str) -> OpenedMail:
        """Return the newest scorecard of a department: a mail with its document."""
        opened = (open_mail(self._folder, mail.name) for mail in self._mails)
        return next(mail for mail in opened if any(file.filename.startswith(f"{code}-") for file in mail.attachments))

    def invitation(self, language: str) -> OpenedMail:
        """Return the newest invitation in a language that nobody has answered or was reminded of."""
        opened = (open_mail(self._folder, mail.name) for mail in self._mails if mail.language == language)
        return next(mail for mail in opened if (path := survey_path(mail)) and public_id(path) in self._open)

    def mail(self, name: str, mail: OpenedMail, size: ViewportSize) -> None:
        """Photograph a mail as its reader's program shows it."""
        page = self._browser.new_context(viewport=size, device_scale_factor=2).new_page()
        page.set_content(with_pictures(mail), wait_until="load")
        self._keep(page, name)

    def page(self, name: str, address: str, size: ViewportSize, *, scheme: Scheme = "light") -> None:
        """Photograph a page."""
        context = self._browser.new_context(
            viewport=size, device_scale_factor=2, color_scheme=scheme, locale="en", reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(address)
        self._keep(page, name, whole=False)

    def _keep(self, page: Page, name: str, *, whole: bool = True) -> None:
        keep(name, page.screenshot(full_page=whole, animations="disabled"))
        page.context.close()


def unanswered(folder: Path) -> set[bytes]:
    """Return the public ids of invitations that were asked about once and wait for an answer."""
    engine = make_engine(settings_of(folder).database_url)
    waiting = select(Invitation.public_id).where(
        Invitation.state.in_((InvitationState.QUEUED, InvitationState.SENT)), Invitation.reminded_at.is_(None)
    )
    with reading(), make_sessions(engine)() as session:
        found = {bytes(public_id) for public_id in session.scalars(waiting)}
    engine.dispose()
    return found


def public_id(path: str) -> bytes:
    """Return the public id that a survey's token begins with."""
    return base64.urlsafe_b64decode(path.removeprefix("/s/")[:22] + "==")


def survey_path(mail: OpenedMail) -> str | None:
    """Return the path of the survey that a mail's text leads to."""
    found = re.search(r"/s/[\w-]{44}", mail.text)
    return found[0] if found else None


def with_pictures(mail: OpenedMail) -> str:
    """Return a mail's HTML with its pictures inside."""
    html = mail.html
    for picture in mail.pictures:
        content = base64.b64encode(picture.content).decode()
        html = html.replace(f"cid:{picture.content_id}", f"data:{picture.media_type};base64,{content}")
    return html


def take_all(camera: Camera, address: str) -> None:
    """Take every picture of docs/pictures."""
    for language in ("en", "de"):
        invitation = camera.invitation(language)
        camera.mail(f"invitation-phone-{language}", invitation, PHONE)
        camera.mail(f"invitation-desktop-{language}", invitation, DESKTOP)
    survey = f"{address}{survey_path(camera.invitation('en'))}"
    camera.page("survey-phone", f"{survey}?score=4", PHONE)
    camera.page("survey-phone-dark", f"{survey}?score=2", PHONE, scheme="dark")
    camera.page("mailbox", f"{address}/demo/mailbox", {"width": 1000, "height": 760})
    camera.mail("scorecard-mail", camera.scorecard(SHOWN), DESKTOP)


def main(words: list[str]) -> None:
    """Load where needed, serve, take the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, chromium.running() as browser:
        folder = Path(words[0]).resolve() if words else Path(temporary)
        load(folder)
        app = create_app(settings_of(folder))
        camera = Camera(browser, folder)
        an_hour_later = camera.invitation("en").listed.at + timedelta(hours=1)
        app.extensions["parity_clock"] = lambda: an_hour_later
        with web.serving(app, free_port()) as address:
            take_all(camera, address)
        take_kinds(app, browser)
    take_journeys()


if __name__ == "__main__":
    main(sys.argv[1:])
