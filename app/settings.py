"""The settings of an installation, as one frozen value. `config.py` fills it from the environment."""

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.states import Role


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """How mail leaves. An empty server means that mail waits in the outbox (doctor says so)."""

    server: str = ""
    port: int = 25
    username: str = ""
    password: str = field(default="", repr=False)
    use_tls: bool = False
    use_ssl: bool = False
    sender: str = "parity@localhost"
    rate: float = 10.0  # messages a second
    certificates: Path | None = None  # own CA bundle; None: the system's


@dataclass(frozen=True, kw_only=True)
class OidcSettings:
    """The company's identity provider. An empty issuer means that there is none."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)  # empty: a public client
    name: str = ""  # as the button calls it: "Halden account"
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = "groups"
    roles: tuple[tuple[str, Role], ...] = ()  # group and the role that it gives
    trusts_addresses: bool = False  # also of a provider that does not say which of them are verified


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an administrator sets outside the database. Policy (delays, thresholds) is data instead."""

    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    link_key: str = field(default="", repr=False)  # empty: derived from the secret key under its own purpose
    database_url: str = "sqlite:///var/parity.sqlite3"
    company: str = ""  # stands beside our name on pages and in From
    base_url: str = "http://127.0.0.1:8000"
    broker_url: str = ""  # empty: embedded
    mail: MailSettings = field(default_factory=MailSettings)
    oidc: OidcSettings = field(default_factory=OidcSettings)
    passwords: bool = False  # staff may sign in with a password and a code
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    fiscal_year_start: int = 1  # month 1..12
    languages: tuple[str, ...] = ("en", "ru", "pl", "de", "es")  # the first is the fallback
    trusted_proxies: int = 0  # how many proxies in front set X-Forwarded-*
    private_hosts: tuple[str, ...] = ()  # host or host:port of our own network that may be called, also over http
    http_certificates: Path | None = None  # CA bundle for outgoing calls; None: the public ones
    demo: bool = False  # the demo mailbox page, and no retention
    var: Path = Path("var")  # queue file, demo mails, caches

    @property
    def full_name(self) -> str:
        """Return our name with the company's, as senders and tabs show it."""
        return f"Parity · {self.company}" if self.company else "Parity"
