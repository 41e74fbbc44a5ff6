"""Whatever arrives, a connector concludes or says what is wrong: no other exception, for no kind."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from app.connectors import CONNECTORS
from app.connectors.connector import Connector
from app.connectors.hooks import Hook, UnreadableBody, WrongSignature, explained
from app.domain.states import RequestState

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
READERS = [connector for connector in CONNECTORS if connector.read or connector.explain]

# Member names and words that connectors look for, so that random bodies reach deep.
NAMES = st.sampled_from(
    "action answers changelog completed completed_at content_attributes content_type created created_at data"
    " collection_mode detail event event_data event_type events fields finished form_response gid id issue items item"
    " labels list"
    " listAfter listBefore memberCreator message_id messages result statusType satisfaction_rating"
    " satisfaction_score sys_id ticket name number object_attributes object_id object_kind old"
    " pages project questions rating reporter resource resources response_status satisfaction_ratings score"
    " state status statusCategory survey_responses task token type updated_at user webhookEvent".split()
)
WORDS = st.sampled_from(
    "closed opened done open changed task issue updateCard jira:issue_updated undefined 5 0 input_csat"
    " zen:event-type:ticket.csat_received 0001-01-01T00:00:00Z"
    " survey_response.updated form_response responseFinished response_completed rating rating_scale completed".split()
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | WORDS
BODIES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=8), max_leaves=40
)


def _conclude(connector: Connector, hook: Hook) -> None:
    read = connector.read or connector.explain
    assert read is not None
    try:
        if connector.greet is not None:
            connector.greet(hook)
        if connector.is_heartbeat is not None:
            connector.is_heartbeat(hook)
        json.dumps(explained(read(hook), "not_checked"))
    except UnreadableBody:
        return


@settings(max_examples=150)
@given(body=BODIES, fetched=st.none() | BODIES, was=st.sampled_from([None, *RequestState]))
def test_no_json_breaks_a_connector(body: object, fetched: object, was: RequestState | None) -> None:
    answer = None if fetched is None else json.dumps(fetched).encode()
    hook = Hook(body=json.dumps(body).encode(), headers={}, received_at=NOW, fetched=answer, was=was)

    for connector in READERS:  # every body for each of them: finding bodies takes longer than reading them
        note(f"{connector.side} {connector.kind}")
        _conclude(connector, hook)


@settings(max_examples=80)
@given(body=st.binary(max_size=200), header=st.text(max_size=30))
def test_no_bytes_and_no_header_break_a_connector(body: bytes, header: str) -> None:
    names = (
        "webhook-id webhook-timestamp webhook-signature x-hub-signature x-hub-signature-256 x-gitlab-token"
        " x-trello-webhook x-hook-signature authorization content-type x-chatwoot-signature x-chatwoot-timestamp"
        " x-delighted-webhook-signature typeform-signature sm-signature sm-apikey x-zendesk-webhook-signature"
        " x-zendesk-webhook-signature-timestamp"
    )
    hook = Hook(body=body, headers=dict.fromkeys(names.split(), header), secrets=("secret",), received_at=NOW)

    for connector in READERS:
        note(f"{connector.side} {connector.kind}")
        _conclude(connector, hook)
        _check(connector, hook)


def _check(connector: Connector, hook: Hook) -> None:
    if connector.verify is not None:
        with pytest.raises(WrongSignature):
            connector.verify(hook)
    if connector.judge_age is not None:
        with suppress(WrongSignature):  # what proves nothing has no age, or a wrong one
            connector.judge_age(hook)
