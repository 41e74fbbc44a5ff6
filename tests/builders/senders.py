"""How each tool that calls a hook proves itself: the headers of one delivery, from its body, secret and our address."""

import base64
import hmac
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import HTTPError

Headers = dict[str, str]
Prove = Callable[[bytes, str, str], Headers]


def _hex(secret: str, signed: bytes, digest: str = "sha256") -> str:
    return hmac.digest(secret.encode(), signed, digest).hex()


def _base64(secret: str, signed: bytes, digest: str = "sha256") -> str:
    return base64.b64encode(hmac.digest(secret.encode(), signed, digest)).decode()


def standard(body: bytes, secret: str, _address: str) -> Headers:
    """Standard Webhooks: the id is that of the body, so that the same body is the same delivery."""
    identifier, stamp = f"msg_{_hex('id', body)[:16]}", str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{identifier}.{stamp}.".encode() + body, "sha256")
    signature = f"v1,{base64.b64encode(signed).decode()}"
    return {"webhook-id": identifier, "webhook-timestamp": stamp, "webhook-signature": signature}


def chatwoot(body: bytes, secret: str, _address: str) -> Headers:
    stamp = str(int(time.time()))
    signature = f"sha256={_hex(secret, f'{stamp}.'.encode() + body)}"
    return {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": signature}


def zendesk(body: bytes, secret: str, _address: str) -> Headers:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    signature = _base64(secret, stamp.encode() + body)
    return {"X-Zendesk-Webhook-Signature-Timestamp": stamp, "X-Zendesk-Webhook-Signature": signature}


#: By the kind of the connection; Bitrix24 proves itself in the body.
PROOFS: Mapping[str, Prove] = {
    "asana": lambda body, secret, _: {"X-Hook-Signature": _hex(secret, body)},
    "bitrix24": lambda _body, _secret, _address: {},
    "chatwoot": chatwoot,
    "delighted": lambda body, secret, _: {"X-Delighted-Webhook-Signature": f"sha256={_hex(secret, body)}"},
    "formbricks": standard,
    "github": lambda body, secret, _: {
        "X-Hub-Signature-256": f"sha256={_hex(secret, body)}",
        "X-GitHub-Event": "issues",
    },
    "gitlab": lambda _body, secret, _address: {"X-Gitlab-Token": secret},
    "jira": lambda body, secret, _: {"X-Hub-Signature": f"sha256={_hex(secret, body)}"},
    "signed": standard,
    "surveymonkey": lambda body, secret, _: {"Sm-Signature": _base64(f"CLIENT_ID&{secret}", body, "sha1")},
    "trello": lambda body, secret, address: {"X-Trello-Webhook": _base64(secret, body + address.encode(), "sha1")},
    "typeform": lambda body, secret, _: {"Typeform-Signature": f"sha256={_base64(secret, body)}"},
    "zendesk": zendesk,
}

_PLACE = {"touchpoint": "portal", "instrument": "csat5"}
#: What each kind needs to be added, its secret apart. A SurveyMonkey app has the client id `CLIENT_ID`.
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "asana": {"token": "t", "project_id": "12"},
    "bitrix24": {"webhook_url": "https://portal.example.com/rest/1/code/"},
    "chatwoot": {**_PLACE, "base_url": "https://chat.example.com", "account": 7, "api_token": "t"},
    "delighted": _PLACE,
    "formbricks": _PLACE,
    "github": {"repository": "acme/site"},
    "gitlab": {"project": "acme/site"},
    "jira": {"base_url": "https://jira.example.com", "api_token": "t"},
    "signed": {},
    "surveymonkey": {**_PLACE, "survey_ids": "9", "token": "t", "api_key": "CLIENT_ID"},
    "trello": {"api_key": "k", "token": "t", "board_id": "b", "done_list_ids": ["l"]},
    "typeform": {**_PLACE, "form": "f", "token": "t"},
    "zendesk": {**_PLACE, "csat": "legacy", "base_url": "https://z.example.com", "email": "a@b.c", "api_token": "t"},
}


def send(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST over the wire, as JSON unless the headers say otherwise; return the status."""
    call = urllib.request.Request(address, body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(call, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refused:
        refused.close()
        return refused.code
