"""A browser that signs in as people do: through the form, the mail and the button."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.foundations.crypto import Keys
from app.mail.links import Links
from app.models.messages import Message
from app.upkeep.signing_in.links import make_sign_in_link
from tests.servers.databases import Database

OK = 200
FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def form_token(page: TestResponse) -> str:
    found = FIELD.search(page.text)
    assert found, page.text[:400]
    return found[1]


def hidden_fields(page: TestResponse) -> dict[str, str]:
    """Return what a page's forms carry unseen: their token, and with what they were shown."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


@dataclass
class Door:
    """The application's way in, with a clock that tests turn."""

    app: Flask
    database: Database
    moment: datetime

    def __post_init__(self) -> None:
        self.app.extensions["parity_clock"] = lambda: self.moment

    @property
    def links(self) -> Links:
        keys: Keys = self.app.extensions["parity_keys"]
        return Links(base_url=self.app.extensions["parity_settings"].base_url, keys=keys)

    def wait(self, **span: float) -> None:
        self.moment += timedelta(**span)

    def ask(self, client: FlaskClient, email: str) -> TestResponse:
        token = form_token(client.get("/sign-in"))
        return client.post("/sign-in", data={"email": email, "csrf_token": token})

    def mailed(self) -> list[str]:
        """Return the paths of the links that stand in the outbox, oldest first."""
        with self.database.sessions() as session:
            rows = session.scalars(select(Message).where(Message.name == "sign_in_link").order_by(Message.id)).all()
        return [_path(self.links.sign_in(bytes.fromhex((row.params or {})["public_id"]))) for row in rows]

    def printed(self, email: str) -> str:
        """Return the path of a link made on the command line."""
        with self.database.sessions() as session, session.begin():
            return _path(make_sign_in_link(session, self.links, email, now=self.moment))

    def use(self, client: FlaskClient, path: str) -> TestResponse:
        """Open a link and press the button, if there is one."""
        page = client.get(path)
        return client.post(path, data={"csrf_token": form_token(page)}) if page.status_code == OK else page

    def signed_in(self, email: str, **options: Any) -> FlaskClient:
        client = self.app.test_client(**options)
        assert self.use(client, self.printed(email)).status_code == 303
        return client

    def post(self, client: FlaskClient, path: str, data: dict[str, Any], *, shown: str = "") -> TestResponse:
        """Open the page that shows a form, `path` itself where no other is named, fill the form in and press."""
        return client.post(path, data=hidden_fields(client.get(shown or path)) | data)


def _path(link: str) -> str:
    return "/" + link.split("/", 3)[3]
