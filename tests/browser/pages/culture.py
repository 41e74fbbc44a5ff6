"""HR's pages about how departments serve each other."""

import json
from datetime import datetime
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.culture import matrix as matrices
from app.domain.culture.sentences import CultureKey, sentence
from app.domain.states import CommentState, Role
from app.models.comments import CommentReview
from app.models.departments import Department
from app.models.responses import HeldResponse
from app.models.scorecards import ScorecardRevision
from tests.browser.looking import Look
from tests.builders import company as samples
from tests.builders.comments import commented
from tests.builders.culture import ASKED, VOICES, company, culture, freeze_documents, scorecard
from tests.builders.departments import department
from tests.builders.issued import CUTS

COMMENTED, FROZEN = "2026-Q3", "2026-Q1"
TEXTS = (
    "Three weeks of silence, then everything in one hour. Please write in between, even if there is nothing new.",
    "Nach der Umstellung war die Zugriffsberechtigungsverwaltung zwei Tage lang nicht erreichbar",
    "Ines helped at once and was kind, although it was late",
    "Отвечают вежливо, но согласование заняло две недели и никто не сказал почему",
    "x" * 610,
)
OF_ONE_DEPARTMENT = (CultureKey.MATRIX_HIDDEN, CultureKey.DEPARTMENTS_TOO_FEW)
PERIOD = "2026-Q2"  # ten departments, who differ; 2026-Q3 has three, half hidden


def read(page: Page) -> None:
    """Press the button after which comments stand there, where nobody has pressed it in this session yet."""
    if page.locator("blockquote").count() == 0:
        page.locator(".do button").click()
    page.locator("blockquote").first.wait_for()


def take_out(page: Page) -> None:
    """Keep back a comment of a frozen quarter, which is asked about first."""
    read(page)
    page.locator("article").first.get_by_role("radio").last.check(force=True)
    page.locator("main form button.btn:not([name])").last.click()
    page.locator(".btn.danger").wait_for()


def drawn(page: Page) -> None:
    """Wait for the picture that a script draws."""
    page.locator(".explore canvas").wait_for()


def mistake(page: Page) -> None:
    """Save a theme with a name that is too long, and without a reason."""
    page.locator("#name_pl").fill("Bardzo długa nazwa tematu, której nie zmieści żaden wiersz karty wyników")
    page.locator("main .btn").first.click()
    page.locator(".problems").wait_for()


LOOKS = [
    Look("culture", "/culture/2026-Q3", Role.HR),
    Look("culture-full", f"/culture/{PERIOD}", Role.HR),
    Look("culture-departments", f"/culture/{PERIOD}/departments", Role.HR),
    Look("culture-departments-none", "/culture/2026-Q1/departments", Role.HR),
    Look("culture-cuts", f"/culture/{PERIOD}/cuts/on_time", Role.HR),
    Look("culture-cuts-grid", f"/culture/{PERIOD}/cuts/requester_department", Role.HR),
    Look("culture-cuts-one", f"/culture/{PERIOD}/cuts/requester_department?department=IT", Role.HR),
    Look("culture-cuts-hidden", f"/culture/{PERIOD}/cuts/month?department=FLE", Role.HR),
    Look("culture-explore", f"/culture/{PERIOD}/explore", Role.HR, do=drawn),
    Look("culture-explore-none", "/culture/2026-Q1/explore", Role.HR),
    Look("comments", "/culture/comments", Role.HR),
    Look("comments-closed", f"/culture/comments/{COMMENTED}", Role.HR),
    Look("comments-read", f"/culture/comments/{COMMENTED}", Role.HR, do=read),
    Look("comments-second", f"/culture/comments/{COMMENTED}?coder=second", Role.HR),
    Look(
        "comments-take-out",
        f"/culture/comments/{FROZEN}",
        Role.HR,
        do=take_out,
        reaches="/culture/comments/<period>/take-out",
    ),
    Look("codebook", "/culture/codebook", Role.HR),
    Look("codebook-theme", "/culture/codebook/no_news", Role.HR),
    Look("codebook-new", "/culture/codebook/new-theme", Role.HR),
    Look("codebook-theme-wrong", "/culture/codebook/waiting", Role.HR, do=mistake),
    Look("codebook-retire", "/culture/codebook/in_charge/retire", Role.HR),
    Look("codebook-words", "/culture/codebook/sensitive-words", Role.HR),
]


def of_period(document: dict[str, Any], period: str) -> dict[str, Any]:
    return document | {"period": period}


def furnish(session: Session, _moment: datetime) -> None:
    """Freeze a quarter of ten departments with their scorecards, and one of which nothing may be shown."""
    told: dict[str, Any] = {"company": company(), "asked": ASKED, "voices": VOICES}
    before = [of_period(culture(scorecard("IT", (39, 60)), **told), period) for period in ("2025-Q4", "2026-Q1")]
    full = culture(scorecard("IT", (39, 60)), **told, earlier=before) | samples.a_company(period=PERIOD)
    full["trend"][-1]["period"] = PERIOD
    full |= _told_of(full)
    nothing = culture(scorecard("IT", None, hidden=("internal",)))
    freeze_documents(session, full, of_period(nothing, "2026-Q1"))
    for code, card in samples.cards().items():
        owner = session.scalars(select(Department).where(Department.code == code)).one_or_none()
        hidden = [*CUTS["suppressed"], {"what": "trend_months", "why": "protects_a_small_group"}]
        document = of_period({**card.document, **CUTS, "suppressed": hidden}, PERIOD)
        session.add(
            ScorecardRevision(
                department_id=(owner or department(session, code, name=samples.NAMES[code])).id,
                period=PERIOD,
                revision=1,
                frozen_at=datetime.fromisoformat(full["frozen_at"]),
                digest=document["digest"],
                document=json.dumps(document),
            )
        )
    commented(session, department(session, "PRO", name="Procurement"), TEXTS, COMMENTED)
    _opened(session, department(session, "TRAVEL", name="Travel"))


def _told_of(full: dict[str, Any]) -> dict[str, Any]:
    """Return what the document says of its departments, since it was computed for one and shows ten."""
    lower = matrices.flagged_lower(full["service_matrix"])
    finding = sentence(CultureKey.MATRIX_LOWER, pairs=lower, shown=len(full["service_matrix"]["cells"]))
    said = [told for told in full["sentences"] if told["key"] not in OF_ONE_DEPARTMENT]
    return {"finding": finding, "sentences": [*said, sentence(CultureKey.DEPARTMENTS_DIFFER)]}


def _opened(session: Session, owner: Department) -> None:
    """Add a comment that was opened before its quarter was frozen."""
    commented(session, owner, TEXTS[:1], FROZEN)
    response = session.scalars(select(HeldResponse).where(HeldResponse.department_id == owner.id)).first()
    assert response is not None
    told = {"department_id": owner.id, "text": TEXTS[0], "codebook_version": 0, "proposed": []}
    session.add(
        CommentReview(id=b"t" * 16, response_id=response.id, is_flagged=False, state=CommentState.WAITING, **told)
    )
