"""Frozen scorecards as HR's document reads them, in one line each."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.culture.document import CultureFigures, culture_document
from app.domain.culture.measures import Asked, Voices
from app.domain.scorecards.publish import coarse_interval, share_interval
from app.domain.statistics import wilson_interval
from app.models.culture import CultureRevision
from app.web.culture import pages as culture_pages

METHOD = {"confidence": 0.95, "minimum_group_size": 5, "weighting": "per_requester"}


def share(favourable: int, people: int) -> dict[str, Any]:
    """Return a share as published: tenths for 5 to 9 people."""
    found = wilson_interval(favourable, people)
    return coarse_interval(found, people) if people < 10 else share_interval(found, people)


def score(estimate: float, n: int = 60) -> dict[str, Any]:
    """Return a score 0..100 as published."""
    bounds = {"estimate": estimate, "lower": estimate - 5, "upper": estimate + 5}
    return bounds | {"n": n, "answers": n, "method": "mean_adjusted"}


def scorecard(
    code: str,
    headline: tuple[int, int] | None,
    by: Mapping[str, tuple[int, int]] | None = None,
    *,
    hidden: tuple[str, ...] = (),
    **blocks: Any,
) -> dict[str, Any]:
    """Return what HR's document reads of a scorecard: (favourable, people) whole and by requester department."""
    document: dict[str, Any] = {
        "department": {"code": code, "name": code.title()},
        "internal": {"csat_overall": {"top_two_box": share(*headline)}} if headline else {},
        "external": {},
        "sla": {},
        "loop": {},
        "themes": [],
        "suppressed": [{"what": what, "why": "protects_a_small_group"} for what in hidden],
    }
    if by is not None:
        document["by_requester_department"] = [
            {"value": value, "top_two_box": share(*found)} for value, found in by.items()
        ]
    return document | blocks


def culture(*departments: dict[str, Any], revision: int = 1, **changed: Any) -> dict[str, Any]:
    """Return the document of 2026-Q3 from the scorecards of departments without any below them."""
    found = {document["department"]["code"]: document for document in departments}
    defaults: dict[str, Any] = {"company": None, "targets": dict.fromkeys(found, 0.8), "method": METHOD}
    figures = CultureFigures(departments=found, **(defaults | changed))
    return culture_document(figures, period="2026-Q3", revision=revision, frozen_at=datetime(2026, 10, 15, tzinfo=UTC))


def company(**changed: Any) -> dict[str, Any]:
    """Return the scorecard of the whole company with every figure that a measure needs."""
    document = scorecard("ALL", (240, 300), funnel={"invited": 520, "answered": 340})
    document["internal"] |= {
        "timeliness": {"top_two_box": share(210, 300), "score_0_100": score(70)},
        "communication": {"score_0_100": score(80, 300)},
        "cooperation": {"score_0_100": score(60, 70)},
        "trust": {"score_0_100": score(72.5, 70)},
    }
    document["operations"] = {"first_response_time": {"median": 3.5}}
    document["loop"] = {"thanks": 30, "consented": 20, "contacted": 15, "loop_closure_rate": share(15, 20)}
    return document | changed


ASKED = Asked(invited=400, answered=300)
VOICES = Voices(tuple((None if n % 4 else 50.0 + n % 3 * 25, 75.0 + n % 2 * 10) for n in range(280)), 280)


def freeze_documents(session: Session, *documents: dict[str, Any]) -> None:
    """Store documents as frozen revisions."""
    for document in documents:
        session.add(
            CultureRevision(
                period=document["period"],
                revision=document["revision"],
                frozen_at=datetime.fromisoformat(document["frozen_at"]),
                digest=document["digest"],
                document=json.dumps(document),
            )
        )
    session.commit()


def forget_drawn() -> None:
    """Forget what the pages have drawn: they keep it by the document, which two tests may have in common."""
    culture_pages._page.cache_clear()
    culture_pages._pdf.cache_clear()
