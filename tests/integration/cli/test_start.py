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
            (str(BIN / "flask"), "--help"),
            {"PARITY_SECRET_KEY": ""},
            "PARITY_SECRET_KEY: missing or shorter than 16 characters; set 32 random ones and keep them",
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
    if command[0].endswith("flask"):
        assert ended.stderr == f"Error: {sentence}\n"


LOADED = """
import sys
from wsgi import app
done = app.test_cli_runner().invoke(args=sys.argv[1:])
assert "Usage" in done.output or done.exit_code == 1, done.output
print(*sorted({"matplotlib", "typst"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("words", [("--help",), ("trackers", "list"), ("scorecards", "--help")])
def test_a_command_that_draws_nothing_loads_nothing_to_draw_with(words: tuple[str, ...], tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], **SETTINGS, "PARITY_VAR": str(tmp_path)}  # no tables: it says so

    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


def test_the_servers_command_runs_flask_with_the_servers_settings_from_any_folder(tmp_path: Path) -> None:
    settings = tmp_path / "parity.env"
    (tmp_path / "secret_key").write_text(SETTINGS["PARITY_SECRET_KEY"])
    settings.write_text(f"# kept\nPARITY_SECRET_KEY_FILE={tmp_path}/secret_key\nPARITY_VAR={tmp_path}\n")
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    script = (ROOT / "deploy" / "parity").read_text(encoding="utf-8")
    ours = f"user={user} home={ROOT} settings={settings}"
    command = tmp_path / "parity"
    command.write_text(script.replace("user=parity home=/srv/parity settings=/etc/parity/parity.env", ours))
    command.chmod(0o755)

    shown = subprocess.run(
        [command, "policy", "show", "--version", "0"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (shown.returncode, shown.stdout.splitlines()[:1]) == (0, ["version 0"])
