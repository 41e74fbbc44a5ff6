"""What every template may use: gettext in the language of the moment, and an error for a name that is missing."""

from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

from app.foundations import formats
from app.foundations.languages import spoken, translations


def register(app: Flask) -> None:
    """Teach the pages' environment our languages and formats."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    # Jinja fills in the parameters itself, escaped, so these return the bare translation.
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: translations(spoken()).ugettext(message),
        ngettext=lambda singular, plural, num: translations(spoken()).ungettext(singular, plural, num),
        pgettext=lambda context, message: translations(spoken()).upgettext(context, message),
        newstyle=True,
    )
    environment.globals["formats"] = formats
    environment.globals["local_day"] = partial(_local_day, app.extensions["parity_settings"].time_zone)
    environment.globals["spoken"] = spoken
    environment.globals["stylesheet"] = partial(_stylesheet, Path(app.static_folder or "static"))


def _local_day(zone: ZoneInfo, moment: datetime) -> date:
    """Return the company's day of a stored moment."""
    return moment.astimezone(zone).date()


def _stylesheet(folder: Path, *names: str) -> Markup:
    """Return our own style sheets to stand inside a page that must carry everything with it."""
    return Markup("\n").join(Markup((folder / name).read_text(encoding="utf-8")) for name in names)  # noqa: S704 ours
