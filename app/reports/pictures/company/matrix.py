"""Who serves whom, and where it hurts: words around chart 10."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.domain.periods import Calendar
from app.foundations.languages import gettext, ngettext
from app.reports import charts, numbers
from app.reports.charts import MatrixCell
from app.reports.descriptions import Description, alternative
from app.reports.pictures.company.kinds import rest_note
from app.reports.pictures.kinds import Drawing, drawing
from app.reports.published import COARSE_METHOD, Document
from app.reports.quarters import quarter_words

LAST = 2.0  # above every share: providers without one come last

Arc = tuple[str, str]  # provider, requester


def matrix_drawing(document: Document, names: Mapping[str, str], calendar: Calendar) -> Drawing | None:
    """Draw the service matrix; None where fewer than two pairs are shown.

    Providers stand by their share, the lowest first, requesters by their volume; hidden cells count for neither.
    """
    matrix = document["service_matrix"]
    cells = {(cell["provider"], cell["requester"]): cell for cell in matrix["cells"]}
    if len(cells) < 2:
        return None
    providers, requesters = providers_in_order(document), requesters_in_order(matrix)
    columns = {code: place for place, code in enumerate(providers)}
    rows = {code: place for place, code in enumerate(requesters)}
    shown = {(columns[provider], rows[requester]): _cell(cell) for (provider, requester), cell in cells.items()}
    hidden = frozenset(
        (columns[arc["provider"]], rows[arc["requester"]]) for arc in matrix["hidden"] if arc["provider"] in columns
    )
    words = _words()

    def chart(_: int, head: charts.Head | None) -> charts.MatrixChart:
        heads, sides = ([names.get(code, code) for code in codes] for codes in (providers, requesters))
        return charts.MatrixChart(tuple(heads), tuple(sides), shown, hidden, words, head)

    return drawing(_description(document, cells, names, calendar), charts.draw_matrix, chart)


def providers_in_order(document: Document) -> list[str]:
    """Return the visible providers by their share drawn in, the lowest first."""
    matrix = document["service_matrix"]
    shares = {row["code"]: row["shrunken"] for row in document["departments"] if "shrunken" in row}
    visible = set(matrix["providers"]) - set(matrix["hidden_providers"])
    return sorted(visible, key=lambda code: (shares.get(code, LAST), code))


def requesters_in_order(matrix: Mapping[str, Any]) -> list[str]:
    """Return the requester departments by the volume of their shown cells, the busiest first."""
    volumes: Counter[str] = Counter()
    for cell in matrix["cells"]:
        volumes[cell["requester"]] += cell["volume_band"]
    return sorted(matrix["requesters"], key=lambda code: (-volumes[code], code))


def _cell(cell: Mapping[str, Any]) -> MatrixCell:
    figure = cell["top_two_box"]
    if figure["method"] == COARSE_METHOD:
        return MatrixCell(None, "", cell["volume_band"])
    share = figure["estimate"]
    is_low = cell.get("flag") == "lower"
    return MatrixCell(numbers.printed(share), numbers.whole(share * 100), cell["volume_band"], is_low)


def heat_of(cell: Mapping[str, Any]) -> int:
    """Return the class of colour of a cell, 1 to 5, by the number that it prints; 0 where it prints a word."""
    figure = cell["top_two_box"]
    return 0 if figure["method"] == COARSE_METHOD else charts.share_class(numbers.printed(figure["estimate"])) + 1


def _words() -> charts.MatrixWords:
    return charts.MatrixWords(
        serves=gettext("serves"),
        asks=gettext("asks"),
        classes=(
            gettext("under %(share)s", share=numbers.percent(0.6)),
            "60–69",
            "70–79",
            "80–89",
            gettext("from %(share)s", share=numbers.percent(0.9)),
        ),
        low=gettext("clearly below the company"),
        few=gettext("5 to 9 people"),
        volume=gettext("few to many requests"),
        hidden=gettext("hidden to protect people"),
    )


def _description(
    document: Document, cells: Mapping[Arc, Mapping[str, Any]], names: Mapping[str, str], calendar: Calendar
) -> Description:
    low = [arc for arc, cell in sorted(cells.items()) if cell.get("flag") == "lower"]
    title = _title(low, len(cells), names)
    subtitle = gettext(
        "Who asks (rows) whom (columns), %(period)s. Size: requests. Colour: share satisfied.",
        period=quarter_words(calendar, document["period"]),
    )
    matrix = document["service_matrix"]
    notes = [
        gettext("Empty: no answers."),
        gettext("The least satisfied provider and the busiest requester come first."),
    ]
    columns, rows = charts.NARROW_MATRIX
    if len(providers_in_order(document)) > columns or len(matrix["requesters"]) > rows:
        notes.append(rest_note())
    notes += hidden_providers(document, names)
    pairs = [f"{names.get(one, one)} ← {names.get(other, other)}" for one, other in low]
    values = [f"{', '.join(pairs)}."] if pairs else []
    values.append(
        gettext("Pairs shown: %(shown)s, hidden: %(hidden)s.", shown=len(cells), hidden=len(matrix["hidden"]))
    )
    return Description(title, subtitle, " ".join(notes), alternative(title, values))


def hidden_providers(document: Document, names: Mapping[str, str]) -> list[str]:
    """Name in a sentence the departments of whose service nothing may be shown."""
    hidden = document["service_matrix"]["hidden_providers"]
    if not hidden:
        return []
    return [
        gettext("Hidden altogether: %(departments)s.", departments=numbers.names([names.get(c, c) for c in hidden]))
    ]


def _title(low: list[Arc], shown: int, names: Mapping[str, str]) -> str:
    if not low:
        return gettext("No pair of departments can be told apart from the company as a whole.")
    providers = {provider for provider, _ in low}
    if len(providers) == 1:
        code = providers.pop()
        return ngettext(
            "%(provider)s is clearly below the company for %(num)s department that asks it.",
            "%(provider)s is clearly below the company for %(num)s of the departments that ask it.",
            len(low),
            provider=names.get(code, code),
        )
    return gettext("Clearly below the company: %(low)s of %(shown)s pairs of departments.", low=len(low), shown=shown)
