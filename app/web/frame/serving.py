"""Between the server and the pages: whom to believe about the visitor, unread bodies, static files without Flask."""

from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app.settings import Settings
from app.web.frame.bodies import draining

STATIC_SECONDS = 3600  # an update's style sheet is everywhere within the hour


def register(app: Flask, settings: Settings) -> None:
    """Believe as many proxies as the installation has, and serve static files from a list read at the start."""
    assert app.static_folder is not None
    served = WhiteNoise(draining(app.wsgi_app), root=Path(app.static_folder), prefix="static/", max_age=STATIC_SECONDS)
    served.add_headers_function = _as_named
    app.wsgi_app = served  # type: ignore[method-assign]
    count = settings.trusted_proxies
    if count:
        app.wsgi_app = ProxyFix(served, x_for=count, x_proto=count)  # type: ignore[method-assign]


def _as_named(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
