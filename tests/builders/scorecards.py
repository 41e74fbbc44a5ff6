"""Invented scorecard documents as `interface.md` shows them, built through the sentences' own constructor."""

from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.periods import Calendar, Period
from app.domain.sentences import SentenceKey as Key
from app.domain.sentences import coarse_word, sentence
from app.reports.published import Document
from app.reports.trends import Trend, trend_of

INSIDE, OUTSIDE = 47, 238
CALENDAR = Calendar(ZoneInfo("UTC"))


def figure(estimate: float, lower: float, upper: float, n: int = INSIDE, method: str = "wilson") -> dict[str, Any]:
    return {"estimate": estimate, "lower": lower, "upper": upper, "n": n, "answers": n + 6, "method": method}


def gap(estimate: float, lower: float, upper: float) -> dict[str, Any]:
    return {"estimate": estimate, "lower": lower, "upper": upper, "n": [INSIDE, OUTSIDE], "method": "newcombe"}


def a_document(name: str = "IT Support", period: str = "2026-Q3", **changed: Any) -> dict[str, Any]:
    """A normal quarter: colleagues clearly less satisfied than customers, on time by the clock."""
    document = {
        "schema": "parity.scorecard/1",
        "department": {"code": "IT", "name": name},
        "period": period,
        "revision": 1,
        "frozen_at": "2026-10-16T00:00:00+00:00",
        "digest": "sha256:" + "4f1c9a02" * 8,
        "funnel_basis": "invitations",
        "method": {
            "confidence": 0.95,
            "minimum_group_size": 5,
            "minimum_comment_group": 10,
            "weighting": "per_requester",
            "instrument_versions": ["csat-3"],
            "policy_versions": [7],
        },
        "funnel": {
            "completed": 412,
            "eligible": 371,
            "invited": 148,
            "delivered": 146,
            "answered": 64,
            "requesters": INSIDE,
            "not_asked": {"sampled_out": 198, "quarantine": 25},
            "coverage_rate": 0.4,
            "response_rate": figure(0.44, 0.36, 0.52, 146),
            "nonresponse_bounds": [0.11, 0.96],
        },
        "internal": {
            "csat_overall": {
                "top_two_box": figure(0.66, 0.52, 0.78),
                "score_0_100": figure(64.2, 57.0, 71.3, method="mean_adjusted"),
                "distribution": [0.11, 0.12, 0.11, 0.36, 0.3],
            },
            "timeliness": {"top_two_box": figure(0.48, 0.35, 0.62)},
            "result_quality": {"top_two_box": figure(0.81, 0.69, 0.89)},
            "communication": {
                "top_two_box": figure(0.64, 0.5, 0.76),
                "score_0_100": figure(66.0, 58.9, 72.0, method="mean_adjusted"),
            },
            "effort": {"top_two_box": figure(0.7, 0.3, 1.0, 8, "wilson_coarse")},
        },
        "external": {
            "touchpoints": [{"code": "DELIVERY", "weight": 1.0, "instrument": "csat5", "n": OUTSIDE}],
            "csat_overall": {
                "top_two_box": figure(0.92, 0.88, 0.95, OUTSIDE),
                "distribution": [0.01, 0.02, 0.05, 0.37, 0.55],
            },
            "timeliness": {"top_two_box": figure(0.83, 0.79, 0.87, OUTSIDE)},
            "result_quality": {"top_two_box": figure(0.88, 0.84, 0.91, OUTSIDE)},
            "communication": {"score_0_100": figure(70.1, 67.0, 73.2, 90, "mean_adjusted")},
            "effort": {"score_0_100": figure(55.0, 50.1, 60.2, 120, "mean_adjusted")},
        },
        "gap": {
            "csat_overall": {"comparability": "A", "verdict": "worse", "top_two_box": gap(-0.26, -0.41, -0.13)},
            "timeliness": {"comparability": "A", "verdict": "worse", "top_two_box": gap(-0.35, -0.49, -0.2)},
            "result_quality": {"comparability": "A", "verdict": "no_evidence", "top_two_box": gap(-0.07, -0.19, 0.02)},
            "communication": {"comparability": "C", "verdict": "no_evidence", "score_0_100": gap(-4.1, -11.3, 3.1)},
            "effort": {"comparability": "D", "verdict": "not_comparable"},
        },
        "change": {"csat_overall": {"previous": "2026-Q2", "verdict": "no_evidence"}},
        "sla": {
            "basis": "requests",
            "on_time": figure(0.94, 0.91, 0.96, 398),
            "target": 0.9,
            "satisfaction_target": 0.8,
            "watermelon": "confirmed",
        },
        "suppressed": [{"what": "internal.trust", "why": "protects_a_small_group"}],
        "sentences": {
            "finding": sentence(Key.FINDING_WORSE, department=name, internal=0.66, external=0.92),
            "gap": sentence(Key.GAP_EVIDENT, gap=-0.26, lower=-0.41, upper=-0.13),
            "change": sentence(Key.CHANGE_NO_EVIDENCE, previous="2026-Q2"),
            "precision": sentence(Key.PRECISION, people=INSIDE, lower=0.52, upper=0.78),
            "on_time": sentence(Key.ON_TIME_MET, share=0.94, lower=0.91, upper=0.96, target=0.9),
            "watermelon": sentence(
                Key.WATERMELON_CONFIRMED,
                on_time=0.94,
                on_time_target=0.9,
                satisfied=0.66,
                satisfaction_target=0.8,
            ),
            "action": sentence(Key.ACTION_START, item="timeliness"),
            "action_reason": sentence(Key.ACTION_REASON, share=0.48, lower=0.35, upper=0.62, target=0.8),
            "action_advice": sentence(Key.ACTION_ADVICE, item="timeliness"),
            "action_rule": sentence(Key.ACTION_RULE_WEIGHT),
            "action_previous": sentence(
                Key.ACTION_PREVIOUS_NO_EVIDENCE, previous="2026-Q2", items=["communication"], before=0.6, now=0.64
            ),
            "gap_effect": sentence(Key.GAP_EFFECT_MEDIUM, delta=-0.38),
            "detectable": sentence(Key.PRECISION_DETECTABLE, points=0.28),
            "trend": sentence(Key.TREND_NO_SIGNAL, quarters=8),
            "funnel": sentence(Key.FUNNEL_ANSWERED, answered=64, completed=412, people=INSIDE),
            "response_rate": sentence(Key.RESPONSE_RATE, share=0.44, lower=0.36, upper=0.52),
            "nonresponse": sentence(Key.NONRESPONSE_BOUNDS, low=0.11, high=0.96),
        },
        "action": {"dimension": "timeliness", "sentence": sentence(Key.ACTION_START, item="timeliness")},
    }
    return {**document, **changed}


def a_small_document(name: str = "Payroll") -> dict[str, Any]:
    """Eight people answered: tenths and words, no comparison, no change."""
    document = a_document(name)
    document["internal"] = {"csat_overall": {"top_two_box": figure(0.6, 0.3, 0.9, 8, "wilson_coarse")}}
    document["external"] = {}
    document["gap"] = {}
    document["sla"] = {"basis": "requests", "target": 0.9, "satisfaction_target": 0.8, "watermelon": "too_few"}
    document["sentences"] = {
        "finding": sentence(Key.FINDING_COARSE, department=name, word=coarse_word(0.6).value, people=8),
        "gap": sentence(Key.GAP_NO_EXTERNAL, department=name),
        "precision": sentence(Key.PRECISION_COARSE, people=8, needed=10),
        "action": sentence(Key.ACTION_TOO_FEW, needed=10),
    }
    return document


def a_hidden_document(name: str = "Reception") -> dict[str, Any]:
    """Fewer than five people: nothing about the answers may be shown."""
    document = a_small_document(name)
    document["internal"] = {}
    document["suppressed"] = [{"what": "internal", "why": "protects_a_small_group"}]
    document["sentences"] = {"finding": sentence(Key.FINDING_HIDDEN, department=name, needed=5)}
    return document


def a_document_of_another_question(name: str = "Billing") -> dict[str, Any]:
    """Customers were asked something else (class D): their figure is told and never subtracted."""
    document = a_document(name)
    document["gap"]["csat_overall"] = {"comparability": "D", "verdict": "not_comparable"}
    document["external"]["csat_overall"] = {"score_0_100": figure(71.4, 68.0, 74.9, 238, "mean_adjusted")}
    return document


def a_document_without_customers(name: str = "Canteen") -> dict[str, Any]:
    document = a_document(name)
    document["external"] = {}
    document["gap"] = {}
    document["sentences"]["finding"] = sentence(
        Key.FINDING_INTERNAL, department=name, share=0.66, lower=0.52, upper=0.78
    )
    document["sentences"]["gap"] = sentence(Key.GAP_NO_EXTERNAL, department=name)
    return document


def earlier(document: Document, quarters: int = 7) -> dict[str, Document]:
    """The same document as if frozen in the quarters before, so that a trend has points."""
    last = Period.parse(document["period"])
    documents: dict[str, Document] = {}
    for back in range(1, quarters + 1):
        copy = deepcopy(dict(document))
        copy["period"] = str(last.shifted(-back))
        documents[copy["period"]] = copy
    return documents


def a_trend(document: Document, quarters: int = 7, *, calendar: Calendar = CALENDAR) -> Trend:
    return trend_of(document, earlier(document, quarters), calendar)
