"""The scripts of others: each is the very file that its package has, and the manifest says which."""

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.repository.tree import ROOT, tracked
from tools.vendor import MANIFEST, VENDOR, Manifest, WrongFile, fetch

NEW: Manifest = [
    {
        "name": "thing",
        "version": "1.0.0",
        "licence": "MIT",
        "files": [{"from": "dist/thing.js", "to": "thing.js"}, {"from": "LICENSE", "to": "thing.LICENSE"}],
    }
]


def stands(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def unpack(package: str, folder: Path) -> Path:
    """Stand for the registry: a package whose script tells its name and version."""
    (folder / "dist").mkdir()
    (folder / "dist" / "thing.js").write_text(package, encoding="utf-8")
    (folder / "LICENSE").write_text("Do as you like.", encoding="utf-8")
    return folder


def test_the_manifest_names_every_vendored_file_and_its_checksum() -> None:
    manifest = json.loads((VENDOR / MANIFEST).read_text(encoding="utf-8"))
    named = {
        file["to"]: {key: file[key] for key in ("sha256", "bytes")} for package in manifest for file in package["files"]
    }

    found = {path.name: stands(path) for path in tracked() if path.parent == VENDOR and path.name != MANIFEST}

    assert found == named


def test_every_vendored_package_brings_its_licence() -> None:
    manifest = json.loads((VENDOR / MANIFEST).read_text(encoding="utf-8"))
    without = [
        package["name"]
        for package in manifest
        if not package["licence"] or not any(file["to"].endswith(".LICENSE") for file in package["files"])
    ]

    assert without == []


def test_no_template_uses_a_vendored_file_that_is_not_there() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in tracked() if ROOT / "templates" in path.parents)
    asked_for = {part.split("'", 1)[0] for part in pages.split("filename='vendor/")[1:]}

    assert asked_for - {path.name for path in VENDOR.iterdir()} == set()


def test_fetching_places_the_files_and_writes_down_what_they_are(tmp_path: Path) -> None:
    manifest = copy.deepcopy(NEW)

    fetch(manifest, tmp_path, unpack)

    assert (tmp_path / "thing.js").read_text(encoding="utf-8") == "thing@1.0.0"
    assert {file["to"]: file["sha256"] for file in manifest[0]["files"]} == {
        path.name: stands(path)["sha256"] for path in tmp_path.iterdir()
    }


def test_fetching_refuses_another_file_than_the_manifest_means_and_writes_none(tmp_path: Path) -> None:
    manifest = copy.deepcopy(NEW)
    manifest[0]["files"][1]["sha256"] = "0" * 64

    with pytest.raises(WrongFile, match=r"thing\.LICENSE: the checksum is [0-9a-f]{64}, the manifest says 0{64}"):
        fetch(manifest, tmp_path, unpack)

    assert list(tmp_path.iterdir()) == []
