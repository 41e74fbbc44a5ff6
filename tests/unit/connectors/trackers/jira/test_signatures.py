"""Who may deliver: the signature over the raw bytes, the token of an app, a password, or the address alone."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.connectors.hooks import Hook, WrongSignature
from app.connectors.trackers.jira.signatures import delivery_key, judge_age, verify

# Atlassian's page on webhooks shows this signature for this body and secret.
SECRET, BODY = "It's a Secret to Everybody", b"Hello World!"
SIGNATURE = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)
APP = "5a76dcf9"


def _hook(headers: dict[str, str], *secrets: str, **settings: Any) -> Hook:
    return Hook(body=BODY, headers=headers, secrets=secrets, settings=settings, received_at=NOW)


def _refuses(hook: Hook) -> bool:
    try:
        verify(hook)
    except WrongSignature:
        return True
    return False


def _part(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def _token(claims: object, *, secret: str = APP, algorithm: str = "HS256") -> str:
    signed = _part({"alg": algorithm, "typ": "JWT"}) + b"." + _part(claims)
    signature = base64.urlsafe_b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).rstrip(b"=")
    return (signed + b"." + signature).decode()


def test_it_accepts_the_published_vector() -> None:
    verify(_hook({"x-hub-signature": SIGNATURE}, SECRET))


def test_the_method_and_the_digits_may_be_capitals() -> None:
    verify(_hook({"x-hub-signature": SIGNATURE.upper()}, SECRET))


def test_while_the_secret_changes_the_old_one_is_honoured_too() -> None:
    verify(_hook({"x-hub-signature": SIGNATURE}, "the new one", SECRET))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256",
        SIGNATURE[:-1],
        SIGNATURE.removeprefix("sha256="),
        SIGNATURE.replace("sha256", "sha512"),
        SIGNATURE.replace("sha256", "sha1"),
        "sha256=ü\udcff",
        "=" + SIGNATURE,
    ],
)
def test_it_refuses_everything_else(signature: str) -> None:
    assert _refuses(_hook({"x-hub-signature": signature}, SECRET))


def test_without_a_secret_everything_is_refused() -> None:
    empty = "sha256=" + hmac.digest(b"", BODY, hashlib.sha256).hex()

    assert _refuses(_hook({"x-hub-signature": empty}))
    assert _refuses(_hook({"x-hub-signature": empty}, ""))
    assert _refuses(_hook({}, SECRET))
    assert _refuses(_hook({"authorization": "Basic Og=="}, basic_auth=""))
    assert _refuses(_hook({"authorization": "Bearer " + _token({"exp": 9e9}, secret="")}, client_secret=""))


def test_a_connection_that_cannot_sign_is_known_by_its_address_alone() -> None:
    verify(_hook({}, SECRET, unsigned=True))

    assert _refuses(_hook({"x-hub-signature": SIGNATURE}, "another", unsigned=True))
    assert _refuses(_hook({}, SECRET, unsigned="no"))


def test_a_password_is_compared_as_a_whole() -> None:
    right = base64.b64encode("parity:gehe1m ü".encode()).decode()

    verify(_hook({"authorization": f"Basic {right}"}, basic_auth="parity:gehe1m ü"))

    wrong = ["Basic", "Basic ü", "Basic " + right[:-4], f"Bearer {right}", right, "Basic cGFyaXR5Og=="]
    assert [_refuses(_hook({"authorization": one}, basic_auth="parity:gehe1m ü")) for one in wrong] == [True] * 6


@pytest.mark.parametrize("scheme", ["Bearer", "JWT", "bearer"])
def test_the_token_of_an_app_is_signed_with_its_client_secret(scheme: str) -> None:
    claims = {"iss": "app", "iat": 1, "exp": int((NOW + timedelta(minutes=1)).timestamp())}
    hook = _hook({"authorization": f"{scheme} {_token(claims)}"}, client_secret=APP)

    verify(hook)
    judge_age(hook)


@pytest.mark.parametrize(
    "token",
    [
        _token({"exp": 9_999_999_999}, secret="another"),
        _token({"exp": 9_999_999_999}, algorithm="none"),
        _token({"exp": 9_999_999_999}, algorithm="HS512"),
        _token({"exp": "9999999999"}),
        _token({"exp": True}),
        _token({"iss": "app"}),
        _token([]),
        _token({"exp": 9_999_999_999}).rpartition(".")[0] + ".",
        "..",
        "a.b",
        "ü.ü.ü",
    ],
)
def test_any_other_token_is_refused(token: str) -> None:
    assert _refuses(_hook({"authorization": f"Bearer {token}"}, client_secret=APP))


def test_a_token_that_has_expired_is_too_old() -> None:
    hook = _hook({"authorization": "JWT " + _token({"exp": int(NOW.timestamp()) - 301})}, client_secret=APP)

    verify(hook)
    with pytest.raises(WrongSignature, match="expired"):
        judge_age(hook)


def test_a_signature_has_no_age() -> None:
    judge_age(_hook({"x-hub-signature": SIGNATURE}, SECRET))


def test_every_attempt_at_a_delivery_has_the_same_key() -> None:
    first = _hook({"x-atlassian-webhook-identifier": "w-1"})
    again = _hook({"x-atlassian-webhook-identifier": "w-1", "x-atlassian-webhook-retry": "2"})

    assert {delivery_key(first), delivery_key(again)} == {"w-1"}
    assert delivery_key(_hook({})) == hashlib.sha256(BODY).hexdigest()
    assert delivery_key(_hook({"x-atlassian-webhook-identifier": "x" * 201})) == hashlib.sha256(BODY).hexdigest()
