"""Where calls may go: public addresses over https; hosts of the own network only where they are allowed by name.

The address is checked when it is connected to, not before: a name that resolves to another address a moment later
(DNS rebinding) leads nowhere else.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.poolmanager import PoolManager

from app.foundations.http.deadline import current
from app.foundations.http.trouble import Trouble
from app.foundations.languages import gettext, mark

MOST_ADDRESSES = 4  # of one name that are tried, each for the time that connecting may take


class AddressRefused(Trouble):
    """We do not call there; the message says why and how an administrator allows it."""


@dataclass(frozen=True)
class Doors:
    """The hosts that may lie in the own network and may speak plain http: `host` or `host:port`, in lower case."""

    allowed: frozenset[str] = frozenset()

    def check(self, url: str) -> SplitResult:
        """Return the parts of an address that we may call. Raises AddressRefused."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise AddressRefused(gettext("this is not a web address")) from error
        if not host or parts.scheme not in {"https", "http"}:
            raise AddressRefused(gettext("this is not a web address (https://…)"))
        if parts.username or parts.password:
            raise AddressRefused(gettext("an address must not carry a user name or a password"))
        if parts.scheme == "http" and not self.open_to(host, port or 80):
            sentence = mark(
                "%(host)s is called over https only; whoever runs the server can allow http for servers of your own"
                " network (setting PARITY_PRIVATE_HOSTS)"
            )
            raise AddressRefused(gettext(sentence, host=host))
        if _is_number(host) and not is_public(host) and not self.open_to(host, port or _PORTS[parts.scheme]):
            raise _private(host)
        return parts

    def open_to(self, host: str, port: int) -> bool:
        """True for a host that was allowed by name."""
        name = host.lower().rstrip(".")
        return name in self.allowed or f"{name}:{port}" in self.allowed

    def addresses(self, host: str, port: int) -> Iterable[Any]:
        """Return the socket addresses of a host, all public unless it is allowed by name. Raises AddressRefused."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if not self.open_to(host, port) and not all(is_public(one[4][0]) for one in found):
            raise _private(host)
        return found


_PORTS = {"https": 443, "http": 80}


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return False
    return True


def _private(host: str) -> AddressRefused:
    sentence = mark(
        "%(host)s lies in a private network; whoever runs the server can allow it by name"
        " (setting PARITY_PRIVATE_HOSTS)"
    )
    return AddressRefused(gettext(sentence, host=host))


def is_public(address: str | int) -> bool:
    """True for an address of the open internet (RFC 6890): not private, loopback, link-local, multicast or reserved."""
    found = ipaddress.ip_address(str(address).split("%", 1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        return found in _UNICAST and found.is_global
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits
_UNICAST = ipaddress.ip_network("2000::/3")  # all that is given out; the rest holds obsolete ways into IPv4 networks


def _connect(connection: HTTPConnection, doors: Doors) -> socket.socket:
    """Connect to a checked address, as urllib3 does: one after the other until one answers."""
    host = connection._dns_host  # noqa: SLF001  the name that urllib3 itself would resolve
    last: OSError | None = None
    try:
        found = list(doors.addresses(host, connection.port))[:MOST_ADDRESSES]
    except (OSError, UnicodeError) as error:  # UnicodeError: no name of the DNS, such as `jira..example.com`
        raise NewConnectionError(connection, f"{host} cannot be resolved") from error
    for family, kind, protocol, _, address in found:
        sock = socket.socket(family, kind, protocol)
        try:
            if isinstance(connection.timeout, int | float):
                sock.settimeout(connection.timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(address)
        except OSError as error:
            last = error
            sock.close()
        else:
            return sock
    raise NewConnectionError(connection, f"{host} does not answer") from last


def _watch(connection: HTTPConnection) -> None:
    """Put the connection under the deadline of its exchange; a kept one serves many."""
    deadline = current()
    if deadline is not None and connection.sock is not None:
        deadline.watch(connection.sock)


def adapter(doors: Doors) -> HTTPAdapter:
    """Return the adapter of a requests session whose connections go through `doors`."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, doors)

        def getresponse(self) -> Any:
            _watch(self)
            return super().getresponse()

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, doors)

        def getresponse(self) -> Any:
            _watch(self)
            return super().getresponse()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Guarded(HTTPAdapter):
        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
            self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **more)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    return Guarded(max_retries=0)
