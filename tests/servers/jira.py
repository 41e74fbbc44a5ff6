"""A small Jira behind the vendor server: issues that move through statuses, searches as Cloud and as Data Center.

It keeps what the tests need of Jira's behaviour: ids alone without `fields`, JQL dates relative to its own clock,
tokens that expire, offsets that shift when an issue changes, webhooks of administrators, addresses that it hides.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.builders.jira import issue, moved, user, webhook, written
from tests.servers.vendor import Asked, Reply, Vendor

WINDOW = re.compile(r'>= "-(\d+)([md])"')


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Jira:
    """The state of the site. Steps like `move` return the body of the webhook that Jira would send."""

    vendor: Vendor
    is_cloud: bool = True
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)  # of Service Management, by id of the issue
    hooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    page: int = 100
    clock: Callable[[], datetime] = now
    _tokens: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Answer what Jira answers."""
        api = "/rest/api/3" if self.is_cloud else "/rest/api/2"
        answer = self.vendor.answer
        answer("GET", f"{api}/myself", Reply({"displayName": "Parity", "accountId": "p-1", "name": "parity"}))
        answer("GET", f"{api}/issue/[^/]+", self._issue)
        answer("GET", f"{api}/user", self._user)
        answer("GET", f"{api}/status", Reply([]))
        answer("GET", f"{api}/field", Reply([{"id": "customfield_1"}]))
        answer("GET", f"{api}/project/IT", Reply({"key": "IT"}))
        answer("GET", "/rest/servicedeskapi/request/[^/]+", self._request)
        for method in ("GET", "POST", "PUT"):
            answer(method, "/rest/webhooks/1.0/webhook(/[0-9]+)?", self._hook)
        if self.is_cloud:
            answer("POST", f"{api}/search/jql", self._search_by_token)
        else:
            answer("GET", f"{api}/search", self._search_by_offset)

    # --- what people do -------------------------------------------------------------------------------------------

    def add(self, number: int, state: str = "To Do", *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        at = at or self.clock()
        self.issues[str(number)] = issue(state, number=number, at=at, **({"created": written(at)} | fields))
        return webhook(self.issues[str(number)], [], at=at, event="jira:issue_created")

    def move(self, number: int, state: str, *, at: datetime | None = None) -> dict[str, Any]:
        at = at or self.clock()
        old = self.issues[str(number)]
        kept = {name: old["fields"][name] for name in ("reporter", "created", "summary", "components")}
        before = old["fields"]["status"]["name"]
        self.issues[str(number)] = issue(state, number=number, at=at, **kept)
        return webhook(self.issues[str(number)], moved(before, state), at=at)

    def touch(self, number: int, *, at: datetime | None = None) -> None:
        """Change something that is not its state."""
        self.issues[str(number)]["fields"]["updated"] = written(at or self.clock())

    def signed(self, body: dict[str, Any], number: str = "1") -> tuple[bytes, dict[str, str]]:
        """Return a body as webhook `number` sends it, with its headers."""
        raw = json.dumps(body).encode()
        signature = hmac.digest(self.hooks[number]["secret"].encode(), raw, hashlib.sha256).hex()
        identifier = hashlib.sha256(raw).hexdigest()[:20]
        headers = {"X-Hub-Signature": f"sha256={signature}", "X-Atlassian-Webhook-Identifier": identifier}
        return raw, {"Content-Type": "application/json", **headers}

    # --- what it answers ------------------------------------------------------------------------------------------

    def _issue(self, asked: Asked) -> Reply:
        name = asked.path.rsplit("/", maxsplit=1)[1]
        found = next((one for one in self.issues.values() if name in {one["id"], one["key"]}), None)
        return Reply({"expand": "", **found}) if found else Reply({"errorMessages": ["not here"]}, status=404)

    def _user(self, asked: Asked) -> Reply:
        name = "accountId" if self.is_cloud else "key"
        found = self.people.get(asked.one(name))
        return Reply(found) if found else Reply(status=404)

    def _request(self, asked: Asked) -> Reply:
        found = self.requests.get(asked.path.rsplit("/", maxsplit=1)[1])
        return Reply(found) if found else Reply(status=404)

    def _hook(self, asked: Asked) -> Reply:
        number = asked.path.removeprefix("/rest/webhooks/1.0/webhook").strip("/")
        if asked.method == "GET":
            found = self.hooks.get(number) if number else [_shown(one) for one in self.hooks.values()]
            return Reply(status=404) if found is None else Reply(_shown(found) if isinstance(found, dict) else found)
        number = number or str(len(self.hooks) + 1)
        self.hooks[number] = asked.json() | {"self": f"{self.vendor.url}/rest/webhooks/1.0/webhook/{number}"}
        return Reply(_shown(self.hooks[number]), status=201)

    def _matching(self, jql: str) -> list[dict[str, Any]]:
        found = WINDOW.search(jql)
        assert found is not None, f"the search is not bounded: {jql}"
        span = timedelta(minutes=int(found[1])) if found[2] == "m" else timedelta(days=int(found[1]))
        since = written(self.clock() - span)
        return sorted((one for one in self.issues.values() if _updated(one) >= since), key=_place)

    def _search_by_token(self, asked: Asked) -> Reply:
        wanted = asked.json()
        token = wanted.get("nextPageToken")
        if token in self.expired or (token is not None and token not in self._tokens):
            return Reply({"errorMessages": ["The provided next page token is invalid or expired."]}, status=400)
        begins = self._tokens[token] if token else (datetime.min.replace(tzinfo=UTC), "")
        rest = [
            one for one in self._matching(wanted["jql"]) if (datetime.fromisoformat(_updated(one)), one["id"]) > begins
        ]
        page = rest[: min(self.page, wanted["maxResults"])]
        answer: dict[str, Any] = {"issues": [_with_fields(one, wanted.get("fields")) for one in page]}
        if len(rest) > len(page):
            following = f"token-{len(self._tokens) + 1}"
            self._tokens[following] = (datetime.fromisoformat(_updated(page[-1])), page[-1]["id"])
            answer["nextPageToken"] = following
        return Reply(answer | {"isLast": len(rest) <= len(page)})

    def _search_by_offset(self, asked: Asked) -> Reply:
        found = self._matching(asked.one("jql"))
        start = int(asked.one("startAt"))
        page = found[start : start + min(self.page, int(asked.one("maxResults")))]
        return Reply(
            {"issues": [_with_fields(one, asked.one("fields").split(",")) for one in page], "total": len(found)}
        )


def _shown(hook: dict[str, Any]) -> dict[str, Any]:
    """Secrets are written, never read."""
    return {name: value for name, value in hook.items() if name != "secret"}


def _updated(found: dict[str, Any]) -> str:
    return str(found["fields"]["updated"])


def _place(found: dict[str, Any]) -> tuple[str, str]:
    return _updated(found), found["id"]


def _with_fields(found: dict[str, Any], fields: Iterable[str] | None) -> dict[str, Any]:
    if not fields:
        return {"id": found["id"]}
    return {**found, "fields": {name: found["fields"].get(name) for name in fields}}


def hidden(key: str, name: str) -> dict[str, Any]:
    """A person whose profile shows no address."""
    return user(key, name, None)
