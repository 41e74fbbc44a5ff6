"""Headers of every answer, and the cookie: strict where a page does not ask for more itself."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
ONE_YEAR = 365 * 24 * 3600

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Any]


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, without making a signer for a visitor who brings no cookie: on a survey page nobody does."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the visitor's session, an empty one where there is none."""
        if "Cookie" not in request.headers or self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def register(app: Flask) -> None:
    """Set the headers of all pages and the kind of cookie that this installation can have."""
    settings: Settings = app.extensions["parity_settings"]
    is_https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        # A browser takes a cookie called __Host-… only from this very host and over TLS.
        SESSION_COOKIE_NAME="__Host-parity" if is_https else "parity",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # the token belongs to the session, and ends with it
    )

    app.session_interface = Sessions()
    of_tls = {"Strict-Transport-Security": f"max-age={ONE_YEAR}"} if is_https else {}
    app.wsgi_app = with_headers(app.wsgi_app, HEADERS | of_tls)  # type: ignore[assignment, method-assign]


def with_headers(program: Wsgi, headers: Mapping[str, str]) -> Wsgi:
    """Return the program with these headers on each of its answers, but for those that an answer brings itself.

    Below Flask, because a page's own list of headers is checked and copied twice before it gets here.
    """
    named = [(name.lower(), (name, value)) for name, value in headers.items()]

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def start(status: str, own: list[tuple[str, str]], exc_info: Any = None) -> Any:
            brought = {name.lower() for name, _ in own}
            return start_response(status, own + [pair for name, pair in named if name not in brought], exc_info)

        return program(environ, start)

    return answer
