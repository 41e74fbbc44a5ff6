"""Tokens, keyed hashes and sealed values."""

import base64

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from app.foundations.crypto import Keys, UnreadableSecret, derive, requester_cluster_id

KEYS = Keys(("the current secret of the tests",))
PUBLIC_ID = bytes(range(16))


def test_a_token_gives_its_public_id_back() -> None:
    token = KEYS.token("survey", PUBLIC_ID)

    assert len(token) == 44
    assert KEYS.read_token("survey", token) == PUBLIC_ID


@given(st.integers(0, 43), st.sampled_from("ABCXYZabcxyz0189-_"))
def test_a_token_altered_by_one_character_is_refused(place: int, letter: str) -> None:
    token = KEYS.token("survey", PUBLIC_ID)
    altered = token[:place] + letter + token[place + 1 :]

    assert KEYS.read_token("survey", altered) == (PUBLIC_ID if altered == token else None)


@pytest.mark.parametrize("token", ["", "ä" * 44, "=" * 44, "a" * 43, "a" * 45])
def test_a_strange_token_is_refused(token: str) -> None:
    assert KEYS.read_token("survey", token) is None


def test_a_token_serves_one_purpose_only() -> None:
    assert KEYS.read_token("bounce", KEYS.token("survey", PUBLIC_ID)) is None


def test_tokens_and_sealed_values_survive_a_change_of_the_secret() -> None:
    rotated = Keys(("a newer secret of the tests", *KEYS.secrets))

    assert rotated.read_token("survey", KEYS.token("survey", PUBLIC_ID)) == PUBLIC_ID
    assert rotated.unseal(KEYS.seal(b"hook secret")) == b"hook secret"


def test_parts_of_a_hash_do_not_run_into_each_other() -> None:
    assert KEYS.hash("x", "ab", "c") != KEYS.hash("x", "a", "bc")


def test_a_salt_needs_the_link_key() -> None:
    with_link_key = Keys(KEYS.secrets, "a link key that lives elsewhere")
    sealed = with_link_key.seal_salt(b"salt")

    assert with_link_key.unseal_salt(sealed) == b"salt"
    with pytest.raises(UnreadableSecret):
        KEYS.unseal_salt(sealed)


def test_a_salt_survives_a_change_of_the_secret_and_is_sealed_differently_each_time() -> None:
    rotated = Keys(("a newer secret of the tests", *KEYS.secrets))
    sealed = KEYS.seal_salt(b"salt")

    assert rotated.unseal_salt(sealed) == b"salt"
    assert KEYS.seal_salt(b"salt") != sealed


def test_a_salt_that_was_sealed_by_an_earlier_version_is_read() -> None:
    sealed = Fernet(base64.urlsafe_b64encode(derive(KEYS.secrets[0], "quarter-salt"))).encrypt(b"salt")

    assert KEYS.unseal_salt(sealed) == b"salt"


@pytest.mark.parametrize("place", [0, 12, -1])
def test_an_altered_salt_is_refused(place: int) -> None:
    altered = bytearray(KEYS.seal_salt(b"salt"))
    altered[place] ^= 1

    with pytest.raises(UnreadableSecret):
        KEYS.unseal_salt(bytes(altered))


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(12)])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(UnreadableSecret):
        KEYS.unseal_salt(sealed)


def test_one_person_has_one_cluster_a_quarter() -> None:
    assert requester_cluster_id(b"q3", 7) == requester_cluster_id(b"q3", 7)
    assert requester_cluster_id(b"q3", 7) != requester_cluster_id(b"q4", 7)
