"""How a fault of a table can be mended on the command line, beside mending the file: options and commands."""

from app.foundations.languages import gettext, mark

WAYS = {
    "--ignore-unknown": mark("map it with --map or pass --ignore-unknown"),
    "nameless": mark("name it, or pass --ignore-unknown"),
    "--encoding": mark("name the encoding of the file, for example --encoding cp1251"),
    "--empty": mark("name it with --empty then"),
    "--time-zone": mark("mend the date, or name the zone of the file's times with --time-zone"),
    "instruments": mark("add it: flask instruments add NAME --points 1..5 --construct …"),
    "trackers": mark("add it first: flask trackers add SLUG --kind csv"),
    "sources": mark("add it first: flask sources add SLUG --kind csv"),
    "names": mark(
        "say what they mean with --value 'provider_department:NAME=CODE', for good with flask trackers map, or make "
        "them with --create-departments"
    ),
}


def mended(mend: str) -> str:
    """Return what is said behind a fault; '' where only the file can be mended."""
    if not mend:
        return ""
    way = gettext(WAYS[mend]) if mend in WAYS else gettext("see %(option)s", option=mend)
    return f"; {way}"
