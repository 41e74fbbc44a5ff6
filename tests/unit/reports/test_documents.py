"""The PDF says what the frozen document says, to everybody, and the same bytes each time."""

import re
from zoneinfo import ZoneInfo

import pytest

from app.domain.periods import Calendar
from app.domain.scorecards.response import Asked, published_rates, uneven_response
from app.domain.sentences import SentenceKey, sentence
from app.reports.documents import scorecard_pdf
from app.reports.published import Document
from tests import pdfs
from tests.builders import scorecards as samples

LONG_NAME = "Informationstechnik, Arbeitsplatzservice und Telekommunikationsdienstleistungen für alle Standorte"


def pdf_of(document: Document, language: str = "en") -> bytes:
    return scorecard_pdf(document, samples.a_trend(document), language)


def test_the_document_is_tagged_for_screen_readers() -> None:
    data = pdf_of(samples.a_document())

    opened = pdfs.open_pdf(data)
    tags = pdfs.tags(data)
    assert bool(opened.Root.MarkInfo.Marked) is True
    assert str(opened.Root.Lang) == "en"
    assert str(opened.Root.Metadata.read_bytes()).count("pdfuaid:part") > 0
    assert tags.count("H1") == 1
    assert tags.count("Figure") == 3
    assert tags.count("TH") == 7 + 5
    assert {"H2", "P", "Table", "THead", "TR", "TD"} <= set(tags)


def test_every_picture_has_its_numbers_in_words() -> None:
    texts = pdfs.alternative_texts(pdf_of(samples.a_document()))

    assert [text[:80] for text in texts] == [
        "Colleagues are less satisfied with IT Support than customers are: 66% against 92",
        "Colleagues rate lower than customers: overall and the time it took. For the rest",
        "66% of colleagues are satisfied or very satisfied, among customers 92%. Colleagu",
    ]


def test_the_figures_of_the_document_stand_in_the_text() -> None:
    text = pdfs.text(pdf_of(samples.a_document()))

    for figure in (
        "66%",
        "between 52 and 78",
        "48%",
        "35–62",
        "92%",
        "88–95",
        "−26",
        "−41 to −13",
        "412",
        "44%",
        "96%",
    ):
        assert figure in text
    assert "4f1c9a02" * 8 in text


def test_nothing_hidden_is_said() -> None:
    document = samples.a_hidden_document()

    text = pdfs.text(pdf_of(document))

    words = "This quarter of Reception stays hidden: a result takes at least 5 people"
    assert words in text.replace("  ", " ")
    assert "66%" not in text
    assert "What is hidden" in text


def test_a_character_that_nobody_reads_keeps_no_document_from_its_readers() -> None:
    document = samples.a_document("IT\0\x1b\x7f\x9f\u202e\ud800 Support", comments=[{"text": "than\x7fks\ud800 a lot"}])

    text = pdfs.text(pdf_of(document))

    assert "thanks a lot" in text
    assert "IT Support" in text


def test_a_small_group_is_said_in_words() -> None:
    text = pdfs.text(pdf_of(samples.a_small_document()))

    assert "more than half" in text
    assert "60%" not in text


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf_of(samples.a_document()) == pdf_of(samples.a_document())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "How these numbers came about"),
        ("ru", "Как получены эти числа"),
        ("pl", "Skąd wzięły się te liczby"),
        ("de", "Wie diese Zahlen zustande kamen"),
        ("es", "Cómo se obtuvieron estos números"),
    ],
)
def test_it_speaks_every_language_on_two_pages_and_a_very_long_name_on_three(language: str, words: str) -> None:
    data = pdf_of(samples.a_document(), language)
    long = pdf_of(samples.a_document(LONG_NAME), language)

    assert words in pdfs.text(data)
    assert len(pdfs.open_pdf(data).pages) == 2
    assert len(pdfs.open_pdf(long).pages) <= 3


@pytest.mark.parametrize("language", ["es", "ru"])
def test_it_tells_who_answered_on_the_second_page(language: str) -> None:
    asked = {("request_type", kind): Asked(n, 40, n, 40) for kind, n in (("access", 8), ("repair", 15), ("visit", 60))}
    asked |= {
        ("requester_department", "FIN"): Asked(30, 40, 30, 40),
        ("requester_department", "HR"): Asked(9, 40, 9, 40),
    }
    rows = published_rates(asked, {"FIN": "Finance and Controlling", "HR": "People and Culture"})
    document = samples.a_document()
    document["funnel"]["response_by"] = rows
    document["sentences"]["response_by"] = uneven_response(rows)

    data = pdf_of(document, language)

    told = pdfs.text(data).replace("\xa0", " ").replace("\n", " ")
    assert "access 17 %" in told
    assert "visit 60 %" in told
    assert len(pdfs.open_pdf(data).pages) == 2


def test_a_name_is_data_and_never_markup() -> None:
    name = '#import "secret.typ": * $x^2$ *bold* <label> \\ "quoted" & <b>'

    text = pdfs.text(pdf_of(samples.a_document(name)))

    assert '#import "secret.typ": * $x^2$ *bold* <label> \\ "quoted" & <b>' in text


def test_the_day_of_the_freeze_is_the_companys() -> None:
    document = samples.a_document(frozen_at="2026-10-15T22:00:00Z")
    zones = [Calendar(ZoneInfo(name)) for name in ("Europe/Berlin", "UTC")]

    berlin, utc = (scorecard_pdf(document, samples.a_trend(document, calendar=zone), "en") for zone in zones)

    assert "16\u00a0October\u00a02026" in pdfs.text(berlin)
    assert "15\u00a0October\u00a02026" in pdfs.text(utc)


@pytest.mark.parametrize("language", ["en", "ru", "pl", "de", "es"])
def test_quarters_are_named_by_their_months(language: str) -> None:
    document = samples.a_document()
    april = Calendar(ZoneInfo("UTC"), fiscal_year_start=4)

    text = pdfs.text(scorecard_pdf(document, samples.a_trend(document, calendar=april), language))

    assert re.findall(r"\d{4}-Q\d", text) == []
    assert re.findall(r"\.\.", text) == []  # Russian months end with a full stop of their own


def test_the_months_of_a_fiscal_year_are_the_companys() -> None:
    document = samples.a_document()
    april = Calendar(ZoneInfo("UTC"), fiscal_year_start=4)

    text = pdfs.text(scorecard_pdf(document, samples.a_trend(document, calendar=april), "en"))

    assert "Scorecard for October to December 2025" in text
    assert "Against July to September 2025 nothing has clearly changed." in text.replace("\n", " ")


def test_hidden_values_of_one_cut_stand_in_one_line() -> None:
    document = samples.a_document()
    document["suppressed"] = [
        {"what": f"by_requester_department:{value}", "why": "protects_a_small_group"} for value in ("FIN", "unknown")
    ]

    assert "by requesting department: 2 departments" in pdfs.text(pdf_of(document))


def test_hidden_kinds_of_requests_are_named() -> None:
    document = samples.a_document()
    document["suppressed"] = [{"what": f"by_request_type:{kind}", "why": "…"} for kind in ("Car", "unknown")]

    assert "by type of request: Car, not known" in pdfs.text(pdf_of(document))


def test_where_it_hurts_stands_on_paper_too() -> None:
    document = samples.a_document(by_request_type=[{"value": "Access", "top_two_box": samples.figure(0.4, 0.2, 0.6)}])

    text = pdfs.text(pdf_of(document))

    assert "Where it hurts" in text
    assert "Access" in text
    assert "Hidden rows are left out." not in text


def test_paper_says_that_hidden_rows_are_left_out() -> None:
    document = samples.a_document(by_request_type=[{"value": "Access", "top_two_box": samples.figure(0.4, 0.2, 0.6)}])
    document["suppressed"] = [{"what": "by_request_type:Car", "why": "protects_a_small_group"}]

    assert "Hidden rows are left out." in " ".join(pdfs.text(pdf_of(document)).split())


def test_more_answers_than_answered_requests_are_explained() -> None:
    document = samples.a_document()
    document["funnel"]["answered"] = document["internal"]["csat_overall"]["top_two_box"]["answers"] - 1

    text = " ".join(pdfs.text(pdf_of(document)).split())

    assert "53 answers to 52 requests: an answer also counts where its request was opened again" in text


def test_without_customers_there_are_no_empty_columns() -> None:
    text = pdfs.text(pdf_of(samples.a_document_without_customers()))

    assert "Aspect by aspect" in text
    assert "Difference" not in text


def test_too_few_quarters_for_a_picture_leave_the_sentence() -> None:
    document = samples.a_document_without_customers()
    document["sentences"]["trend"] = sentence(SentenceKey.TREND_TOO_SHORT, needed=6)

    text = pdfs.text(scorecard_pdf(document, samples.a_trend(document, quarters=0), "en"))

    assert "It is too early to speak of a trend: that takes 6 quarters." in text
