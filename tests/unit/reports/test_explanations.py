"""Every block of a scorecard's page says what it means, in a few sentences of its own."""

import re

from app.reports.explanations import EXPLANATIONS, explanations
from app.reports.loop_facts import loop_facts
from tests.builders.culture import share
from tests.repository.tree import ROOT

PAGE = ROOT / "templates" / "scorecards" / "scorecard.html"
PANEL = ROOT / "templates" / "scorecards" / "do.html"
CALL = re.compile(r'means\("(\w+)"')
LONGEST = 330  # characters: more is not read


def test_every_block_of_the_page_has_its_explanation() -> None:
    page = PAGE.read_text(encoding="utf-8")
    sections = page.split("<section")[1:]

    assert [section[:80] for section in sections if len(CALL.findall(section)) != 1] == []
    called = {*CALL.findall(page), *CALL.findall(PANEL.read_text(encoding="utf-8"))}
    assert called == EXPLANATIONS.keys()


def test_an_explanation_is_short() -> None:
    assert [name for name, words in explanations().items() if len(words) > LONGEST] == []


def test_the_loop_is_told_as_far_as_its_document_tells_it() -> None:
    whole = {"low_ratings": 9, "consented": 6, "contacted": 5, "thanks": 8}
    told = {**whole, "loop_closure_rate": share(5, 6), "median_hours": 30.0}

    assert [name for name, _ in loop_facts({"loop": told})] == [
        "Low ratings",
        "Asked to be contacted",
        "Contacted",
        "Contacted, of those who asked",
        "Half of them within",
    ]
    assert loop_facts({"loop": {"low_ratings": 9, "thanks": 8}}) == [("Low ratings", "9")]
    assert loop_facts({}) == []
