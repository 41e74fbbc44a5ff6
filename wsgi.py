"""Environment -> Settings -> create_app."""

import click

import config
from app import create_app

try:
    app = create_app(config.load())
except OSError as error:
    raise click.ClickException(f"PARITY_VAR: {error.filename} cannot be made: {error.strerror}") from error
except config.ConfigError as error:  # a sentence for whoever calls flask; under gunicorn it ends the log
    raise click.ClickException(str(error)) from error
