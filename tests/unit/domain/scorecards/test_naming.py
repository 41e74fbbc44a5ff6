import pytest

from app.domain.scorecards.naming import file_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ITDESK", "ITDESK-2026-Q3-r2.pdf"),
        ("R&D/QA", "R&D-QA-2026-Q3-r2.pdf"),
        ('a\r\nb"c', "a--b-c-2026-Q3-r2.pdf"),
        ("Бухгалтерия", "Бухгалтерия-2026-Q3-r2.pdf"),
    ],
)
def test_the_file_of_a_scorecard_is_named_by_department_quarter_and_revision(code: str, name: str) -> None:
    assert file_name({"department": {"code": code}, "period": "2026-Q3", "revision": 2}) == name
