"""Signatures that others published, accepted by our connectors: each with its source.

Trello, Typeform, SurveyMonkey, Chatwoot, Delighted and GitLab publish how they sign, and no example of it. Where the
message is no more than the body (and the address), the own test cases of the RFCs stand in.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from app.connectors import find_connector
from app.connectors.hooks import Hook, WrongSignature
from app.domain.states import ConnectionSide

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
TRACKER, SCORES = ConnectionSide.TRACKER, ConnectionSide.SCORES

# RFC 2202 (HMAC-SHA-1) and RFC 4231 (HMAC-SHA-256), test case 2 of both.
KEY, DATA = "Jefe", b"what do ya want for nothing?"
SHA1 = bytes.fromhex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
SHA256 = bytes.fromhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")


@dataclass(frozen=True)
class Vector:
    """One signed delivery."""

    kind: str
    side: ConnectionSide
    secret: str
    body: bytes
    headers: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)


def _asana() -> bytes:
    """A delivery of 2021 whose secret is public as well: a task was completed, which changes two fields."""

    def told(name: str) -> dict[str, object]:
        resource = {"gid": "1199170056173519", "resource_type": "task", "resource_subtype": "default_task"}
        change = {"field": name, "action": "changed"}
        by = {"user": {"gid": "1198829643564474", "resource_type": "user"}, "created_at": "2021-10-29T02:44:21.987Z"}
        order = ("parent", "change", "resource") if name == "completed" else ("resource", "parent", "change")
        parts = {"parent": None, "change": change, "resource": resource}
        return {**by, "action": "changed", **{part: parts[part] for part in order}}

    return json.dumps({"events": [told("completed"), told("completed_at")]}, separators=(",", ":")).encode()


#: standard-webhooks/standard-webhooks, spec/standard-webhooks.md
STANDARD = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
STANDARD_SECRET, STANDARD_BODY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
#: What GitHub and Atlassian both call their secret.
HUB_SECRET = "It's a Secret to Everybody"
#: developer.zendesk.com/documentation/webhooks/verifying: the secret of every webhook that is only tried
ZENDESK_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="

VECTORS: Mapping[str, Vector] = {
    "Standard Webhooks": Vector("signed", TRACKER, STANDARD_SECRET, STANDARD_BODY, STANDARD),
    # formbricks.com/docs, Webhooks: signs as Standard Webhooks says.
    "Formbricks": Vector("formbricks", SCORES, STANDARD_SECRET, STANDARD_BODY, STANDARD),
    # docs.gitlab.com, Webhooks (merge request 230944): the signing token, too.
    "GitLab": Vector("gitlab", TRACKER, STANDARD_SECRET, STANDARD_BODY, STANDARD),
    # docs.github.com, Validating webhook deliveries, "Testing the webhook payload validation".
    "GitHub": Vector(
        "github",
        TRACKER,
        HUB_SECRET,
        b"Hello, World!",
        {"x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
    ),
    # developer.atlassian.com/cloud/jira/platform/webhooks, "Secure admin webhooks".
    "Jira": Vector(
        "jira",
        TRACKER,
        HUB_SECRET,
        b"Hello World!",
        {"x-hub-signature": "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"},
    ),
    # A real delivery with its secret: fusebit/integrations, src/asana/asana-connector/test/sampleData.ts.
    "Asana": Vector(
        "asana",
        TRACKER,
        "cfecd97ea57de2b55a0a1a343c16fe3e",
        _asana(),
        {"x-hook-signature": "11c89fb59db2a2cfe5eef26a3d7dc77d3ad0bbdd7f23700d7aff2fe6ff8e2581"},
    ),
    # The example of developer.zendesk.com/documentation/event-connectors/webhooks/verifying, when the body was still
    # signed before the timestamp: so each stands here in the other's place. The secret is text, not base64 of a key.
    "Zendesk, when it signed body and timestamp": Vector(
        "zendesk",
        SCORES,
        "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=",
        b"2021-07-25T10:00:00Z",
        {
            "x-zendesk-webhook-signature-timestamp": '{"say": "hello"}',
            "x-zendesk-webhook-signature": "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=",
        },
    ),
    # Today's order, as an independent implementation computes it with Zendesk's own secret for trials.
    "Zendesk, timestamp and body": Vector(
        "zendesk",
        SCORES,
        ZENDESK_SECRET,
        b'{"event":"ticket.updated","id":123}',
        {
            "x-zendesk-webhook-signature-timestamp": "2021-03-25T05:09:27Z",
            "x-zendesk-webhook-signature": "S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=",
        },
    ),
    "Trello, by RFC 2202": Vector(
        "trello",
        TRACKER,
        KEY,
        DATA[:16],
        {"x-trello-webhook": base64.b64encode(SHA1).decode()},
        {"callback_url": DATA[16:].decode()},
    ),
    "Typeform, by RFC 4231": Vector(
        "typeform", SCORES, KEY, DATA, {"typeform-signature": f"sha256={base64.b64encode(SHA256).decode()}"}
    ),
    "Delighted, by RFC 4231": Vector(
        "delighted", SCORES, KEY, DATA, {"x-delighted-webhook-signature": f"sha256={SHA256.hex()}"}
    ),
}


def _verify(vector: Vector, body: bytes, *secrets: str) -> None:
    connector = find_connector(vector.side, vector.kind)
    assert connector is not None
    assert connector.verify is not None
    hook = Hook(body=body, headers=vector.headers, secrets=secrets, settings=vector.settings, received_at=NOW)
    connector.verify(hook)


@pytest.mark.parametrize("name", VECTORS)
def test_what_was_published_is_accepted_and_nothing_like_it(name: str) -> None:
    vector = VECTORS[name]

    _verify(vector, vector.body, "another secret", vector.secret)

    for body, secret in ((vector.body + b" ", vector.secret), (vector.body, vector.secret + "x"), (vector.body, "")):
        with pytest.raises(WrongSignature):
            _verify(vector, body, secret)
