"""Signatures of deliveries; what each vendor published stands in test_published_vectors.py."""

import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from app.connectors import standard_webhooks
from app.connectors.hooks import WrongSignature
from app.connectors.signatures import require_hmac, require_token

# Atlassian's own example of X-Hub-Signature.
HELLO = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
SECRET = "It's a Secret to Everybody"


def test_it_accepts_the_published_example_in_either_case() -> None:
    require_hmac((SECRET,), b"Hello World!", HELLO)
    require_hmac(("another", SECRET), b"Hello World!", HELLO.upper())


@pytest.mark.parametrize("offered", [None, "", "пароль", "\udcff", HELLO[:-1], HELLO + "0", HELLO[::-1]])
def test_it_refuses_everything_else(offered: str | None) -> None:
    with pytest.raises(WrongSignature):
        require_hmac((SECRET,), b"Hello World!", offered)


@pytest.mark.parametrize("known", [(), ("",)])
def test_without_a_secret_nothing_is_accepted(known: tuple[str, ...]) -> None:
    with pytest.raises(WrongSignature):
        require_hmac(known, b"", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    with pytest.raises(WrongSignature):
        require_token(known, "")


def test_a_token_is_compared_whole_with_each_that_is_valid() -> None:
    require_token(("old", "new"), "new")

    for offered in (None, "", "ne", "newer", "нов"):
        with pytest.raises(WrongSignature):
            require_token(("old", "new"), offered)


def test_what_we_send_is_signed_as_the_standard_wants_it() -> None:
    secret, body = standard_webhooks.make_secret(), '{"type":"test","ä":1}'
    now = datetime.now(UTC)

    headers = standard_webhooks.sign(secret, "msg_1", now, body.encode())

    assert Webhook(secret).verify(body, headers) == json.loads(body)
    assert headers["webhook-signature"] == Webhook(secret).sign("msg_1", now, body)
