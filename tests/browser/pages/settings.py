"""The asking policy with a draft that was tried, and a version of the survey in the making."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.asking_policy_json import policy_from_json
from app.domain.instruments import FIRST, Item
from app.domain.instruments.wording_json import words_to_json
from app.domain.states import ChoreKind, Role
from app.foundations import clock
from app.models.policies import find_policy
from app.models.surveys import SurveyVersion, SurveyWording
from app.upkeep import surveys
from app.upkeep.audit import log as audit
from app.upkeep.policy.drafts import keep_draft
from app.upkeep.policy.versions import set_policy
from app.upkeep.running import chores
from tests.browser.looking import Look
from tests.builders.service_requests import CALENDAR
from tests.conftest import CAROL

REASONS = {
    "own_department": 97,
    "history": 210,
    "opted_out": 28,
    "reopened": 121,
    "quarantine": 1204,
    "quarter_cap": 52,
    "sampled_out": 498,
}
TRIED: dict[str, Any] = {
    "period": "2026-Q3",
    "requests": 3902,
    "cap": 3,
    "enough": 30,
    "in_force": {
        "asked": 1431,
        "people": 1184,
        "people_by_times_asked": {"1": 978, "2": 165, "3": 41},
        "departments": 12,
        "departments_with_enough": 7,
        "expected_answers": 630,
        "reasons": {**REASONS, "quarantine": 1675, "invited": 1431},
    },
    "draft": {
        "asked": 1902,
        "people": 1297,
        "people_by_times_asked": {"1": 858, "2": 273, "3": 166},
        "departments": 12,
        "departments_with_enough": 9,
        "expected_answers": 837,
        "reasons": {**REASONS, "invited": 1902},
    },
}
LOOKS = [
    Look("policy", "/admin/policy", Role.ADMIN),
    Look("policy-switch-on", "/admin/policy/switch-on", Role.ADMIN),
    Look("policy-versions", "/admin/policy/versions", Role.ADMIN),
    Look("policy-version", "/admin/policy/versions/1", Role.ADMIN),
    Look("surveys", "/admin/surveys", Role.ADMIN),
    Look("survey-version", "/admin/surveys/3", Role.ADMIN),
    Look("survey-words", "/admin/surveys/3/de", Role.ADMIN),
    Look("survey-mail", "/admin/surveys/3/de/preview?as=mail", Role.ADMIN),
    Look("survey-withdraw", "/admin/surveys/4/withdraw", Role.ADMIN),
    Look("survey-drop", "/admin/surveys/3/drop", Role.ADMIN),
    Look("survey-publish", "/admin/surveys/3/publish", Role.ADMIN),
    Look("branding", "/admin/branding", Role.ADMIN),
]


def furnish(session: Session, moment: datetime) -> None:
    """Add a policy in force, Carol's draft with what came of trying it, a published survey and a draft."""
    carol = audit.by_staff(session, CAROL.email)
    long_ago = moment - timedelta(days=120)
    set_policy(
        session,
        {"answers_aimed": 30, "posting": "after_review"},
        author=carol,
        reason="Smaller departments first.",
        now=long_ago,
    )
    version = find_policy(session)[0]
    changed = {
        "answers_aimed": 40,
        "posting": "after_review",
        "quarantine_days": 21,
        "holidays": ["2026-12-24", "2026-12-25"],
    }
    reason = "Finance and Legal stay under 30 answers."
    draft = policy_from_json(changed)
    rules = keep_draft(session, draft, author=carol, reason=reason, base=version, now=moment)
    _tried(session, carol, {"rules": rules, "version": version}, moment)
    _surveys(session, carol, long_ago)


def _tried(session: Session, by: str, params: dict[str, Any], moment: datetime) -> None:
    chores.ask(session, ChoreKind.TRY_POLICY, f"policy:{by}", params, by=by, language="en", now=moment)
    chore = chores.claim(session, now=moment)
    assert chore is not None
    chores.finish(session, chore, TRIED, now=moment)


def _surveys(session: Session, by: str, moment: datetime) -> None:
    first = surveys.new_draft(session, author=by, now=moment)
    surveys.save_rotating(session, first, [Item.TRUST, Item.EFFORT])
    surveys.publish(session, first, CALENDAR, reason="Trust and effort are what we report.", now=moment)
    draft = surveys.new_draft(session, author=by, now=moment)
    words = words_to_json(FIRST.wording("de"))
    asked = "Alles in allem: Wie zufrieden sind Sie mit der Bearbeitung dieser Anfrage?"
    surveys.save_words(session, draft, "de", {**words, "csat_overall": asked, "kudos": "Danke ans ganze Team"})
    # One that waits for its quarter, beside the draft: pages that ask for either are looked at in one company.
    told = {"rotating": [Item.TRUST.value], "author": by, "created_at": moment, "published_at": moment}
    begins_with = str(CALENDAR.period_of(clock.now()).following)
    session.add(SurveyVersion(number=draft + 1, from_period=begins_with, digest="sha256:", **told))
    for language, wording in FIRST.words.items():
        session.add(SurveyWording(number=draft + 1, language=language, words=words_to_json(wording)))
