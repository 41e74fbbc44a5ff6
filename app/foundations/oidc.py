"""Signing in with the company's identity provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636).

Nothing is kept here but the provider's own description, for an hour. What a sign-in under way needs stands in its
`Attempt`, which the caller keeps in the visitor's cookie; who somebody is comes from the userinfo endpoint, since many
providers put nothing but `sub` into the id_token.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc6749.parameters import parse_authorization_code_response
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.foundations.http import Client, Refused, Trouble, limited
from app.foundations.languages import gettext
from app.settings import OidcSettings

KNOWN_FOR = timedelta(hours=1)
SECONDS = 8.0  # for all calls of one step together: somebody waits for the page
BAD_REQUEST = 400
LEEWAY = 60  # seconds by which the clocks may differ
# What a provider signs with a key that it shows to everybody; never our shared secret, never nothing.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")


class ProviderIsAway(Exception):
    """The provider does not answer, or not as OpenID Connect says. Another way in may work."""


class SignInRefused(Exception):
    """The provider answered, and this sign-in is not good: cancelled, too old, of another browser, or forged."""


class AddressNotVouchedFor(SignInRefused):
    """The provider knows the account and names no address for it that one can rely on."""


@dataclass(frozen=True)
class Attempt:
    """A sign-in that has begun; its values are good for one answer."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says somebody is."""

    subject: str  # the provider's own name for the account; it stays when the address changes
    email: str  # in small letters, and vouched for
    name: str
    groups: frozenset[str]


class IdentityProvider:
    """The company's provider; safe to use from several threads."""

    def __init__(self, settings: OidcSettings, client: Client, redirect_uri: str) -> None:
        """Call the provider of these settings through `client`; it leads people back to `redirect_uri`."""
        self._settings, self._client, self._redirect_uri = settings, client, redirect_uri
        self._known: tuple[datetime, Mapping[str, Any]] | None = None

    def start(self, *, now: datetime) -> tuple[str, Attempt]:
        """Return the address of the provider's page, and what its answer has to fit. Raises ProviderIsAway."""
        attempt = Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))
        with limited(SECONDS):
            described = self._describe(now)
        protocol = OAuth2Client(
            None,
            client_id=self._settings.client_id,
            scope=" ".join(self._settings.scopes),
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )
        address, _ = protocol.create_authorization_url(
            described["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
        return str(address), attempt

    def finish(self, query: str, attempt: Attempt, *, now: datetime) -> Identity:
        """Return who signed in, from the query with which the provider led back.

        Raises ProviderIsAway and SignInRefused.
        """
        with limited(SECONDS):
            described = self._describe(now)
            answer = self._read_answer(query, attempt, described)
            tokens = self._exchange(described, answer["code"], attempt)
            subject = self._check(described, tokens, attempt, now)
            access = {"Authorization": f"Bearer {tokens.get('access_token')}"}
            told = self._json("GET", described["userinfo_endpoint"], headers=access)
        if told.get("sub") != subject:
            raise SignInRefused("userinfo is of somebody else")
        return _identity(subject, told, self._settings)

    def says_what_is_verified(self, *, now: datetime) -> bool:
        """Tell whether `email_verified` is among the claims that the provider lists; not all list all that they send.

        Raises ProviderIsAway.
        """
        claims = self._describe(now).get("claims_supported")
        return isinstance(claims, list) and "email_verified" in claims

    def _describe(self, now: datetime) -> Mapping[str, Any]:
        """Return the provider's own description (OpenID Connect Discovery 1.0, section 4)."""
        if self._known is None or now - self._known[0] > KNOWN_FOR:
            told = self._json("GET", f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != self._settings.issuer:
                raise ProviderIsAway(gettext("it calls itself another issuer than PARITY_OIDC_ISSUER"))
            if lacking := [name for name in _ENDPOINTS if not isinstance(told.get(name), str)]:
                raise ProviderIsAway(gettext("its description lacks %(name)s", name=lacking[0]))
            self._known = (now, told)
        return self._known[1]

    def _read_answer(self, query: str, attempt: Attempt, described: Mapping[str, Any]) -> Mapping[str, str]:
        try:
            answer: Mapping[str, str] = parse_authorization_code_response(f"?{query}", state=attempt.state)
        except AuthlibBaseError as error:
            raise SignInRefused(str(error.error)) from error
        if answer.get("iss", described["issuer"]) != described["issuer"]:  # RFC 9207: an answer of another provider
            raise SignInRefused("the answer is of another provider")
        return answer

    def _exchange(self, described: Mapping[str, Any], code: str, attempt: Attempt) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": attempt.verifier,
        }
        who, secret = self._settings.client_id, self._settings.client_secret
        ways = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not secret:
            return self._json("POST", described["token_endpoint"], form=form | {"client_id": who})
        if "client_secret_basic" not in ways:
            more = {"client_id": who, "client_secret": secret}
            return self._json("POST", described["token_endpoint"], form=form | more)
        # RFC 6749, section 2.3.1: both halves are form-encoded before they become a Basic login.
        login = (quote(who, safe=""), quote(secret, safe=""))
        return self._json("POST", described["token_endpoint"], form=form, auth=login)

    def _check(self, described: Mapping[str, Any], tokens: Mapping[str, Any], attempt: Attempt, now: datetime) -> str:
        """Return the subject of an id_token that is signed by the provider and meant for this sign-in.

        OpenID Connect Core 1.0, section 3.1.3.7.
        """
        keys = self._json("GET", described["jwks_uri"])
        try:
            token = jwt.decode(str(tokens.get("id_token")), KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
            expected = {
                "iss": {"essential": True, "value": described["issuer"]},
                "aud": {"essential": True, "value": self._settings.client_id},
            }
            parameters = {
                "nonce": attempt.nonce,
                "client_id": self._settings.client_id,
                "access_token": tokens.get("access_token"),
            }
            claims = CodeIDToken(token.claims, token.header, expected, parameters)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused(f"the id_token does not hold: {type(error).__name__}") from error
        return str(claims["sub"])

    def _json(self, method: str, address: str, **options: Any) -> Mapping[str, Any]:
        """Return the object that the provider answers with; nothing is tried twice, since somebody waits."""
        try:
            told = self._client.call(method, address, repeatable=False, **options).json()
        except Refused as error:
            if method == "POST" and error.status == BAD_REQUEST:  # RFC 6749, section 5.2: a code that is used or old
                raise SignInRefused(str(error)) from error
            raise ProviderIsAway(str(error)) from error
        except Trouble as error:
            raise ProviderIsAway(str(error)) from error
        if not isinstance(told, dict):
            raise ProviderIsAway(gettext("its answer is no JSON object"))
        return told


def _identity(subject: str, told: Mapping[str, Any], settings: OidcSettings) -> Identity:
    email = _address(told, is_trusted=settings.trusts_addresses)
    groups = told.get(settings.groups_claim) or []
    named = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return Identity(subject, email, str(told.get("name") or ""), frozenset(str(one) for one in named))


def _address(told: Mapping[str, Any], *, is_trusted: bool) -> str:
    email, verified = str(told.get("email") or "").strip(), told.get("email_verified")
    if not email:
        raise AddressNotVouchedFor("it names no address")
    if verified is None and not is_trusted:
        raise AddressNotVouchedFor("it does not say whether the address is verified: see PARITY_OIDC_TRUST_EMAIL")
    if verified is not None and str(verified).lower() != "true":  # some providers write it as a word
        raise AddressNotVouchedFor("it calls the address unverified")
    if not email.isascii():  # small letters may be of another address: the Kelvin sign becomes a k
        raise AddressNotVouchedFor("the address holds letters outside ASCII")
    return email.lower()
