"""What a scorecard costs does not depend on how many answers stand behind its rollups."""

from pathlib import Path

from benchmarks.scorecards import cost_of_building, prepare


def test_documents_cost_the_same_reading_with_a_hundred_times_the_answers(tmp_path: Path) -> None:
    few, many = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("few", "many"))
    prepare(few, 1_000)
    prepare(many, 100_000)

    small, large = cost_of_building(few), cost_of_building(many)

    assert large.statements == small.statements
    assert large.steps <= small.steps * 1.1 + 2  # thousands of steps of SQLite's machine: rows read, above all
