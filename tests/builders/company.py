"""An invented company as HR sees it: its document of one quarter (parity.culture/1) and its frozen scorecards."""

from typing import Any

from app.domain.culture.departments import quadrant
from app.reports.pictures.company import FrozenCard
from tests.builders import scorecards as samples

#: code, name, people, share, drawn-in share, flag
DEPARTMENTS = (
    ("CS", "Customer Support", 240, 0.9, 0.87, "higher"),
    ("DP", "Data Platform", 60, 0.72, 0.74, None),
    ("FM", "Facility Management", 238, 0.61, 0.64, "lower"),
    ("FLE", "Fleet", 14, 0.93, 0.8, None),
    ("IT", "IT Service Desk", 178, 0.67, 0.69, "lower"),
    ("KRB", "Kundendienst und Reklamationsbearbeitung", 95, 0.63, 0.68, "lower"),
    ("LEG", "Legal", 34, 0.83, 0.79, None),
    ("LOG", "Логистика", 168, 0.78, 0.78, None),
    ("PAY", "Payroll", 81, 0.79, 0.78, None),
    ("PUR", "Dział Zakupów", 99, 0.8, 0.79, None),
)
NAMES = {code: name for code, name, *_ in DEPARTMENTS} | {"REC": "Reception"}
RANKS = {"CS": [1, 2], "DP": [3, 9], "FM": [9, 10], "FLE": [1, 8], "IT": [7, 10]}
RANKS |= {"KRB": [7, 10], "LEG": [2, 8], "LOG": [2, 8], "PAY": [2, 8], "PUR": [2, 8]}
HIDDEN = {("CS", "LEG"), ("IT", "FLE"), ("PAY", "LOG")}


def a_company(**changed: Any) -> dict[str, Any]:
    """Ten departments that differ, three below the company; Reception is hidden altogether."""
    document = {
        "schema": "parity.culture/1",
        "period": "2026-Q3",
        "revision": 1,
        "frozen_at": "2026-10-16T00:00:00+00:00",
        "method": {"confidence": 0.95, "minimum_group_size": 5},
        "service_matrix": {
            "providers": sorted([*(code for code, *_ in DEPARTMENTS), "REC"]),
            "requesters": sorted(code for code, *_ in DEPARTMENTS),
            "cells": _cells(),
            "hidden": [{"provider": one, "requester": other} for one, other in sorted(HIDDEN)],
            "hidden_providers": ["REC"],
        },
        "departments": [_row(code, name, drawn, flag) for code, name, _, _, drawn, flag in sorted(DEPARTMENTS)],
        "differ": True,
        "limits": {"centre": 0.77, "conf_levels": [0.95, 0.998], "rank_confidence": 0.9, "overdispersion": 2.4},
        "suppressed": [],
    }
    return document | changed


def _cells() -> list[dict[str, Any]]:
    cells = []
    for column, (provider, _, _, _, share, _) in enumerate(DEPARTMENTS):
        for row, (requester, *_) in enumerate(DEPARTMENTS):
            if provider == requester or (provider, requester) in HIDDEN or (column + row) % 5 == 0:
                continue
            rated = min(0.97, share + (row * 3 % 5 - 2) * 0.05)
            cell = {"provider": provider, "requester": requester, "volume_band": 1 + (column + 2 * row) % 4}
            if (column * row) % 11 == 7:
                cells.append(cell | {"top_two_box": samples.figure(0.6, 0.3, 0.9, 7, "wilson_coarse")})
                continue
            cell |= {"top_two_box": samples.figure(rated, rated - 0.1, min(1.0, rated + 0.1), 24)}
            cell |= {"shrunken": rated, "p_adjusted": 0.2}
            cells.append(cell | ({"flag": "lower"} if rated < 0.6 else {}))
    return cells


def _row(code: str, name: str, drawn: float, flag: str | None) -> dict[str, Any]:
    card = a_card(code).document
    row = {
        "code": code,
        "name": name,
        "top_two_box": card["internal"]["csat_overall"]["top_two_box"],
        "shrunken": drawn,
        "p_adjusted": 0.01 if flag else 0.4,
        "limits": "beyond_998" if flag else "within",
        "quadrant": quadrant(card, card["sla"]["satisfaction_target"]),
        "watermelon": card["sla"]["watermelon"],
        "rank": RANKS[code],
    }
    return row | ({"flag": flag} if flag else {})


def a_card(code: str, *, target: float = 0.8, quarters: int = 7) -> FrozenCard:
    """The frozen scorecard of one department: on time where few are satisfied, late where many are."""
    _, name, n, share, _, _ = next(entry for entry in DEPARTMENTS if entry[0] == code)
    document = samples.a_document(name)
    document["department"]["code"] = code
    document["internal"]["csat_overall"]["top_two_box"] = samples.figure(share, share - 0.06, min(1.0, share + 0.05), n)
    on_time = 0.95 if share < 0.75 else 0.82
    state = "confirmed" if share < 0.7 else "inverse" if share > 0.88 else "none"
    document["sla"] |= {
        "on_time": samples.figure(on_time, on_time - 0.03, on_time + 0.02, 398),
        "watermelon": state,
        "satisfaction_target": target,
    }
    return FrozenCard(document, samples.earlier(document, quarters))


def cards() -> dict[str, FrozenCard]:
    return {code: a_card(code) for code, *_ in DEPARTMENTS}
