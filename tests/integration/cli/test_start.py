"""Whatever is started with wrong settings ends at once with a sentence that names the setting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository.tree import ROOT

BIN = Path(sys.executable).parent
SETTINGS = {"PARITY_SECRET_KEY": "0123456789abcdef0123456789abcdef"}


@pytest.mark.parametrize(
    ("command", "wrong", "sentence"),
    [
        (
            (str(BIN / "flask"), "work"),
            {"PARITY_TIME_ZONE": "Mars"},
            "PARITY_TIME_ZONE: 'Mars' is no IANA time zone such as Europe/Berlin",
        ),
        (
            (str(BIN / "gunicorn"), "--check-config", "wsgi:app"),
            {"PARITY_VAR": "/proc/var"},
            "PARITY_VAR: /proc/var cannot be made: No such file or directory",
        ),
    ],
)
def test_a_wrong_setting_ends_the_start(command: tuple[str, ...], wrong: dict[str, str], sentence: str) -> None:
    environment = {"PATH": os.environ["PATH"], **SETTINGS, **wrong}

    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)

    assert ended.returncode != 0
    assert ended.stderr.splitlines()[-1].endswith(sentence)
