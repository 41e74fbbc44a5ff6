"""What a failing statement says stands in logs, so it names no values."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.models.responses import HeldResponse
from tests.servers.databases import Database


def test_a_failing_statement_does_not_print_what_somebody_answered(database: Database) -> None:
    row = {"id": b"short", "department_id": 1, "period": "2026-Q3", "requester_cluster_id": b"who" * 5, "month": "x"}
    row |= {"instrument_version": "1", "source": "survey", "state": "accepted", "comment": "the lift is broken"}

    with pytest.raises(IntegrityError) as caught:
        database.session.execute(insert(HeldResponse), row)

    assert "the lift is broken" not in str(caught.value).split("DETAIL")[0]
    assert "parameters hidden" in str(caught.value)
