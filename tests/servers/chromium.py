"""Debian's Chromium, driven by Playwright; headless and told not to call anybody."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.servers.processes import ServerError

FLAGS = (
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running() -> Iterator[Browser]:
    """Start the browser. Raises ServerError with the command to run where it is not installed."""
    given = os.environ.get("PARITY_TEST_CHROMIUM")
    program = given or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise ServerError("Chromium is missing: run 'sudo apt-get install chromium' or set PARITY_TEST_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()
