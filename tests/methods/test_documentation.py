import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("*In words.*", "*Formula.*", "*Source.*", "*Used.*", "*Cannot say.*")


def entries() -> dict[str, str]:
    text = (ROOT / "docs/methods.md").read_text(encoding="utf-8")
    return {entry.splitlines()[0]: entry for entry in re.split(r"^### ", text, flags=re.MULTILINE)[1:]}


def test_every_published_function_has_its_entry_in_the_methods() -> None:
    cases = json.loads((ROOT / "tests/methods/statistics_cases.json").read_text(encoding="utf-8"))["cases"]

    documented = {name for heading in entries() for name in re.findall(r"`(\w+)`", heading)}

    assert {case["function"] for case in cases} - documented == set()


def test_every_entry_says_what_it_is_and_what_it_cannot_say() -> None:
    missing = [heading for heading, entry in entries().items() if not all(part in entry for part in PARTS)]

    assert missing == []
