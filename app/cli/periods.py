"""What commands about quarters share: the calendar of the installation and a readable period argument."""

import click

from app.cli.sessions import settings
from app.domain.periods import Calendar, Period
from app.foundations.languages import gettext


class PeriodType(click.ParamType[Period]):
    """`2026-Q3`."""

    name = "PERIOD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read the period or say how one is written."""
        if isinstance(value, Period):
            return value
        try:
            return Period.parse(str(value))
        except ValueError:
            self.fail(gettext("%(text)s is not a period such as 2026-Q3", text=repr(value)), param, ctx)


PERIOD = PeriodType()


def calendar() -> Calendar:
    """Return where quarters begin in this installation."""
    return Calendar(settings().time_zone, settings().fiscal_year_start)
