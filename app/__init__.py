"""Parity: one composition root, no logic."""

from flask import Flask

from app.settings import Settings


def create_app(settings: Settings) -> Flask:
    """Bind database, pages and commands to one Flask application."""
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config["SECRET_KEY"] = settings.secret_key
    app.extensions["parity_settings"] = settings
    return app
