"""A password is hashed slowly and compared as it is read; a code is good for its half minute and the ones beside it."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from app.foundations.passwords import STEP_SECONDS, address_of, fits, hash_password, new_secret, picture_of, step_of

AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
PRESENT = int(AT.timestamp()) // STEP_SECONDS
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238, appendix B


def test_a_password_fits_however_its_letters_are_composed() -> None:
    stored = hash_password("zw\N{LATIN SMALL LETTER O WITH DIAERESIS}lf Boxk\N{LATIN SMALL LETTER A}mpfer")

    assert fits(stored, "zwo\N{COMBINING DIAERESIS}lf Boxkampfer")
    assert not fits(stored, "zwolf Boxkampfer")
    assert hash_password("the same") != hash_password("the same")


@pytest.mark.parametrize("stored", [None, "", "no hash"])
def test_nothing_fits_where_no_password_is(stored: str | None) -> None:
    assert not fits(stored, "nobody's password")


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert step_of(KEY, code, datetime.fromtimestamp(seconds, UTC)) == seconds // STEP_SECONDS


@pytest.mark.parametrize(("steps", "found"), [(-2, None), (-1, PRESENT - 1), (0, PRESENT), (1, PRESENT + 1), (2, None)])
def test_a_code_is_good_one_step_around_now(steps: int, found: int | None) -> None:
    code = pyotp.TOTP(KEY).at(AT + timedelta(seconds=steps * STEP_SECONDS))

    assert step_of(KEY, code, AT) == found


@pytest.mark.parametrize("code", ["", "12345", "1234567", "абвгде", "٣٤٥٦٧٨"])
def test_what_is_no_code_fits_no_step(code: str) -> None:
    assert step_of(KEY, code, AT) is None


def test_the_app_reads_whose_key_it_is_from_a_picture() -> None:
    secret = new_secret()

    address = address_of(secret, "helen@example.com", "Parity · Halden")

    assert len(secret) == 32
    assert address.startswith("otpauth://totp/Parity%20%C2%B7%20Halden:helen%40example.com?secret=" + secret)
    assert picture_of(address).startswith("<svg ")
    assert "style=" not in picture_of(address)
