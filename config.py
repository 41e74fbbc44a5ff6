"""Read the environment into app.settings.Settings; say plainly what is missing or wrong.

Any `PARITY_X` may be given as `PARITY_X_FILE`, the path of a file that holds the value.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.states import Role
from app.settings import MailSettings, OidcSettings, Settings

LONGEST_COMPANY = 60
LANGUAGES = ("en", "ru", "pl", "de", "es")
KNOWN = frozenset(
    "DATABASE_URL SECRET_KEY SECRET_KEY_FALLBACKS BASE_URL BROKER_URL MAIL_SERVER MAIL_PORT MAIL_USERNAME"
    " MAIL_PASSWORD MAIL_USE_TLS MAIL_USE_SSL MAIL_SENDER MAIL_RATE MAIL_CERTIFICATES TIME_ZONE FISCAL_YEAR_START"
    " LANGUAGES TRUSTED_PROXIES LINK_KEY PRIVATE_HOSTS HTTP_CERTIFICATES COMPANY DEMO VAR SHARED OIDC_ISSUER"
    " OIDC_CLIENT_ID OIDC_CLIENT_SECRET OIDC_NAME OIDC_SCOPES OIDC_GROUPS_CLAIM OIDC_ROLES OIDC_TRUST_EMAIL"
    " PASSWORDS".split()
)


class ConfigError(ValueError):
    """A setting is missing or wrong; the message names it and says how to mend it."""


class _Environment:
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        path, text = (self._values.get(f"PARITY_{name}{suffix}", "").strip() for suffix in ("_FILE", ""))
        if path and text:
            raise ConfigError(f"PARITY_{name} and PARITY_{name}_FILE exclude each other; set one")
        if path:
            try:
                text = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"PARITY_{name}_FILE: cannot read {path}: {error.strerror}") from error
            except UnicodeError:
                raise ConfigError(f"PARITY_{name}_FILE: {path} is not text in UTF-8") from None
        return text or default

    def number(self, name: str, default: float, least: float, most: float) -> float:
        text = self.text(name)
        try:
            value = float(text or default)
        except ValueError:
            raise ConfigError(f"PARITY_{name}: {text!r} is not a number") from None
        if not least <= value <= most:
            raise ConfigError(f"PARITY_{name}: {text!r} must lie between {least:g} and {most:g}")
        return value

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        value = self.number(name, default, least, most)
        if not value.is_integer():
            raise ConfigError(f"PARITY_{name}: {self.text(name)!r} is not a whole number")
        return int(value)

    def flag(self, name: str) -> bool:
        text = self.text(name).lower()
        if text in {"1", "true", "yes", "on"}:
            return True
        if text in {"", "0", "false", "no", "off"}:
            return False
        raise ConfigError(f"PARITY_{name}: {text!r} is neither true nor false")

    def unknown(self) -> list[str]:
        names = (key.removeprefix("PARITY_").removesuffix("_FILE") for key in self._values if key.startswith("PARITY_"))
        return sorted(f"PARITY_{name}" for name in names if name not in KNOWN and not name.startswith("TEST_"))


def load(values: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of `values` (default: the environment). Raises ConfigError naming the setting."""
    env = _Environment(os.environ if values is None else values)
    if unknown := env.unknown():
        raise ConfigError(f"{unknown[0]}: no such setting; docs/operations.md lists them all")
    secret = env.text("SECRET_KEY")
    if len(secret) < 16:
        raise ConfigError("PARITY_SECRET_KEY: missing or shorter than 16 characters; set 32 random ones and keep them")
    return Settings(
        secret_key=secret,
        secret_key_fallbacks=tuple(env.text("SECRET_KEY_FALLBACKS").split()),
        link_key=_link_key(env.text("LINK_KEY")),
        database_url=_database_url(env.text("DATABASE_URL", "sqlite:///var/parity.sqlite3")),
        company=_company(env.text("COMPANY")),
        base_url=_base_url(env.text("BASE_URL", "http://127.0.0.1:8000")),
        broker_url=_broker_url(env.text("BROKER_URL")),
        mail=_mail(env),
        oidc=_oidc(env),
        passwords=env.flag("PASSWORDS"),
        time_zone=_time_zone(env.text("TIME_ZONE", "UTC")),
        fiscal_year_start=env.whole("FISCAL_YEAR_START", 1, 1, 12),
        languages=_languages(env.text("LANGUAGES", ",".join(LANGUAGES))),
        trusted_proxies=env.whole("TRUSTED_PROXIES", 0, 0, 10),
        private_hosts=_hosts(env.text("PRIVATE_HOSTS")),
        http_certificates=_file(env, "HTTP_CERTIFICATES"),
        demo=env.flag("DEMO"),
        var=Path(env.text("VAR", "var")).resolve(),
    )


def _mail(env: _Environment) -> MailSettings:
    use_tls, use_ssl = env.flag("MAIL_USE_TLS"), env.flag("MAIL_USE_SSL")
    if use_tls and use_ssl:
        raise ConfigError("PARITY_MAIL_USE_TLS and PARITY_MAIL_USE_SSL exclude each other; set one")
    sender = env.text("MAIL_SENDER", "parity@localhost")
    if "@" not in sender or not sender.isascii():
        raise ConfigError(
            f"PARITY_MAIL_SENDER: {sender!r} is not an address in ASCII (write ü.example as xn--tda.example)"
        )
    return MailSettings(
        server=env.text("MAIL_SERVER"),
        port=env.whole("MAIL_PORT", 25, 1, 65535),
        username=env.text("MAIL_USERNAME"),
        password=env.text("MAIL_PASSWORD"),
        use_tls=use_tls,
        use_ssl=use_ssl,
        sender=sender,
        rate=env.number("MAIL_RATE", 10, 0.01, 10_000),
        certificates=_file(env, "MAIL_CERTIFICATES"),
    )


def _oidc(env: _Environment) -> OidcSettings:
    issuer, client_id = env.text("OIDC_ISSUER"), env.text("OIDC_CLIENT_ID")
    if not issuer:
        return OidcSettings()
    if not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#@\s]*)?", issuer):
        raise ConfigError(
            f"PARITY_OIDC_ISSUER: {issuer!r} must read https://login.example.com, as your provider has it"
        )
    if not client_id:
        raise ConfigError("PARITY_OIDC_CLIENT_ID: missing; register Parity with your identity provider and set its id")
    scopes = tuple(env.text("OIDC_SCOPES", "openid email profile").split())
    if "openid" not in scopes or "email" not in scopes:
        raise ConfigError("PARITY_OIDC_SCOPES: must hold openid and email, separated by spaces")
    return OidcSettings(
        issuer=issuer,
        client_id=client_id,
        client_secret=env.text("OIDC_CLIENT_SECRET"),
        name=env.text("OIDC_NAME"),
        scopes=scopes,
        groups_claim=env.text("OIDC_GROUPS_CLAIM", "groups"),
        roles=tuple(_group_role(pair) for pair in env.text("OIDC_ROLES").split(",") if pair.strip()),
        trusts_addresses=env.flag("OIDC_TRUST_EMAIL"),
    )


def _group_role(pair: str) -> tuple[str, Role]:
    group, _, role = (part.strip() for part in pair.rpartition("="))
    if not group or role not in {"hr", "admin", "auditor"}:
        raise ConfigError(
            f"PARITY_OIDC_ROLES: {pair.strip()!r} must read group=hr, group=admin or group=auditor;"
            " heads come from the departments"
        )
    return group, Role(role)


def _file(env: _Environment, name: str) -> Path | None:
    text = env.text(name)
    if text and not Path(text).is_file():
        raise ConfigError(f"PARITY_{name}: there is no file {text}")
    return Path(text) if text else None


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for host in hosts:
        if "/" in host or " " in host:
            raise ConfigError(f"PARITY_PRIVATE_HOSTS: {host!r} is no host; write jira.example.internal or host:8443")
    return hosts


def _database_url(text: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if text.startswith(prefix):
            return "postgresql+psycopg://" + text.removeprefix(prefix)
    if text.startswith("sqlite:///") and text not in {"sqlite:///", "sqlite:///:memory:"}:
        return "sqlite:///" + str(Path(text.removeprefix("sqlite:///")).resolve())
    if text.startswith("postgresql+psycopg://"):
        return text
    raise ConfigError(f"PARITY_DATABASE_URL: {_scheme(text)!r} is neither sqlite:///FILE nor postgresql://…")


def _broker_url(text: str) -> str:
    if text and not text.startswith(("redis://", "rediss://", "unix://", "postgresql://", "postgresql+psycopg://")):
        raise ConfigError(f"PARITY_BROKER_URL: {_scheme(text)!r} is neither redis://… nor postgresql://…")
    return text


def _scheme(text: str) -> str:
    """Return an address up to its colon: what follows may hold a password, and the sentence ends in a log."""
    return text.partition(":")[0] + ":…"


def _link_key(text: str) -> str:
    if 0 < len(text) < 16:
        raise ConfigError("PARITY_LINK_KEY: shorter than 16 characters; set 32 random ones and keep them")
    return text


def _company(text: str) -> str:
    if not text.isprintable() or len(text) > LONGEST_COMPANY:
        raise ConfigError(f"PARITY_COMPANY: {text!r} must be one line of at most {LONGEST_COMPANY} characters")
    return text


def _base_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#@\s]*)?", text):
        raise ConfigError(f"PARITY_BASE_URL: {text!r} must read https://parity.example.com, without ? and #")
    if not text.isascii():
        raise ConfigError(
            f"PARITY_BASE_URL: {text!r} must be ASCII (write https://ü.example as https://xn--tda.example)"
        )
    return text.rstrip("/")


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError(f"PARITY_TIME_ZONE: {name!r} is no IANA time zone such as Europe/Berlin") from None


def _languages(text: str) -> tuple[str, ...]:
    languages = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    strange = [language for language in languages if language not in LANGUAGES]
    if strange or not languages:
        raise ConfigError(f"PARITY_LANGUAGES: {text!r} must name some of {', '.join(LANGUAGES)}")
    return languages
