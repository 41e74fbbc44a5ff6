"""Every PARITY_* setting is read, defaulted and refused in words."""

import pytest

import config


def test_it_names_the_missing_secret() -> None:
    with pytest.raises(config.ConfigError, match="PARITY_SECRET_KEY"):
        config.load({})


def test_it_refuses_a_setting_it_does_not_know() -> None:
    with pytest.raises(config.ConfigError, match="PARITY_MAIL_SEVER"):
        config.load({"PARITY_SECRET_KEY": "x" * 32, "PARITY_MAIL_SEVER": "mail"})


@pytest.mark.parametrize(("name", "value"), [("MAIL_SENDER", "parity@ü.example"), ("BASE_URL", "https://ü.example")])
def test_what_stands_in_mail_headers_is_ascii(name: str, value: str) -> None:
    with pytest.raises(config.ConfigError, match=f"PARITY_{name}.*xn--tda.example"):
        config.load({"PARITY_SECRET_KEY": "x" * 32, f"PARITY_{name}": value})
