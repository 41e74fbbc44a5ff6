"""The sentences that say why a class is what it is."""

import pytest

from app.domain.instruments import Ground
from app.foundations.languages import speaking
from app.reports.classes import class_lines


def row(**more: object) -> dict[str, object]:
    return {"code": "shop", "weight": 1.0, "dimension": "csat_overall", "instrument": "csat10"} | more


def test_each_touchpoint_says_why_it_has_its_class() -> None:
    rows = [
        row(comparability="C", why="far_scale", points=10, notes="Asked by an agency."),
        row(comparability="C", why="far_scale", points=10, notes="Asked by an agency.", dimension="timeliness"),
        row(comparability="E", why="unknown_n", quoted_share=0.58, source="https://example.com/survey"),
    ]

    far, unknown = class_lines({"external": {"touchpoints": rows}})

    assert far == (
        "shop, class C (overall, the time it took): Customers chose among 10 points. Such a scale alone moves a mean by"
        " about 3 points of 100, so a difference below 5 says nothing. Asked by an agency."
    )
    assert unknown == (
        "shop, class E (overall): Nobody told how many customers answered, so the figure is quoted and never computed"
        " with. Quoted: 58%. Source: https://example.com/survey"
    )


@pytest.mark.parametrize("language", ["en", "ru", "pl", "de", "es"])
def test_every_ground_has_its_sentence_in_every_language(language: str) -> None:
    rows = [row(comparability="B", why=ground.value, points=7) for ground in Ground]

    with speaking(language):
        lines = class_lines({"external": {"touchpoints": rows}})

    assert len({line for line in lines if not line.endswith(":")}) == len(Ground)


def test_documents_from_before_keep_silent() -> None:
    assert class_lines({"external": {"touchpoints": [row(comparability="A")]}}) == []
    assert class_lines({}) == []
