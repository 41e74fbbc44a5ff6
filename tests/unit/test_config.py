"""Every PARITY_* setting is read, defaulted and refused in words."""

from pathlib import Path

import pytest

import config
from app.domain.states import Role
from app.settings import MailSettings, Settings

SECRET = {"PARITY_SECRET_KEY": "x" * 32}


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FILE", "/nowhere/secret"),
        ("LINK_KEY", "short"),
        ("DATABASE_URL", "mysql://parity:s3cret@db/parity"),
        ("BROKER_URL", "amqp://parity:s3cret@queue/"),
        ("BASE_URL", "parity.example.com"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://parity.example.com/?a=b"),
        ("MAIL_PORT", "smtp"),
        ("MAIL_PORT", "99999"),
        ("MAIL_USE_TLS", "perhaps"),
        ("MAIL_CERTIFICATES", "/nowhere/ca.pem"),
        ("MAIL_RATE", "0"),
        ("TIME_ZONE", "Mars/Base"),
        ("FISCAL_YEAR_START", "13"),
        ("LANGUAGES", "fr"),
        ("TRUSTED_PROXIES", "-1"),
        ("DEMO", "maybe"),
    ],
)
def test_a_wrong_value_is_named_with_its_setting_and_no_password_is_said(name: str, value: str) -> None:
    given = {"PARITY_SECRET_KEY": "x" * 32, f"PARITY_{name}": value}
    if name == "SECRET_KEY_FILE":
        del given["PARITY_SECRET_KEY"]

    with pytest.raises(config.ConfigError, match=f"^PARITY_{name}: ") as refused:
        config.load(given)

    assert "s3cret" not in str(refused.value)


def test_a_value_and_a_file_with_the_value_exclude_each_other() -> None:
    with pytest.raises(config.ConfigError, match="PARITY_LINK_KEY and PARITY_LINK_KEY_FILE exclude each other"):
        config.load({"PARITY_SECRET_KEY": "x" * 32, "PARITY_LINK_KEY": "y" * 32, "PARITY_LINK_KEY_FILE": "key"})


def test_everything_but_the_secret_has_its_documented_default() -> None:
    found = config.load(SECRET)

    assert found == Settings(
        secret_key="x" * 32,
        database_url=f"sqlite:///{Path('var/parity.sqlite3').resolve()}",
        base_url="http://127.0.0.1:8000",
        broker_url="",
        mail=MailSettings(server="", port=25, use_tls=False, use_ssl=False, sender="parity@localhost", rate=10),
        languages=("en", "ru", "pl", "de", "es"),
        fiscal_year_start=1,
        var=Path("var").resolve(),
    )
    assert found.time_zone.key == "UTC"


def test_an_empty_setting_is_one_that_is_not_set() -> None:
    empty = {f"PARITY_{name}": " " for name in config.KNOWN} | {f"PARITY_{name}_FILE": "" for name in config.KNOWN}

    assert config.load(empty | SECRET) == config.load(SECRET)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("y" * 32 + "\n", encoding="utf-8")

    assert config.load({"PARITY_SECRET_KEY_FILE": str(path)}).secret_key == "y" * 32


def test_half_a_month_begins_no_year() -> None:
    with pytest.raises(config.ConfigError) as refused:
        config.load(SECRET | {"PARITY_FISCAL_YEAR_START": "4.5"})

    assert str(refused.value) == "PARITY_FISCAL_YEAR_START: '4.5' is not a whole number"


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(config.ConfigError) as refused:
        config.load(SECRET | {"PARITY_LINK_KEY_FILE": str(path)})

    assert str(refused.value) == f"PARITY_LINK_KEY_FILE: {path} is not text in UTF-8"


def test_the_companys_name_stands_beside_ours() -> None:
    named, unnamed = (config.load({"PARITY_SECRET_KEY": "x" * 32, "PARITY_COMPANY": name}) for name in ("Halden", ""))

    assert (named.full_name, unnamed.full_name) == ("Parity · Halden", "Parity")


@pytest.mark.parametrize("name", ["Halden\nBcc: all@example.com", "H" * 61])
def test_the_companys_name_is_one_short_line(name: str) -> None:
    with pytest.raises(config.ConfigError, match=r"PARITY_COMPANY.*one line of at most 60 characters"):
        config.load({"PARITY_SECRET_KEY": "x" * 32, "PARITY_COMPANY": name})


OIDC = {"PARITY_OIDC_ISSUER": "https://login.example.com/x", "PARITY_OIDC_CLIENT_ID": "parity"}


def test_groups_of_the_identity_provider_give_roles() -> None:
    trust = {"PARITY_OIDC_TRUST_EMAIL": "true"}
    groups = {"PARITY_OIDC_ROLES": "it=ops=admin, people=hr", "PARITY_OIDC_SCOPES": "openid email groups"}

    oidc = config.load(SECRET | OIDC | groups).oidc

    assert oidc.roles == (("it=ops", Role.ADMIN), ("people", Role.HR))
    assert oidc.scopes == ("openid", "email", "groups")
    assert config.load(SECRET).oidc.issuer == ""
    assert [config.load(SECRET | OIDC | more).oidc.trusts_addresses for more in ({}, trust)] == [False, True]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"PARITY_OIDC_ISSUER": "login.example.com"}, "PARITY_OIDC_ISSUER: 'login.example.com' must read https://"),
        ({"PARITY_OIDC_CLIENT_ID": ""}, "PARITY_OIDC_CLIENT_ID: missing"),
        ({"PARITY_OIDC_SCOPES": "openid"}, "PARITY_OIDC_SCOPES: must hold openid and email"),
        ({"PARITY_OIDC_ROLES": "people=head"}, "PARITY_OIDC_ROLES: 'people=head' must read group=hr"),
        ({"PARITY_OIDC_ROLES": "people"}, "PARITY_OIDC_ROLES: 'people' must read group=hr"),
    ],
)
def test_a_wrong_identity_provider_stops_the_start(changed: dict[str, str], sentence: str) -> None:
    with pytest.raises(config.ConfigError, match=f"^{sentence}"):
        config.load(SECRET | OIDC | changed)
