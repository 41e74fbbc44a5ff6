"""How a page says what is wrong with a table: the fault in the reader's language, and what on the page mends it."""

from collections.abc import Mapping
from typing import Any

from app.foundations.languages import gettext, mark, said_again
from app.models.uploads import ImportKind
from app.web.imports.forms import UploadForm

#: What the rows of a table are.
KINDS: Mapping[ImportKind, str] = {
    ImportKind.DEPARTMENTS: mark("Departments"),
    ImportKind.PEOPLE: mark("People"),
    ImportKind.REQUESTS: mark("Requests of a tracker"),
    ImportKind.RESPONSES: mark("Earlier answers"),
    ImportKind.EXTERNAL: mark("Scores from customers"),
}
#: By the option that helps on the command line (app/cli/mending.py says the same for commands).
WAYS = {
    "--ignore-unknown": mark("Say under “Columns” which one it is, or tick “Skip unknown columns”."),
    "nameless": mark("Name it in the file, or tick “Skip unknown columns”."),
    "--encoding": mark("Choose the encoding of the file, or save it as UTF-8."),
    "--rows": mark("Choose under “Several rows with one id” which of them counts."),
    "--empty": mark("If so, write it under “Cells to read as empty”."),
    "--time-zone": mark("Correct it in the file, or say where its times are from: “Time zone of times without one”."),
    "--create-departments": mark("Correct it in the file, or tick “Add unknown departments”."),
    "--replace": mark("Name the quarter under “Quarter to replace”: its answers of this source are dropped first."),
    "instruments": mark("Add it first: Trackers, then “Questions asked by other tools”."),
    "trackers": mark("Add the tracker first, under Trackers."),
    "sources": mark("Add the source first, under Trackers."),
    "names": mark("Say on the tracker's page what its values mean, or tick “Add unknown departments”."),
}
#: Which field of the form is an option of the commands.
FIELDS = {
    "--map": "columns",
    "--set": "constants",
    "--value": "values",
    "--empty": "empty",
    "--done": "done",
    "--not-delivered": "not_delivered",
    "--date-format": "date_format",
    "--time-zone": "time_zone",
    "--rows": "rows",
    "--encoding": "encoding",
}


def shown_outcome(outcome: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what a check found as the page shows it, in the language of the moment; None before the first."""
    if outcome is None:
        return None
    return {
        **outcome,
        "words": [_said(line) for line in outcome["words"]],
        "doubts": [_fault(doubt) for doubt in outcome["doubts"]],
        "faults": [_fault(fault) for fault in outcome["faults"]],
    }


def _fault(fault: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **fault,
        "column": _place(fault["column"]),
        "sentence": _said(fault["sentence"]),
        "way": way(fault["mend"]),
    }


def _said(told: Any) -> str:
    return said_again(told) if isinstance(told, dict) else str(told)


def _place(column: str) -> str:
    """Return the column of the file, or the field that is meant; what only commands have came with a saved way."""
    return _label(column) if column.startswith("--") else column


def _label(option: str) -> str:
    return str(UploadForm()[FIELDS.get(option, "profile")].label.text)


def way(mend: str) -> str:
    """Return what on the pages mends a fault, in the language of the moment; empty where nothing is named."""
    if not mend:
        return ""
    return gettext(WAYS[mend]) if mend in WAYS else gettext("Look at “%(field)s”.", field=_label(mend))
