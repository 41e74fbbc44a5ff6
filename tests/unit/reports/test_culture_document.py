"""HR's PDF says what HR's frozen document says, to everybody, and the same bytes each time."""

import csv
import re
from io import StringIO
from typing import Any

import pytest

from app.reports.culture.printing import culture_pdf
from app.reports.exports import write_csv
from tests import pdfs
from tests.builders import company as samples
from tests.builders.culture import ASKED, VOICES, company, culture, scorecard
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
    return culture_pdf(document, samples.cards(), samples.NAMES, language, CALENDAR)


def test_finding_population_measures_and_refusals_stand_in_it_and_are_tagged() -> None:
    data = pdf_of(a_document())

    text, tags = re.sub(r"\s+", " ", pdfs.text(data)), pdfs.tags(data)
    for words in (
        "All of this is about people who raised requests, not about all employees.",
        "75% of the people who were asked answered (between 71 and 79%).",
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

    text = re.sub(r"\s+", " ", pdfs.text(culture_pdf(document, {}, {"HR": "People", "SALES": "Sales"}, "en", CALENDAR)))

    assert "What each department says of all that serve it" in text
    assert re.search(r"People 35% \([^)]*\) 40", text)
    assert re.search(r"Sales 75% \([^)]*\) 40", text)


def test_equal_documents_are_equal_bytes() -> None:
    assert pdf_of(a_document()) == pdf_of(a_document())


@pytest.mark.parametrize("language", ["ru", "pl", "de", "es"])
def test_it_speaks_the_language_of_its_reader(language: str) -> None:
    with pdfs.open_pdf(pdf_of(a_document(), language)) as opened:
        assert str(opened.Root.Lang) == language


def test_a_quarter_of_which_little_may_be_shown_is_a_page_of_words() -> None:
    document = culture(scorecard("IT", None, hidden=("internal",)))

    data = culture_pdf(document, {}, {}, "en", CALENDAR)

    assert pdfs.alternative_texts(data) == []
    assert "There are no figures for the whole company" in re.sub(r"\s+", " ", pdfs.text(data))


def test_pdf_and_table_say_the_numbers_of_the_document_and_no_other() -> None:
    document = a_document()
    file = StringIO(newline="")

    write_csv([document], CALENDAR, file)

    rows = list(csv.reader(StringIO(file.getvalue(), newline="")))
    places = [place for place, name in enumerate(rows[0]) if name in FIGURES]
    told = sorted(float(row[place]) for row in rows[1:] for place in places if row[place] not in {"", "hidden"})
    plain = without_sentences(document)
    del plain["revision"]  # stands in every row
    assert told == sorted(numbers_of(plain))
    counted = {str(len(document[name])) for name in ("departments", "suppressed")}
    counted |= {str(len(document["service_matrix"]["cells"]))}  # titles count what they show
    allowed = as_read(document) | counted | as_read({"period": "2026-Q3", "cards": [c.document for c in CARDS]})
    assert [number for number in read(pdfs.text(pdf_of(document))) if number not in allowed] == []
