"""One quarter of five kinds of departments, and HR's document of it: each form of each says the same numbers.

The documents come out of the product from imported answers; nothing in them is invented here.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from sqlalchemy import select

from app import create_app
from app.mail.links import Links
from app.models.base import db
from app.models.departments import Department
from app.models.messages import Message
from app.models.responses import HeldAnswer, HeldResponse
from app.pipeline.scorecards import composers
from tests import pdfs
from tests.builders.asking import KEYS
from tests.builders.service_requests import CALENDAR
from tests.integration.cli.conftest import Flaskly
from tests.numbers_read import as_read, numbers_of, read, without_sentences
from tests.servers import databases
from tests.servers.databases import Database

PERIOD = "2024-Q1"
CULTURE = "HR"  # what HR receives of all of them
KINDS = ("LARGE", "SMALL", "HIDDEN", "MELON", "APART")
PEOPLE = {"LARGE": 80, "SMALL": 7, "HIDDEN": 3, "MELON": 60, "APART": 45}
POINTS = {"LARGE": (5, 4, 2, 5, 3), "SMALL": (4, 5, 2), "HIDDEN": (5, 1), "MELON": (2, 3, 4), "APART": (4, 4, 5, 1)}
DEPARTMENTS = """code,name,staff_count,touchpoints,head_email
LARGE,Large desk,40,shop=1,large@example.com
SMALL,Small desk,40,shop=1,small@example.com
HIDDEN,Hidden desk,40,shop=1,hidden@example.com
MELON,Melon desk,40,shop=1,melon@example.com
APART,Apart desk,40,press=1,apart@example.com
"""
SCORES = "touchpoint,dimension,instrument,period,counts\nshop,overall,csat5,2024-Q1,1=5;2=4;3=11;4=45;5=150\n"
QUOTED = (
    "touchpoint,dimension,instrument,period,positive_share,source_url\n"
    "press,overall,percent,2024-Q1,0.87,https://example.org/survey\n"
)


def answers() -> Iterator[str]:
    yield "response_id,provider_department,requester,completed_at,csat_overall,timeliness,request_type,on_time"
    for code, people in PEOPLE.items():
        for number in range(people):
            points = POINTS[code][number % len(POINTS[code])]
            kind = "access" if number % 3 else "hardware"
            on_time = "no" if number % 10 == 7 and code != "MELON" else "yes"
            yield (
                f"{code}-{number},{code},{code}-{number}@example.com,2024-0{1 + number % 3}-12T10:00:00Z,"
                f"{points},{max(1, points - number % 2)},{kind},{on_time}"
            )


@dataclass(frozen=True)
class Forms:
    """One department's quarter in all its forms."""

    document: dict[str, Any]
    page: str
    pdf: str
    mail: str
    csv: list[list[str]]
    xlsx: list[list[Any]]


class Words(HTMLParser):
    """Collects what a page says, without pictures and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"svg", "style", "script", "head"}:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.said.append(data)


def words_of(html: str) -> str:
    reader = Words()
    reader.feed(html)
    return " ".join(reader.said)


@pytest.fixture(scope="module")
def forms(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Forms]]:
    """Build the quarter once: drawing five departments takes its seconds."""
    folder = tmp_path_factory.mktemp("forms")
    database = databases.opened("sqlite", databases.sqlite_copy(sqlite_template, folder), folder)
    app = create_app(database.settings)
    yield all_forms(Flaskly(app), database, folder)
    with app.app_context():
        db.engine.dispose()
    databases.close(database)


def all_forms(flask: Flaskly, database: Database, folder: Path) -> dict[str, Forms]:
    texts = {"departments": DEPARTMENTS, "answers": "\n".join(answers()), "scores": SCORES, "quoted": QUOTED}
    files = {name: folder / f"{name}.csv" for name in texts}
    for name, text in texts.items():
        files[name].write_text(text, encoding="utf-8")
    flask("sources", "add", "old", "--kind", "csv")
    said = [
        flask("import", "departments", files["departments"]),
        flask("import", "responses", files["answers"], "--source", "old"),
        flask("import", "external", files["scores"], "--source", "old"),
        flask("import", "external", files["quoted"], "--source", "old"),
    ]
    ask_why(database)
    said += [
        flask("scorecards", "build", PERIOD),
        flask("scorecards", "send", PERIOD),
    ]
    assert [result.output for result in said if result.exit_code != 0] == []
    mails = composed(database)
    return {code: shown(flask, code, mails.get(code, ""), folder) for code in (*KINDS, CULTURE)}


def ask_why(database: Database) -> None:
    """Let the answers of one department be those of our own survey, which asks low ratings for reasons."""
    with database.sessions.begin() as session:
        large = select(Department.id).where(Department.code == "LARGE").scalar_subquery()
        rows = session.scalars(select(HeldResponse).where(HeldResponse.department_id == large)).all()
        for row in rows:
            row.source = "survey"
        low = select(HeldAnswer.response_id).where(HeldAnswer.item == "csat_overall", HeldAnswer.value <= 2)
        asked = {row.id for row in rows} & set(session.scalars(low))
        for number, row in enumerate(row for row in rows if row.id in asked):
            row.reason_chips = ["too_slow"] if number < 9 else ["too_much_effort"]


def composed(database: Database) -> dict[str, str]:
    """Return the text of every mail in the outbox by the department it is about."""
    links = Links(base_url="https://parity.example.com", keys=KEYS)
    compose = composers(CALENDAR)["scorecard"]
    with database.sessions() as session:
        rows = session.scalars(select(Message).where(Message.name == "scorecard")).all()
        return {
            str(row.recipient).partition("@")[0].upper(): words_of(compose(session, row, links).html) for row in rows
        }


def shown(flask: Flaskly, code: str, mail: str, folder: Path) -> Forms:
    written = {kind: folder / f"{code}.{kind}" for kind in ("pdf", "html", "csv", "xlsx")}
    options = [word for kind, path in written.items() for word in (f"--{kind}", path)]
    words = ("culture", "show", PERIOD) if code == CULTURE else ("scorecards", "show", PERIOD, code)
    result = flask(*words, "--json", *options)
    assert result.exit_code == 0, result.output
    sheet = python_calamine.CalamineWorkbook.from_path(str(written["xlsx"])).get_sheet_by_name("figures")
    with written["csv"].open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    return Forms(
        json.loads(result.stdout),
        words_of(written["html"].read_text(encoding="utf-8")),
        pdfs.text(written["pdf"].read_bytes()),
        mail,
        table,
        sheet.to_python(),
    )


def test_the_five_kinds_are_what_they_are_called(forms: dict[str, Forms]) -> None:
    documents = {code: found.document for code, found in forms.items()}

    assert documents["LARGE"]["gap"]["csat_overall"]["verdict"] == "worse"
    assert documents["SMALL"]["internal"]["csat_overall"]["top_two_box"]["method"] == "wilson_coarse"
    assert (documents["HIDDEN"]["internal"], documents["HIDDEN"]["suppressed"][0]["what"]) == ({}, "internal")
    assert documents["MELON"]["sla"]["watermelon"] == "confirmed"
    assert documents["APART"]["gap"]["csat_overall"] == {"comparability": "E", "verdict": "not_comparable"}


@pytest.mark.parametrize("code", KINDS)
def test_no_form_says_a_number_that_the_document_does_not_have(forms: dict[str, Forms], code: str) -> None:
    found = forms[code]
    allowed = as_read(found.document)

    for name in ("page", "pdf", "mail"):
        assert [number for number in read(getattr(found, name)) if number not in allowed] == [], name


def test_no_form_of_hrs_document_says_a_number_that_neither_it_nor_its_scorecards_have(
    forms: dict[str, Forms],
) -> None:
    found = forms[CULTURE]
    counted = {str(len(found.document[name])) for name in ("departments", "suppressed")}
    allowed = as_read(found.document).union(counted, *(as_read(forms[code].document) for code in KINDS))

    for name in ("page", "pdf"):
        assert [number for number in read(getattr(found, name)) if number not in allowed] == [], name


def test_hrs_page_and_pdf_set_each_department_beside_the_company_with_the_figure_of_its_scorecard(
    forms: dict[str, Forms],
) -> None:
    found = forms[CULTURE]

    for code in ("LARGE", "MELON", "APART"):
        headline = forms[code].document["internal"]["csat_overall"]["top_two_box"]
        name = forms[code].document["department"]["name"]
        share, lower, upper = (round(100 * headline[key]) for key in ("estimate", "lower", "upper"))
        told = f"{name} {share}% {lower}–{upper} {headline['n']}"
        assert told in re.sub(r"\s+", " ", found.page), name
        assert told in re.sub(r"\s+", " ", found.pdf), name


@pytest.mark.parametrize("code", [*KINDS, CULTURE])
def test_tables_hold_every_number_of_the_document_and_no_other(forms: dict[str, Forms], code: str) -> None:
    found = forms[code]
    first = found.csv[0].index("estimate")
    columns = [place for place, name in enumerate(found.csv[0]) if place >= first and name not in {"method", "text"}]

    cells = [[row[place] for place in columns] for row in found.csv[1:]]
    sheet = [[row[place] for place in columns] for row in found.xlsx[1:]]
    document = without_sentences(found.document)
    del document["revision"]  # stands in every row
    wanted = sorted(numbers_of(document))
    assert sorted(float(cell) for row in cells for cell in row if cell not in {"", "hidden"}) == wanted
    assert sorted(float(cell) for row in sheet for cell in row if cell not in {"", "hidden"}) == wanted
    hidden = [row[0] for row in cells].count("hidden")
    assert hidden == [row[0] for row in sheet].count("hidden") == len(found.document["suppressed"])


@pytest.mark.parametrize("code", ["LARGE", "MELON", "APART"])
def test_the_headline_stands_in_every_form(forms: dict[str, Forms], code: str) -> None:
    found = forms[code]
    headline = found.document["internal"]["csat_overall"]["top_two_box"]
    wanted = {str(round(100 * headline[key])) for key in ("estimate", "lower", "upper")}

    for name in ("page", "pdf", "mail"):
        assert wanted <= set(read(getattr(found, name))), name
    for rows in (found.csv, found.xlsx):
        row = next(row for row in rows if row[3:6] == ["internal", "csat_overall", "top_two_box"])
        assert [float(cell) for cell in row[6:9]] == [headline[key] for key in ("estimate", "lower", "upper")]


def test_themes_stand_in_every_form_but_the_mail(forms: dict[str, Forms]) -> None:
    found = forms["LARGE"]

    told = [(row["theme"], row["answers"], row["share"]["answers"]) for row in found.document["themes"]]
    assert told == [("too_slow", 9, 16), ("too_much_effort", 7, 16)]
    for form in (found.page, found.pdf):
        assert [words for words in ("Too slow", "9 of 16", "Too much effort", "7 of 16") if words not in form] == []
    for rows in (found.csv, found.xlsx):
        assert [float(row[6]) for row in rows if row[3:6] == ["themes", "reasons/too_slow", "answers"]] == [9]
    assert "Too slow" not in found.mail


def test_a_hidden_department_says_nothing_in_any_form(forms: dict[str, Forms]) -> None:
    found = forms["HIDDEN"]

    of_colleagues = {"internal", "gap", "change", "drivers", "trend", "by_request_type", "by_on_time", "operations"}
    told = [row[3:7] for row in found.csv[1:] if row[3] in of_colleagues and row[6]]
    assert told == [["internal", "", "", "hidden"]]
    assert "%" not in found.mail.replace("95%", "").replace("87%", "")
