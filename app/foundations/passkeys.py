"""Passkeys: Web Authentication Level 3, for one host, with the user's presence verified by the device itself."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

REQUIRED = UserVerificationRequirement.REQUIRED


class PasskeyRefused(Exception):
    """What the browser sent is no answer to what it was asked, or not of the passkey that is stored."""


@dataclass(frozen=True)
class Made:
    """A passkey that was made: what has to be stored of it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class House:
    """The site that passkeys are for: its host, and the origin that browsers name."""

    host: str
    origin: str
    name: str

    @classmethod
    def at(cls, base_url: str, name: str) -> "House | None":
        """Return the site of an address; None for one by number, which has no passkeys."""
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return cls(host, f"{parts.scheme}://{parts.netloc}", name)
        return None

    def ask_to_make(self, user: bytes, email: str, known: list[bytes]) -> tuple[str, bytes]:
        """Return what the browser is asked, as JSON, and the challenge in it; a device in `known` makes no second."""
        options = webauthn.generate_registration_options(
            rp_id=self.host,
            rp_name=self.name,
            user_id=user,
            user_name=email,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
        return webauthn.options_to_json(options), options.challenge

    def check_made(self, answer: str, challenge: bytes) -> Made:
        """Return the passkey that the browser made. Raises PasskeyRefused."""
        try:
            found = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise PasskeyRefused(type(error).__name__) from error
        return Made(found.credential_id, found.credential_public_key, found.sign_count)

    def ask_to_sign(self) -> tuple[str, bytes]:
        """Return what the browser is asked, as JSON, and the challenge in it; it offers the passkeys of this site."""
        options = webauthn.generate_authentication_options(rp_id=self.host, user_verification=REQUIRED)
        return webauthn.options_to_json(options), options.challenge

    def check_signed(self, answer: str, challenge: bytes, public_key: bytes, sign_count: int) -> int:
        """Return the passkey's new count. Raises PasskeyRefused, also for a count that does not grow: a copy."""
        try:
            found = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise PasskeyRefused(type(error).__name__) from error
        return found.new_sign_count


def passkey_of(answer: str) -> bytes:
    """Return which passkey the browser used. Raises PasskeyRefused."""
    try:
        return parse_authentication_credential_json(answer).raw_id
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused(type(error).__name__) from error
