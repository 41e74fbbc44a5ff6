"""Parity: one composition root, no logic."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from app import cli, models, web  # noqa: F401  every table is known before the first query
from app.foundations.crypto import Keys
from app.jobs.hints import Hints
from app.models.base import db, engine_options
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """Bind database, pages and commands to one Flask application."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    app.extensions["parity_settings"] = settings
    app.extensions["parity_keys"] = Keys.of(settings)
    settings.var.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    app.extensions["parity_queue"] = Hints(settings)
    web.register(app)
    cli.register(app)
    return app
