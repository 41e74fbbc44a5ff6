"""Headers of every answer, and the cookie: strict where a page does not ask for more itself."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
ONE_YEAR = 365 * 24 * 3600


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, without making a signer for a visitor who brings no cookie: on a survey page nobody does."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the visitor's session, an empty one where there is none."""
        if self.get_cookie_name(app) not in request.cookies:
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

    def add_headers(response: Response) -> Response:
        there = {name.lower() for name, _ in response.headers}
        for name, value in HEADERS.items():
            if name.lower() not in there:
                response.headers.add(name, value)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add_headers)
