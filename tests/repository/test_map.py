"""Who takes this over finds every module of app/ by its subject."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, name, tracked

README = (ROOT / "README.md").read_text(encoding="utf-8").split("## Where things are")[1].split("\n## ")[0]
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## Where a module is")[1].split("\n## ")[0]
FEW = 40  # modules of a folder that are found by looking


def entries(folder: Path) -> set[str]:
    """Return the modules and packages of a folder, by name."""
    inside = [path.relative_to(folder) for path in tracked() if path.is_relative_to(folder) and path.suffix == ".py"]
    return {path.parts[0].removesuffix(".py") for path in inside} - {"__init__"}


def folders() -> set[Path]:
    return {path.parent for path in tracked() if path.suffix == ".py" and name(path).startswith("app/")}


def patterns(folder: str) -> list[str]:
    rows = MAP.split(f"### `{folder}`")[1].split("\n### ")[0]
    return [
        one for row in re.findall(r"^\| [^|]* \| ([^|]*) \|$", rows, re.MULTILINE) for one in re.findall("`(.+?)`", row)
    ]


def many() -> list[str]:
    counted = {folder: len(list(folder.glob("*.py"))) for folder in folders()}
    return sorted(name(folder) for folder, count in counted.items() if count > FEW)


def test_the_readme_names_every_folder_of_the_application() -> None:
    named = set(re.findall(r"`app/(\w+)(?:\.py)?`", README))

    assert entries(ROOT / "app") - named == set()


def test_every_folder_of_many_modules_has_a_map_and_no_other() -> None:
    assert sorted(re.findall(r"^### `(.+)`$", MAP, re.MULTILINE)) == many()


@pytest.mark.parametrize("folder", many())
def test_the_map_of_a_folder_names_each_module_once_and_none_that_is_gone(folder: str) -> None:
    modules = entries(ROOT / folder)
    found = [module for module in modules for pattern in patterns(folder) if fnmatch(module, pattern)]

    assert (
        sorted(found),
        [one for one in patterns(folder) if not any(fnmatch(module, one) for module in modules)],
    ) == (
        sorted(modules),
        [],
    )
