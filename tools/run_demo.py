"""`make demo`: prepare var/demo, load the sample company once, run web, worker and mailbox until Ctrl-C.

`python -m tools.run_demo links` prints new sign-in links for a demo that runs.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

VAR = Path("var") / "demo"  # apart from a real installation, whose default is var/parity.sqlite3
DATABASE = VAR / "parity.sqlite3"
READY_SECONDS = 60
BIN = Path(sys.executable).parent


def environment(port: int) -> dict[str, str]:
    """Return the settings of the demo; its secret is made once and readable by its owner only."""
    VAR.mkdir(parents=True, exist_ok=True)
    secret = VAR / "secret_key"
    if not secret.exists():
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARITY_")}
    return kept | {
        "PARITY_SECRET_KEY_FILE": str(secret.resolve()),
        "PARITY_DATABASE_URL": f"sqlite:///{DATABASE.resolve()}",
        "PARITY_VAR": str(VAR.resolve()),
        "PARITY_BASE_URL": f"http://127.0.0.1:{port}",
        "PARITY_MAIL_SERVER": "127.0.0.1",
        "PARITY_MAIL_PORT": str(_free_port()),
        "PARITY_DEMO": "true",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _prepare(settings: dict[str, str]) -> None:
    """Bring the tables up to date and load the company; loading twice does nothing, an interrupted load begins anew."""
    for command in (["db", "upgrade"], ["demo", "load"]):
        subprocess.run([str(BIN / "flask"), *command], env=settings, check=True)


def _wait_until_ready(port: int, processes: list[subprocess.Popen[bytes]]) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave half of them running
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(port: int, settings: dict[str, str]) -> int:
    flask = [str(BIN / "flask")]
    web = [str(BIN / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread"]
    commands = [
        [*flask, "demo", "mailbox"],  # first, so that the worker finds its mail server
        [*web, "--threads", "4", "--log-level", "warning", "wsgi:app"],
        [*flask, "work"],
    ]
    # Children stand in a session of their own: Ctrl-C reaches only us, and we stop them in order.
    processes = [subprocess.Popen(command, env=settings, start_new_session=True) for command in commands]
    try:
        if not _wait_until_ready(port, processes):
            print("The demo did not start; the lines above say why.", file=sys.stderr)
            return 1
        subprocess.run([*flask, "demo", "links"], env=settings, check=False)
        print("Ctrl-C stops everything.", flush=True)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        print("\nStopping …")
        return 0
    else:
        print("A part of the demo stopped; the lines above say why.", file=sys.stderr)
        return 1
    finally:
        _stop(processes)


def main() -> int:
    """Prepare, start, wait, stop."""
    port = int(os.environ.get("PORT", "8000"))
    if sys.argv[1:] == ["links"]:
        return subprocess.run([str(BIN / "flask"), "demo", "links"], env=environment(port), check=False).returncode
    if _is_taken(port):
        print(f"Port {port} is in use: PORT=8080 make demo moves the demo.", file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)  # also where a shell started us with Ctrl-C ignored
    settings = environment(port)
    try:
        _prepare(settings)
    except subprocess.CalledProcessError as error:
        return error.returncode
    except KeyboardInterrupt:
        return 130
    return _run(port, settings)


if __name__ == "__main__":
    sys.exit(main())
