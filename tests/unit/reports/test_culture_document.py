"""HR's PDF says what HR's frozen document says, to everybody, and the same bytes each time."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from app.reports.culture import CulturePage, CultureQuarter, culture_lines, culture_page, culture_pdf
from app.reports.culture.measure_tables import Dot, trend_strips
from app.reports.exports import write_csv
from tests import pdfs
from tests.builders import company as samples
from tests.builders.culture import ASKED, VOICES, company, culture, scorecard, share
from tests.builders.scorecards import CALENDAR
from tests.numbers_read import as_read, numbers_of, read, without_sentences

CARDS = samples.cards().values()
FIGURES = {"estimate", "lower", "upper", "n", "n_outside", "answers", "answers_outside"}


def a_document(**changed: Any) -> dict[str, Any]:
    """Ten departments with measures of two quarters."""
    told: dict[str, Any] = {"company": company(), "asked": ASKED, "voices": VOICES}
    before = culture(scorecard("IT", (39, 60)), **told) | {"period": "2026-Q2"}
    return culture(scorecard("IT", (39, 60)), **told, earlier=[before]) | samples.a_company() | changed


def pdf_of(document: dict[str, Any], language: str = "en") -> bytes:
    return culture_pdf(CultureQuarter(document, samples.cards(), samples.NAMES, CALENDAR), language)


def page_of(document: dict[str, Any], language: str = "en") -> CulturePage:
    return culture_page(CultureQuarter(document, samples.cards(), samples.NAMES, CALENDAR), language)


def test_finding_population_measures_and_refusals_stand_in_it_and_are_tagged() -> None:
    data = pdf_of(a_document())

    text, tags = re.sub(r"\s+", " ", pdfs.text(data)), pdfs.tags(data)
    for words in (
        "All of this is about people who raised requests, not about all employees.",
        "75% of the people who were asked answered at least once (between 71 and 79%).",
        "Pairs that need a look",
        "April to June 2026",
        "What is not said, and why",
        "No ranking of departments",
    ):
        assert words in text
    assert (tags.count("H1"), tags.count("Figure")) == (1, 6)
    assert len(pdfs.alternative_texts(data)) == 6


def test_each_department_says_what_it_thinks_of_all_that_serve_it() -> None:
    rows = {"HR": (14, 40), "SALES": (30, 40)}
    document = culture(scorecard("IT", None, hidden=("internal",)), company=scorecard("ALL", (44, 80), rows))

    text = re.sub(
        r"\s+",
        " ",
        pdfs.text(culture_pdf(CultureQuarter(document, {}, {"HR": "People", "SALES": "Sales"}, CALENDAR), "en")),
    )

    assert "What each department says of all that serve it" in text
    assert re.search(r"People 35% [–\d]+ 40", text)
    assert re.search(r"Sales 75% [–\d]+ 40", text)


def test_equal_documents_are_equal_bytes() -> None:
    assert pdf_of(a_document()) == pdf_of(a_document())


@pytest.mark.parametrize("language", ["ru", "pl", "de", "es"])
def test_it_speaks_the_language_of_its_reader(language: str) -> None:
    with pdfs.open_pdf(pdf_of(a_document(), language)) as opened:
        assert str(opened.Root.Lang) == language


def test_a_quarter_of_which_little_may_be_shown_is_a_page_of_words() -> None:
    document = culture(scorecard("IT", None, hidden=("internal",)))

    data = culture_pdf(CultureQuarter(document, {}, {}, CALENDAR), "en")

    assert pdfs.alternative_texts(data) == []
    assert "There are no figures for the whole company" in re.sub(r"\s+", " ", pdfs.text(data))


def allowed_numbers(document: dict[str, Any]) -> set[str]:
    """What a reader may meet: the document's numbers, those of the scorecards drawn beside it, and counts of rows."""
    counted = {str(len(document[name])) for name in ("departments", "suppressed")}
    counted |= {str(len(document["service_matrix"]["cells"]))}  # titles count what they show
    return as_read(document) | counted | as_read({"period": "2026-Q3", "cards": [c.document for c in CARDS]})


def test_page_pdf_and_table_say_the_numbers_of_the_document_and_no_other() -> None:
    document = a_document()
    file = StringIO(newline="")

    write_csv([document], CALENDAR, file)

    rows = list(csv.reader(StringIO(file.getvalue(), newline="")))
    places = [place for place, name in enumerate(rows[0]) if name in FIGURES]
    told = sorted(float(row[place]) for row in rows[1:] for place in places if row[place] not in {"", "hidden"})
    plain = without_sentences(document)
    del plain["revision"]  # stands in every row
    assert told == sorted(numbers_of(plain))
    allowed = allowed_numbers(document)
    on_the_page = " ".join(strings_of(page_of(document).contents))
    for said in (pdfs.text(pdf_of(document)), on_the_page):
        assert [number for number in read(said) if number not in allowed] == []


def test_every_picture_has_its_table_with_the_same_entries_on_page_and_paper() -> None:
    document = a_document()

    page, paper = page_of(document), re.sub(r"\s+", " ", pdfs.text(pdf_of(document)))

    beside = {section["key"]: section["beside"] for section in page.contents["sections"] if section["kind"]}
    assert {key: len(tables) for key, tables in beside.items()} == {
        "matrix": 2,
        "departments": 1,
        "ranks": 1,
        "sides": 1,
        "clocks": 1,
        "multiples": 1,
    }
    entries = [cell for tables in beside.values() for table in tables for row in table["rows"] for cell in row]
    said = {words.replace("\N{NO-BREAK SPACE}", " ") for cell in entries for words in (cell["text"], cell["small"])}
    figures = {words for words in said if re.search(r"\d", words)}
    assert {words for words in figures if words not in paper} == set()


def test_themes_stand_with_the_departments_that_show_them_and_hidden_ones_are_mentioned() -> None:
    row = {"source": "reasons", "theme": "too_slow", "answers": 24, "share": share(24, 40), "departments": 2}
    kept_back = [{"what": "themes", "why": "protects_a_small_group"}]

    contents = page_of(a_document(themes=[row], suppressed=kept_back)).contents

    (section,) = (section for section in contents["sections"] if section["key"] == "themes")
    (table,) = section["tables"]
    assert [[entry["text"] for entry in entries] for entries in table["rows"]] == [["Too slow", "24 of 40", "2", "60%"]]
    assert contents["suppressed"]["sentence"] == (
        "Some reasons and themes are hidden: few people name them, or few of those asked do not."
    )


def test_where_no_department_tells_a_theme_their_number_has_no_column() -> None:
    row = {"source": "reasons", "theme": "too_slow", "answers": 24, "share": share(24, 40), "departments": 0}

    contents = page_of(a_document(themes=[row])).contents

    (table,) = next(section for section in contents["sections"] if section["key"] == "themes")["tables"]
    assert [column["name"] for column in table["columns"]] == ["Reason", "Low ratings", "People"]
    assert len(table["notes"]) == 1


def test_a_page_without_a_shown_pair_begins_with_what_it_shows() -> None:
    silent = scorecard("IT", (40, 60), hidden=("by_requester_department:HR",))
    document = culture(silent, company=company(), asked=ASKED, voices=VOICES)

    contents = page_of(document).contents

    matrix = next(section for section in contents["sections"] if section["key"] == "matrix")
    assert contents["heading"] == "How service within the company is felt"
    assert contents["finding"].startswith("75% of the people who were asked answered at least once")
    assert [section["key"] for section in contents["sections"]][-2:] == ["matrix", "refused"]
    assert [sentence.startswith("Too few answers to show which") for sentence in matrix["sentences"]] == [True]


def test_lines_say_quarter_revision_and_the_names_of_pairs_and_departments() -> None:
    it = scorecard("IT", (39, 60), {"FM": (14, 30), "CS": (25, 30)})
    document = culture(it, company=company(), asked=ASKED, voices=VOICES)

    lines = culture_lines(CultureQuarter(document, {}, samples.NAMES, CALENDAR))

    assert lines[0] == "Culture, July to September 2026, revision 1. Confidential."
    assert (
        "  Serves: IT Service Desk · Asks: Facility Management · Satisfied or very satisfied: 47% (30–64) · n: 30"
        in lines
    )
    assert "Departments beside each other:" in lines
    assert lines[-1].startswith("No link between inside and outside over time")


def test_the_grid_has_each_cell_of_the_matrix_and_says_which_are_hidden() -> None:
    document = a_document()

    (grid, work) = next(one for one in page_of(document).contents["sections"] if one["key"] == "matrix")["beside"]

    columns = [column["name"] for column in grid["columns"][1:]]
    found = {
        (serves, row[0]["text"]): cell["text"]
        for row in grid["rows"]
        for serves, cell in zip(columns, row[1:], strict=True)
    }
    matrix, names = document["service_matrix"], samples.NAMES
    hidden = {(names[arc["provider"]], names[arc["requester"]]) for arc in matrix["hidden"]}
    shown = {(names[cell["provider"]], names[cell["requester"]]) for cell in matrix["cells"]}
    assert {pair for pair, text in found.items() if text == "hidden"} == hidden
    assert {pair for pair, text in found.items() if text not in {"hidden", "–"}} == shown
    assert found["Facility Management", "Customer Support"] == "54%"
    assert grid["is_heat"]
    for cell in (cell for row in grid["rows"] for cell in row[1:]):
        share = cell["text"].removesuffix("%")
        expected = sum(int(share) >= least for least in (0, 60, 70, 80, 90)) if share.isdigit() else 0
        assert cell["heat"] == expected, cell
    assert [[cell["mark"] for cell in row].count("hidden") for row in work["rows"]] == [
        [cell["mark"] for cell in row].count("hidden") for row in grid["rows"]
    ]


def test_departments_stand_by_name_in_every_table() -> None:
    sections = page_of(a_document()).contents["sections"]

    for key in ("departments", "ranks", "sides", "clocks"):
        (table,) = next(section for section in sections if section["key"] == key)["beside"]
        names = [row[0]["text"] for row in table["rows"]]
        assert names == sorted(names, key=str.casefold), key


def test_a_department_stands_in_the_table_where_the_picture_puts_it() -> None:
    sections = {section["key"]: section for section in page_of(a_document()).contents["sections"]}

    stands = {row[0]["text"]: row[-1]["text"] for row in sections["sides"]["beside"][0]["rows"]}
    placed = {name for name, words in stands.items() if words not in {"too close to tell", "too few"}}

    assert sections["sides"]["about"]["title"].startswith(f"{len(placed)} of 9 departments can be placed")
    assert (stands["Fleet"], stands["Customer Support"]) == ("too few", "strong on both sides")


def test_the_index_stands_beside_its_parts_and_its_formula() -> None:
    sections = {section["key"]: section for section in page_of(a_document()).contents["sections"]}

    (table,) = sections["measures"]["tables"]

    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["Cooperation", "60.0", "1/3"],
        ["Communication along the way", "80.0", "1/3"],
        ["Contact cases closed", "75.0", "1/3"],
    ]
    assert table["notes"][0].startswith("Index = (cooperation + communication + contact cases closed) / 3")


def test_pairs_that_serve_each_other_are_set_side_by_side_without_a_verdict() -> None:
    one, other = scorecard("FM", (40, 60), {"IT": (30, 40)}), scorecard("IT", (40, 60), {"FM": (20, 40)})

    sections = {section["key"]: section for section in page_of(culture(one, other)).contents["sections"]}

    (table,) = sections["reciprocity"]["tables"]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["Facility Management", "IT Service Desk", "−25", "40\u00a0/\u00a040"]
    ]
    assert [cell["mark"] for row in table["rows"] for cell in row] == [""] * 4


def strings_of(value: Any) -> Iterator[str]:
    """Yield every text of the page's contents."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_of(inner)
    elif isinstance(value, str):
        yield value


def test_themes_stand_on_page_and_paper_with_how_many_departments_tell_them() -> None:
    share = {"estimate": 0.52, "lower": 0.35, "upper": 0.69, "n": 26, "answers": 27, "method": "wilson"}
    theme = {"source": "reasons", "theme": "too_slow", "answers": 14, "share": share, "departments": 3}
    document = a_document(themes=[theme])

    sections = {section["key"]: section for section in page_of(document).contents["sections"]}

    (table,) = sections["themes"]["tables"]
    assert [cell["text"] for cell in table["rows"][0]] == ["Too slow", "14 of 27", "3", "52%"]
    assert "Too slow 14 of 27 3 52% 35–69" in re.sub(r"\s+", " ", pdfs.text(pdf_of(document)))


def test_measures_of_two_quarters_are_drawn_on_one_scale_and_a_gap_stays_a_gap() -> None:
    document = a_document()
    without = dict(document["trend"][0])
    del without["trust_index"]
    three = [without, document["trend"][0] | {"period": "2026-Q2"}, document["trend"][-1]]

    strips = {strip.name: strip for strip in trend_strips(document | {"trend": three}, CALENDAR)}

    trust = strips["Trust in service delivery"]
    assert [dot.across for dot in trust.dots] == [54, 92]
    assert trust.dots[0] == Dot(54, 45, 40, 36, "73", 30)  # 67.5, 72.5 and 77.5 of 100, from 16 to 104 pixels
    assert trust.axis == (("100", 16), ("50", 60), ("0", 104))
    assert (trust.first, trust.last) == ("April to June 2026", "July to September 2026")
    assert trend_strips(document | {"trend": three[-1:]}, CALENDAR) == ()
