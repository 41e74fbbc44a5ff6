"""A real, certified OpenID provider: npm's `oidc-provider`, with accounts and the client that a test names."""

import http.cookiejar
import json
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from app.domain.states import Role
from app.settings import OidcSettings, Settings
from tests.servers.processes import ServerError, free_port, wait_until

HERE = Path(__file__).resolve().parent
VENV = HERE.parents[2] / ".venv"
LIBRARY = VENV / "identity-provider" / "node_modules" / "oidc-provider" / "lib" / "index.js"
CLIENT_ID, CLIENT_SECRET = "parity", "only-for-the-tests"
MOST_STEPS = 12
#: Claims by login: staff of every kind that the tests meet.
ACCOUNTS: Mapping[str, Mapping[str, Any]] = {
    "helen": {"email": "Helen@Example.com", "email_verified": True, "name": "Helen Human", "groups": ["people", "all"]},
    "helen-moved": {"email": "helen@example.com", "email_verified": True, "groups": ["all"]},
    "helen-new": {"email": "helen@example.com", "email_verified": True, "groups": ["people"]},
    "unsaid": {"email": "helen@example.com", "groups": ["people"]},
    "carol": {"email": "carol@example.com", "email_verified": True, "name": "Carol Admin", "groups": "operators"},
    "bob": {"email": "bob@example.com", "email_verified": True},
    "mallory": {"email": "helen@example.com", "email_verified": False, "groups": ["people"]},
    "nameless": {"groups": ["people"]},
}
ROLES = (("people", Role.HR), ("operators", Role.ADMIN))
FORM = re.compile(r'<form[^>]*action="([^"]+)"')
PROMPT = re.compile(r'name="prompt" value="([^"]+)"')


@dataclass(frozen=True)
class IdentityProvider:
    """The running provider, and the address to which it sends people back: an installation must be served there."""

    issuer: str
    base_url: str
    process: subprocess.Popen[bytes]

    def installed(self, settings: Settings) -> Settings:
        """Return the settings of an installation that uses this provider and is served where it leads back to."""
        ours = OidcSettings(
            issuer=self.issuer,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            name="Halden account",
            scopes=("openid", "email", "profile", "groups"),
            roles=ROLES,
        )
        host = urlsplit(self.issuer).netloc
        return replace(settings, oidc=ours, base_url=self.base_url, private_hosts=(host,))

    def sign_in(self, address: str, login: str) -> str:
        """Go through the provider's own pages as a browser does; return the address to which it leads back."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(_Stay(), urllib.request.HTTPCookieProcessor(jar))
        data: bytes | None = None
        for _ in range(MOST_STEPS):
            with _opened(opener, address, data) as answer:
                text, location = answer.read().decode(), answer.headers.get("Location")
            if location:
                address, data = urljoin(address, location), None
                if not address.startswith(self.issuer):
                    return address
                continue
            form, prompt = FORM.search(text), PROMPT.search(text)
            if form is None or prompt is None:
                raise ServerError(text)
            address = urljoin(address, unescape(form[1]))
            data = urlencode({"prompt": prompt[1], "login": login, "password": "any"}).encode()
        raise ServerError("the provider does not lead back")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _opened(opener: urllib.request.OpenerDirector, address: str, data: bytes | None) -> Any:
    try:
        return opener.open(address, data)
    except urllib.error.HTTPError as answer:
        if answer.status in {302, 303}:
            return answer
        raise ServerError(answer.read().decode()) from answer


@contextmanager
def running(accounts: Mapping[str, Mapping[str, Any]]) -> Iterator[IdentityProvider]:
    """Start the provider on loopback. Raises ServerError with the command to run where it is not installed."""
    node = shutil.which("node", path=str(VENV / "bin")) or shutil.which("node")
    if node is None or not LIBRARY.is_file():
        raise ServerError("The identity provider of the tests is missing: run 'make setup'.")
    port, back = free_port(), f"http://127.0.0.1:{free_port()}"
    client = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [f"{back}/sign-in/oidc/callback"],
    }
    issuer = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="parity-oidc-") as folder:
        log = Path(folder) / "log"
        arguments = [str(LIBRARY), str(port), json.dumps([client]), json.dumps(accounts)]
        with log.open("wb") as output:
            process = subprocess.Popen([node, str(HERE / "provider.mjs"), *arguments], stdout=output, stderr=output)
        try:
            wait_until(lambda: _answers(issuer), process, log, "The identity provider")
            yield IdentityProvider(issuer, back, process)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _answers(issuer: str) -> bool:
    try:
        with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
