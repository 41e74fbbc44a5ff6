"""Pictures of one scorecard of each kind, and of HR's document: what `flask … show` writes, as JSON, page and PDF."""

import tempfile
from pathlib import Path
from typing import Literal

from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import func, select

from app.demo.company import KINDS
from app.models.base import make_engine, make_sessions, reading
from app.models.scorecards import ScorecardRevision
from tools.keeping import PICTURES, keep, keep_first_page

WIDTHS = {"desktop": 1440, "phone": 360}
DARK = "watermelon"  # the one that is drawn for a dark screen, too


def take_kinds(app: Flask, browser: Browser) -> None:
    """Write the files of each kind for the last frozen quarter, and draw them."""
    period = _last_period(app)
    for kind, code in KINDS.items():
        _take(app, browser, f"scorecard-{kind}", ["scorecards", "show", period, code], with_dark=kind == DARK)
    _take(app, browser, "culture", ["culture", "show", period])


def _last_period(app: Flask) -> str:
    engine = make_engine(app.extensions["parity_settings"].database_url)
    with reading(), make_sessions(engine)() as session:
        period = session.scalar(select(func.max(ScorecardRevision.period)))
    engine.dispose()
    assert period is not None
    return period


def _take(app: Flask, browser: Browser, name: str, command: list[str], *, with_dark: bool = False) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page, pdf = Path(folder) / "page.html", Path(folder) / "document.pdf"
        words = [*command, "--language", "en", "--json", "--html", str(page), "--pdf", str(pdf)]
        shown = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
        if shown.exit_code:
            raise RuntimeError(f"flask {' '.join(words)}: {shown.output}")
        (PICTURES / f"{name}.json").write_text(shown.stdout, encoding="utf-8")
        keep_first_page(f"{name}-pdf", pdf.read_bytes())
        for size, width in WIDTHS.items():
            keep(f"{name}-{size}", _photograph(browser, page, width, "light"))
        if with_dark:
            keep(f"{name}-desktop-dark", _photograph(browser, page, WIDTHS["desktop"], "dark"))


def _photograph(browser: Browser, file: Path, width: int, scheme: Literal["light", "dark"]) -> bytes:
    """Photograph a page from its first to its last line."""
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en", reduced_motion="reduce"
    )
    page.goto(file.as_uri())
    taken = page.screenshot(full_page=True, animations="disabled")
    page.close()
    return taken
