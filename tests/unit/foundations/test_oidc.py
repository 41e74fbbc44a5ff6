"""What a provider answers is believed only where everything about it fits; the provider here is played by the test."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from app.foundations.http import Answer, Broken, Client, Refused, Unreachable
from app.foundations.oidc import (
    AddressNotVouchedFor,
    Attempt,
    Identity,
    IdentityProvider,
    ProviderIsAway,
    SignInRefused,
)
from app.settings import OidcSettings

ISSUER = "https://login.example.com"
NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": name}, private=True) for name in ("ours", "theirs"))
SETTINGS = OidcSettings(issuer=ISSUER, client_id="par ity", client_secret="s:cret")
DESCRIBED = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
    "userinfo_endpoint": f"{ISSUER}/me",
}
HELEN = {"sub": "17", "email": " Helen@Example.com", "email_verified": True, "name": "Helen", "groups": ["people"]}
ATTEMPT = Attempt("state", "nonce", "verifier")
QUERY = "code=c0de&state=state"


class Provider(Client):
    """Answers from a table; remembers what it was asked."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__()
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def call(self, method: str, url: str, **options: Any) -> Answer:
        self.asked.append((f"{method} {url.removeprefix(ISSUER)}", options))
        answer = self.answers[url.removeprefix(ISSUER)]
        if isinstance(answer, Exception):
            raise answer
        return Answer(200, {}, json.dumps(answer).encode())


def claims(**changed: Any) -> dict[str, Any]:
    at = int(NOW.timestamp())
    known = {"iss": ISSUER, "aud": "par ity", "sub": "17", "nonce": "nonce", "iat": at, "exp": at + 300, **changed}
    return {name: value for name, value in known.items() if value is not None}


def signed(told: Mapping[str, Any], key: Any = KEY, algorithm: str = "RS256") -> str:
    return jwt.encode({"alg": algorithm, "kid": "ours"}, dict(told), key, algorithms=[algorithm])


def provider(told: Any = None, settings: Any = SETTINGS, **changed: Any) -> tuple[IdentityProvider, Provider]:
    answers = {
        "/.well-known/openid-configuration": DESCRIBED,
        "/token": {"id_token": signed(claims()) if told is None else told, "access_token": "key"},
        "/jwks": {"keys": [KEY.as_dict(private=False)]},
        "/me": HELEN,
        **changed,
    }
    played = Provider(answers)
    return IdentityProvider(settings, played, "https://parity.example.com/back"), played


def test_the_way_there_names_everything_that_the_answer_must_fit() -> None:
    ours, _ = provider()

    address, attempt = ours.start(now=NOW)

    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{ISSUER}/auth?")
    assert len({*vars(attempt).values()}) == 3
    assert asked.pop("code_challenge") not in {attempt.verifier, ""}
    assert asked == {
        "response_type": "code",
        "client_id": "par ity",
        "redirect_uri": "https://parity.example.com/back",
        "scope": "openid email profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge_method": "S256",
    }


def test_who_somebody_is_comes_from_userinfo() -> None:
    ours, played = provider()

    found = ours.finish(QUERY, ATTEMPT, now=NOW)

    assert found == Identity("17", "helen@example.com", "Helen", frozenset({"people"}))
    assert [asked for asked, _ in played.asked[1:]] == ["POST /token", "GET /jwks", "GET /me"]
    told = played.asked[1][1]
    assert told["auth"] == ("par%20ity", "s%3Acret")
    assert told["form"]["code_verifier"] == "verifier"


def test_the_description_is_asked_for_once_an_hour() -> None:
    ours, played = provider()

    for minutes in (0, 59, 61):
        ours.start(now=NOW + timedelta(minutes=minutes))

    assert len(played.asked) == 2


@pytest.mark.parametrize(
    "told",
    [
        signed(claims(), OTHER_KEY),
        signed(claims(), OctKey.import_key("s:cret" * 8), "HS256"),
        "eyJhbGciOiJub25lIn0." + signed(claims()).split(".")[1] + ".",
        signed(claims(iss="https://elsewhere.example.com")),
        signed(claims(aud="another client")),
        signed(claims(nonce="of another sign-in")),
        signed(claims(nonce=None)),
        signed(claims(exp=int(NOW.timestamp()) - 61)),
        signed(claims(exp=None)),
        signed(claims(sub="18")),
        signed(claims(aud=["par ity", "another"], azp="another")),
        "no token",
        "",
    ],
    ids=["key", "hs256", "none", "iss", "aud", "nonce", "no nonce", "old", "no end", "sub", "azp", "words", "empty"],
)  # fmt: skip
def test_an_id_token_that_does_not_hold_lets_nobody_in(told: str) -> None:
    ours, _ = provider(told)

    with pytest.raises(SignInRefused):
        ours.finish(QUERY, ATTEMPT, now=NOW)


@pytest.mark.parametrize(
    "query",
    ["code=c0de&state=other", "code=c0de", "state=state", "error=access_denied&state=state", "", f"{QUERY}&iss=https://evil.example"],
)  # fmt: skip
def test_an_answer_to_another_question_lets_nobody_in(query: str) -> None:
    ours, played = provider()

    with pytest.raises(SignInRefused):
        ours.finish(query, ATTEMPT, now=NOW)
    assert len(played.asked) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"email": None},
        {"email": ""},
        {"email": "helen@\u212aompany.example.com"},  # the Kelvin sign, whose small letter is a k
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": 0},
        {"email_verified": "no"},
        {"email_verified": []},
    ],
)
def test_an_address_that_the_provider_does_not_vouch_for_lets_nobody_in(changed: dict[str, Any]) -> None:
    ours, _ = provider(settings=replace(SETTINGS, trusts_addresses=True), **{"/me": HELEN | changed})

    with pytest.raises(AddressNotVouchedFor):
        ours.finish(QUERY, ATTEMPT, now=NOW)


@pytest.mark.parametrize("changed", [{"email_verified": None}, {"email_verified": True}, {"email_verified": "True"}])
def test_what_a_provider_does_not_say_is_trusted_where_the_settings_say_so(changed: dict[str, Any]) -> None:
    trusting, _ = provider(settings=replace(SETTINGS, trusts_addresses=True), **{"/me": HELEN | changed})
    careful, _ = provider(**{"/me": HELEN | changed})

    assert trusting.finish(QUERY, ATTEMPT, now=NOW).email == "helen@example.com"
    if changed["email_verified"] is None:
        with pytest.raises(AddressNotVouchedFor, match="PARITY_OIDC_TRUST_EMAIL"):
            careful.finish(QUERY, ATTEMPT, now=NOW)
    else:
        assert careful.finish(QUERY, ATTEMPT, now=NOW).email == "helen@example.com"


def test_userinfo_of_somebody_else_lets_nobody_in() -> None:
    ours, _ = provider(**{"/me": HELEN | {"sub": "18"}})

    with pytest.raises(SignInRefused, match="of somebody else"):
        ours.finish(QUERY, ATTEMPT, now=NOW)


@pytest.mark.parametrize(
    ("claims_supported", "expected"), [(["sub", "email_verified"], True), (["sub", "email"], False), (None, False)]
)
def test_a_provider_lists_whether_it_says_what_is_verified(claims_supported: Any, expected: bool) -> None:
    ours, _ = provider(**{"/.well-known/openid-configuration": DESCRIBED | {"claims_supported": claims_supported}})

    assert ours.says_what_is_verified(now=NOW) is expected


def test_a_code_that_is_used_up_is_no_fault_of_the_provider() -> None:
    ours, _ = provider(**{"/token": Refused("no", 400)})

    with pytest.raises(SignInRefused):
        ours.finish(QUERY, ATTEMPT, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"/.well-known/openid-configuration": Unreachable("no answer")},
        {"/.well-known/openid-configuration": Refused("not there", 404)},
        {"/.well-known/openid-configuration": ["a list"]},
        {"/.well-known/openid-configuration": DESCRIBED | {"issuer": "https://elsewhere.example.com"}},
        {"/.well-known/openid-configuration": DESCRIBED | {"jwks_uri": None}},
        {"/token": Refused("our secret is wrong", 401)},
        {"/jwks": Broken("broken", 503)},
        {"/me": Unreachable("no answer")},
    ],
)
def test_a_provider_that_cannot_be_used_is_away(changed: dict[str, Any]) -> None:
    ours, _ = provider(**changed)

    with pytest.raises(ProviderIsAway):
        ours.finish(QUERY, ATTEMPT, now=NOW)


@pytest.mark.parametrize(
    ("settings", "described", "expected"),
    [
        (OidcSettings(issuer=ISSUER, client_id="p"), {}, {"client_id": "p"}),
        (SETTINGS, {"token_endpoint_auth_methods_supported": ["client_secret_post"]}, {"client_secret": "s:cret"}),
    ],
)
def test_the_secret_goes_as_the_provider_takes_it(
    settings: OidcSettings, described: dict[str, Any], expected: dict[str, str]
) -> None:
    told = signed(claims(aud=settings.client_id))
    _, played = provider(told, **{"/.well-known/openid-configuration": DESCRIBED | described})

    IdentityProvider(settings, played, "https://parity.example.com/back").finish(QUERY, ATTEMPT, now=NOW)

    options = played.asked[1][1]
    assert "auth" not in options
    assert expected.items() <= options["form"].items()


@pytest.mark.parametrize(
    ("groups", "expected"),
    [("people", {"people"}), (["a", 7], {"a", "7"}), (None, set()), ({"a": 1}, set())],
)
def test_groups_come_in_several_shapes(groups: Any, expected: set[str]) -> None:
    ours, _ = provider(**{"/me": HELEN | {"groups": groups}})

    assert ours.finish(QUERY, ATTEMPT, now=NOW).groups == expected
