"""Pages: HTTP in, HTTP out; the only layer beside cli and jobs that commits. A new blueprint is one line here."""

from flask import Flask

from app.web import (
    access_log,
    api,
    demo_mailbox,
    health,
    hooks,
    opt_out_pages,
    problems,
    survey_pages,
    templating,
    transactions,
)

BLUEPRINTS = (health.pages, hooks.pages, survey_pages.pages, opt_out_pages.pages)


def register(app: Flask) -> None:
    """Mount the pages and the rules that hold for all of them."""
    transactions.register(app)
    problems.register(app)
    templating.register(app)
    access_log.register(app)
    for pages in BLUEPRINTS:
        app.register_blueprint(pages)
    if app.extensions["parity_settings"].demo:
        app.register_blueprint(demo_mailbox.pages)
    api.register(app)
