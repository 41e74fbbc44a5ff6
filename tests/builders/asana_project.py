"""A project of Asana as its API shows it, on the fixture `vendor`: tasks, events, a hook that greets and is called."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.vendor import Asked, Reply, Vendor

PROJECT, WORKSPACE, HOOK = "5500000000000001", "1100000000000001", "9900000000000001"
ALICE, WORKER = "7000000000000001", "7000000000000002"
USERS = {ALICE: ("Alice Ковальская", "alice@example.com"), WORKER: ("Walter Worker", "walter@example.com")}


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class AsanaProject:
    """The state behind the API. `calls_hook` off is an outage: nothing is delivered, now or later."""

    vendor: Vendor
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    hook: dict[str, Any] | None = None
    secrets: list[str] = field(default_factory=list)  # of each handshake
    oldest_token: int = 0  # older ones are stale
    calls_hook: bool = True
    answers: list[int] = field(default_factory=list)  # of our hook

    def __post_init__(self) -> None:
        answer = self.vendor.answer
        answer("GET", "/users/me", Reply({"data": {"gid": WORKER, "name": "Walter Worker"}}))
        answer("GET", "/users/7.*", self._show_user)
        project = {"gid": PROJECT, "name": "Service desk", "workspace": {"gid": WORKSPACE}}
        answer("GET", f"/projects/{PROJECT}", Reply({"data": project}))
        answer("GET", "/tasks", self._list_tasks)
        answer("GET", r"/tasks/\d+", self._show_task)
        answer("GET", "/events", self._list_events)
        answer("GET", "/webhooks", lambda _: Reply({"data": [self.hook] if self.hook else []}))
        answer("POST", "/webhooks", self._create_hook)
        answer("DELETE", "/webhooks/.*", self._delete_hook)

    def create(self, gid: str, name: str, at: datetime, **more: Any) -> str:
        section = {"project": {"gid": PROJECT, "name": "Service desk"}, "section": {"gid": "551", "name": "Printers"}}
        self.tasks[gid] = {
            "gid": gid,
            "resource_type": "task",
            "resource_subtype": "default_task",
            "name": name,
            "completed": False,
            "completed_at": None,
            "created_at": iso(at),
            "modified_at": iso(at),
            "created_by": {"gid": ALICE, "name": USERS[ALICE][0]},
            "parent": None,
            "permalink_url": f"https://app.asana.com/0/{PROJECT}/{gid}",
            "memberships": [section],
        } | more
        self._tell(gid, at, action="added", parent={"gid": PROJECT, "resource_type": "project"})
        return gid

    def complete(self, gid: str, at: datetime, *, is_done: bool = True) -> None:
        """One click: two events."""
        self.tasks[gid] |= {"completed": is_done, "completed_at": iso(at) if is_done else None, "modified_at": iso(at)}
        fields = ("completed", "completed_at")
        self._tell(gid, at, *({"field": name, "action": "changed"} for name in fields))

    def delete(self, gid: str, at: datetime) -> None:
        del self.tasks[gid]
        self._tell(gid, at, action="deleted")

    def body(self, events: list[dict[str, Any]]) -> bytes:
        return json.dumps({"events": events}).encode()

    def deliver(self, body: bytes, secret: str | None = None) -> int:
        """Call our hook as Asana does; return the status."""
        assert self.hook is not None
        signature = hmac.new((secret or self.secrets[-1]).encode(), body, hashlib.sha256).hexdigest()
        return self.post(body, {"X-Hook-Signature": signature})[0]

    def post(self, body: bytes, headers: dict[str, str], target: str | None = None) -> tuple[int, str | None]:
        """Call our hook with these headers; return the status and the secret that it echoes."""
        target = target or (self.hook or {})["target"]
        call = urllib.request.Request(target, body, headers | {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(call, timeout=10) as answer:
                return int(answer.status), answer.headers.get("X-Hook-Secret")
        except urllib.error.HTTPError as refused:
            return refused.code, None

    def _tell(
        self, gid: str, at: datetime, *changes: dict[str, str], action: str = "changed", parent: Any = None
    ) -> None:
        told = [
            {
                "user": {"gid": WORKER, "resource_type": "user"},
                "created_at": iso(at),
                "action": action,
                "resource": {"gid": gid, "resource_type": "task", "resource_subtype": "default_task"},
                "parent": parent,
                **({"change": change} if change else {}),
            }
            for change in changes or ({},)
        ]
        self.events += told
        if self.hook and self.calls_hook and action != "added":  # the hook's filters leave those out
            self.answers.append(self.deliver(self.body(told)))

    def _show_user(self, asked: Asked) -> Reply:
        gid = asked.path.rsplit("/", 1)[1]
        if gid not in USERS:
            return _error(404)
        return Reply({"data": {"gid": gid, "name": USERS[gid][0], "email": USERS[gid][1]}})

    def _show_task(self, asked: Asked) -> Reply:
        found = self.tasks.get(asked.path.rsplit("/", 1)[1])
        return _error(404) if found is None else Reply({"data": found})

    def _list_tasks(self, asked: Asked) -> Reply:
        found = [one for one in self.tasks.values() if one["modified_at"] >= asked.one("modified_since")]
        first, limit = int(asked.one("offset", "at0")[2:]), int(asked.one("limit"))
        rest = {"offset": f"at{first + limit}"} if first + limit < len(found) else None
        return Reply({"data": found[first : first + limit], "next_page": rest})

    def _list_events(self, asked: Asked) -> Reply:
        fresh = f"sync:{len(self.events)}"
        known = int(asked.one("sync", "sync:-1").removeprefix("sync:"))
        if known < self.oldest_token:
            return Reply({"errors": [{"message": "Sync token invalid or too old."}], "sync": fresh}, status=412)
        return Reply({"data": self.events[known:], "sync": fresh, "has_more": False})

    def _create_hook(self, asked: Asked) -> Reply:
        wanted = asked.json()["data"]
        if self.hook is not None and self.hook["target"] == wanted["target"]:
            return _error(403, "Duplicated webhook.")
        secret = hashlib.sha256(f"secret {len(self.secrets)}".encode()).hexdigest()[:32]
        # While the caller still waits for our answer, its address must answer us.
        status, echoed = self.post(b'{"events":[]}', {"X-Hook-Secret": secret}, wanted["target"])
        if status not in {200, 204} or echoed != secret:
            return _error(400, "The remote server did not respond with the handshake secret.")
        self.secrets.append(secret)
        self.hook = {"gid": HOOK, "active": True, "target": wanted["target"], "delivery_retry_count": 0}
        return Reply({"data": self.hook | {"filters": wanted["filters"]}, "X-Hook-Secret": secret}, status=201)

    def _delete_hook(self, _asked: Asked) -> Reply:
        self.hook = None
        return Reply({"data": {}})


def _error(status: int, message: str = "Not Found") -> Reply:
    return Reply({"errors": [{"message": message, "help": "see the documentation"}]}, status=status)
