"""Environment -> Settings -> create_app."""

import click

import config
from app import create_app


def _refusal(sentence: str) -> BaseException:
    """Return what ends the start with a sentence, for whoever calls flask and at the end of gunicorn's log.

    Flask would print the traceback of an exception above its help; gunicorn would start anew after an exit.
    """
    if click.get_current_context(silent=True) is not None:
        return SystemExit(f"Error: {sentence}")
    return click.ClickException(sentence)


try:
    app = create_app(config.load())
except OSError as error:
    raise _refusal(f"PARITY_VAR: {error.filename} cannot be made: {error.strerror}") from error
except config.ConfigError as error:
    raise _refusal(str(error)) from error
