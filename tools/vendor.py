"""Fetch the scripts of others that pages serve from static/vendor: `python -m tools.vendor`.

The manifest beside them names package, version and files. A file whose checksum stands there must be that very file;
one without gets it written in, so a new version is a new number in the manifest, without checksums, and this command.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"
MANIFEST = "manifest.json"

Manifest = list[dict[str, Any]]
Unpack = Callable[[str, Path], Path]


class WrongFile(Exception):
    """What the registry hands out is not what was looked at when the checksum was written."""


def npm_unpack(package: str, folder: Path) -> Path:
    """Fetch `name@version` with npm into the folder and return where its files lie."""
    command = ["npm", "pack", package, "--json", "--pack-destination", str(folder)]
    told = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(folder / json.loads(told)[0]["filename"]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def fetch(manifest: Manifest, vendor: Path, unpack: Unpack) -> None:
    """Place every file of the manifest and complete it in place; nothing is written before all of them fit.

    Raises WrongFile where a checksum differs.
    """
    placed: dict[Path, bytes] = {}
    for package in manifest:
        with tempfile.TemporaryDirectory() as folder:
            unpacked = unpack(f"{package['name']}@{package['version']}", Path(folder))
            for file in package["files"]:
                content = (unpacked / file["from"]).read_bytes()
                _complete(file, content)
                placed[vendor / file["to"]] = content
    for path, content in placed.items():
        path.write_bytes(content)


def _complete(file: dict[str, Any], content: bytes) -> None:
    found = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    if file.get("sha256", found["sha256"]) != found["sha256"]:
        raise WrongFile(f"{file['to']}: the checksum is {found['sha256']}, the manifest says {file['sha256']}")
    file.update(found)


def main() -> int:
    """Fetch what static/vendor/manifest.json names."""
    path = VENDOR / MANIFEST
    manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    try:
        fetch(manifest, VENDOR, npm_unpack)
    except WrongFile as error:
        print(error, file=sys.stderr)
        return 1
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
