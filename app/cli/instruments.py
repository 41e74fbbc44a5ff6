"""`flask instruments`: which questions of other tools are known, and on what scale."""

import re

import click
from flask.cli import with_appcontext

from app.cli.sessions import noted, reading_transaction, transaction
from app.domain.auditing import Act
from app.domain.instruments import Construct, Instrument, Mode, Moment
from app.foundations import clock
from app.foundations.languages import gettext
from app.models.instruments import known_instruments
from app.upkeep.connections.instruments import InstrumentRefused, add_instrument

_POINTS = re.compile(r"(\d{1,4})\.\.(\d{1,4})")


@click.group(help="Instruments: the questions behind customers' scores.")
def instruments() -> None:
    """Group the commands about instruments."""


@instruments.command("add", help="Register a question that somebody else asks.")
@click.argument("name")
@click.option("--points", required=True, metavar="1..5", help="The lowest and the highest point.")
@click.option("--reverse", is_flag=True, help="The lowest point is the best answer.")
@click.option("--construct", required=True, type=click.Choice([construct.value for construct in Construct]))
@click.option("--labels", metavar="1=Poor,2=…", help="What the points are called.")
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), help="How it reaches the customer.")
@click.option("--moment", type=click.Choice([moment.value for moment in Moment]), help="When it is asked.")
@click.option("--notes", help="What readers should know of it: printed beside its class.")
@with_appcontext
def add(name: str, points: str, reverse: bool, construct: str, labels: str | None, **way: str | None) -> None:
    """Register an instrument; the same again changes nothing but its notes."""
    found = _POINTS.fullmatch(points)
    if found is None:
        raise click.UsageError(gettext("--points '%(text)s': write it as 1..5", text=points))
    try:
        with transaction() as session:
            is_new = add_instrument(
                session,
                name=name,
                lowest=int(found[1]),
                highest=int(found[2]),
                is_reversed=reverse,
                construct=Construct(construct),
                labels=_labels(labels),
                now=clock.now(),
                mode=Mode(way["mode"]) if way["mode"] else None,
                moment=Moment(way["moment"]) if way["moment"] else None,
                notes=way["notes"],
            )
            if is_new:
                noted(session, Act.INSTRUMENT_ADDED, f"instrument:{name}", points=points, reverse=reverse)
    except InstrumentRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(gettext("added %(slug)s", slug=name) if is_new else gettext("%(name)s stands already", name=name))


@instruments.command("list", help="List the built-in instruments and your own.")
@with_appcontext
def list_instruments() -> None:
    """List instruments."""
    with reading_transaction() as session:
        for name, instrument in sorted(known_instruments(session).items()):
            click.echo("\t".join([name, instrument.construct.value, _points(instrument), *_way(instrument)]))


def _points(instrument: Instrument) -> str:
    scale = instrument.scale
    if scale is None:
        return "-"
    best = gettext("%(point)s is best", point=scale.lowest if scale.reverse else scale.highest)
    return f"{scale.lowest}..{scale.highest}, {best}"


def _way(instrument: Instrument) -> list[str]:
    """Return how and when an own instrument is asked, and its notes, as far as they were told."""
    return [word for word in (instrument.mode, instrument.moment, instrument.notes) if word]


def _labels(text: str | None) -> dict[str, str] | None:
    if not text:
        return None
    pairs = [part.partition("=") for part in text.split(",")]
    if any(not (separator and label.strip()) for _, separator, label in pairs):
        raise click.UsageError(gettext("--labels '%(text)s': write it as 1=Poor,2=Fair", text=text))
    return {point.strip(): label.strip() for point, _, label in pairs}
