"""A small table of each kind that comes in as it stands: what a page offers to begin with, and its examples."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from app.imports.departments import DEPARTMENTS
from app.imports.external_scores import EXTERNAL_RESPONSES, EXTERNAL_TOTALS
from app.imports.people import PEOPLE
from app.imports.requests import REQUESTS
from app.imports.responses import RESPONSES
from app.imports.schema import Kind

Rows = Sequence[Mapping[str, str]]

_OPS = {"code": "OPS", "name": "Operations", "head_email": "olga@example.com", "language": "en"}
_IT = {
    "code": "IT",
    "name": "IT Service Desk",
    "parent_code": "OPS",
    "head_email": "ida@example.com",
    "staff_count": "12",
    "language": "de",
    "touchpoints": "website=0.6;phone=0.4",
    "valid_from": "2026-01-01",
}
_OLD = {
    "code": "HELP",
    "name": "Help Desk",
    "parent_code": "OPS",
    "valid_from": "2020-01-01",
    "valid_to": "2026-01-01",
    "successor_code": "IT",
}
_ANNA = {"email": "anna@example.com", "name": "Anna Berg", "department_code": "IT", "language": "de"}
_PIOTR = {
    "email": "piotr@example.com",
    "name": "Piotr Nowak",
    "department_code": "OPS",
    "language": "pl",
    "time_zone": "Europe/Warsaw",
    "valid_from": "2026-01-01",
}
_DONE = {
    "external_id": "SD-101",
    "requester_email": "anna@example.com",
    "provider_department": "IT",
    "created_at": "2026-07-01T09:00",
    "completed_at": "2026-07-02T15:30",
    "resolution": "delivered",
    "requester_kind": "person",
    "updated_at": "2026-07-02T15:30",
    "title": "New laptop",
    "request_type": "Hardware",
    "requester_department": "OPS",
    "first_response_at": "2026-07-01T10:15",
    "due_at": "2026-07-03T17:00",
    "on_time": "yes",
    "reopened_count": "0",
    "reassignment_count": "1",
    "status": "Closed",
    "url": "https://desk.example.com/SD-101",
}
_OPEN = {
    "external_id": "SD-102",
    "requester": "user-4711",
    "provider_department": "IT",
    "created_at": "2026-07-03T08:20",
    "title": "Access to a folder",
    "status": "Open",
}
_ANSWER = {
    "response_id": "A-1",
    "provider_department": "IT",
    "requester": "anna@example.com",
    "completed_at": "2026-07-02T15:30",
    "csat_overall": "5",
    "timeliness": "4",
    "result_quality": "5",
    "communication": "5",
    "effort": "4",
    "trust": "5",
    "professionalism": "5",
    "cooperation": "4",
    "recommend": "9",
    "requester_department": "OPS",
    "request_type": "Hardware",
    "answered_at": "2026-07-03T09:10",
    "comment": "Quick and friendly.",
    "language": "en",
    "on_time": "yes",
}
_SHORT_ANSWER = {
    "response_id": "A-2",
    "provider_department": "IT",
    "requester": "user-4711",
    "completed_at": "2026-07-05T11:00",
    "csat_overall": "3",
}
_SCORE = {
    "response_id": "C-1",
    "touchpoint": "website",
    "dimension": "csat_overall",
    "instrument": "csat5",
    "score": "4",
    "answered_at": "2026-07-03T09:10",
    "respondent": "customer-17",
    "comment": "Easy to find.",
}
_SECOND_SCORE = {
    "response_id": "C-2",
    "touchpoint": "phone",
    "dimension": "csat_overall",
    "instrument": "csat5",
    "score": "2",
    "answered_at": "2026-07-04T16:45",
}
_TOTAL = {
    "touchpoint": "website",
    "dimension": "csat_overall",
    "instrument": "csat5",
    "period": "2026-Q3",
    "counts": "1=3;2=5;3=20;4=62;5=110",
    "n": "200",
    "source_url": "https://example.com/report",
}
_SHARE = {
    "touchpoint": "phone",
    "dimension": "csat_overall",
    "instrument": "csat5",
    "period": "2026-Q3",
    "positive": "96",
    "positive_share": "0.8",
    "n": "120",
}
_MEAN = {
    "touchpoint": "shop",
    "dimension": "csat_overall",
    "instrument": "csat5",
    "period": "2026-Q3",
    "mean": "4.2",
    "standard_deviation": "0.9",
    "n": "80",
}
_NPS = {
    "touchpoint": "app",
    "dimension": "recommend",
    "instrument": "nps",
    "period": "2026-Q3",
    "nps": "32",
    "n": "150",
}

#: By the name in the sample's address.
SAMPLES: Mapping[str, tuple[Kind[Any], Rows]] = {
    "departments": (DEPARTMENTS, (_OPS, _IT, _OLD)),
    "people": (PEOPLE, (_ANNA, _PIOTR)),
    "requests": (REQUESTS, (_DONE, _OPEN)),
    "responses": (RESPONSES, (_ANSWER, _SHORT_ANSWER)),
    "external": (EXTERNAL_RESPONSES, (_SCORE, _SECOND_SCORE)),
    "totals": (EXTERNAL_TOTALS, (_TOTAL, _SHARE, _MEAN, _NPS)),
}


def sample(name: str, delimiter: str) -> bytes:
    """Return the sample as CSV in UTF-8 with the mark that spreadsheets look for; KeyError for no sample."""
    kind, rows = SAMPLES[name]
    text = io.StringIO()
    writer = csv.DictWriter(text, kind.column_names(), restval="", delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def example(name: str, column: str) -> str:
    """Return what the sample has in this column: of its first row that fills it."""
    return next((row[column] for row in SAMPLES[name][1] if row.get(column)), "")
