"""The connection as Asana has it: the token tried, one hook for our address registered and looked after."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.connectors.connector import HookHealth, Tool
from app.connectors.lenient import id_of, inside, moment_in_utc, objects, text_of
from app.connectors.trackers.asana.calling import call, cannot_see_project, project_of
from app.foundations.http import Refused, Trouble
from app.foundations.languages import gettext

FILTERS = (
    {"resource_type": "task", "action": "changed", "fields": ["completed", "approval_status"]},
    {"resource_type": "task", "action": "deleted"},
    {"resource_type": "task", "action": "undeleted"},
)
_HOOK_FIELDS = "active,target,last_failure_content,delivery_retry_count,next_attempt_after,failure_deletion_timestamp"


def check(tool: Tool) -> str:
    """Try the token and the project; return whose and which they are. Raises Trouble."""
    user = call(tool, "GET", "/users/me", params={"opt_fields": "name"}).json()
    project = _project(tool)
    return gettext(
        "Asana: %(user)s sees the project %(project)s",
        user=text_of(inside(user, "data", "name")) or "?",
        project=text_of(project.get("name")) or "?",
    )


def _project(tool: Tool) -> Mapping[str, Any]:
    options = {"opt_fields": "name,workspace"}
    try:
        found = inside(call(tool, "GET", f"/projects/{project_of(tool)}", params=options).json(), "data")
    except Refused as refused:
        raise cannot_see_project(refused) from None
    return found if isinstance(found, Mapping) else {}


def register(tool: Tool, our_address: str, _secret: str) -> Mapping[str, Any]:
    """Create the hook anew. Asana greets our address, which takes over a new secret, while this call is still open."""
    project, workspace = project_of(tool), id_of(inside(_project(tool), "workspace", "gid"))
    for hook in _hooks(tool, workspace, project):
        if hook.get("target") == our_address:  # Asana refuses a second one for the same address
            _delete(tool, hook)
    wanted = {"resource": project, "target": our_address, "filters": FILTERS}
    try:
        made = call(tool, "POST", "/webhooks", json={"data": wanted}).json()
    except Refused as refused:
        sentence = gettext(
            "Asana did not take the address of our hook (status %(status)s): it must answer from the internet, over"
            " https (PARITY_BASE_URL), and the token needs the right to make webhooks",
            status=refused.status,
        )
        raise Trouble(sentence) from None
    identifier = id_of(inside(made, "data", "gid"))
    if identifier is None:
        raise Trouble(gettext("Asana did not say how it calls our hook: register it once more"))
    return {"gid": identifier, "project_id": project, "workspace": workspace}


def look_after(tool: Tool, registration: Mapping[str, Any]) -> HookHealth:
    """See whether the hook lives. Asana deletes one that failed for a day, and never delivers what it missed."""
    project = id_of(registration.get("project_id")) or project_of(tool)
    known = id_of(registration.get("gid"))
    hooks = _hooks(tool, id_of(registration.get("workspace")), project)
    hook = next((one for one in hooks if id_of(one.get("gid")) == known), None)
    if hook is None:
        return HookHealth(is_alive=False, is_gone=True, problem=gettext("Asana does not have the hook any more"))
    if hook.get("target") != tool.settings.get("callback_url") or project != project_of(tool):
        _delete(tool, hook)
        return HookHealth(is_alive=False, is_gone=True, problem=gettext("the hook was for another address or project"))
    if hook.get("active") is not True:
        return HookHealth(is_alive=False, is_gone=True, problem=gettext("Asana switched the hook off"))
    return _health(hook)


def _health(hook: Mapping[str, Any]) -> HookHealth:
    dies_at = moment_in_utc(hook.get("failure_deletion_timestamp"))
    retries = hook.get("delivery_retry_count")
    if dies_at is None and not (isinstance(retries, int) and retries > 0):
        return HookHealth(is_alive=True)
    reason = text_of(hook.get("last_failure_content"), 200) or "?"
    if dies_at is None:
        problem = gettext("deliveries of Asana fail (%(reason)s): does our address answer?", reason=reason)
    else:
        problem = gettext(
            "deliveries of Asana fail (%(reason)s); it deletes the hook at %(moment)s UTC: does our address answer?",
            reason=reason,
            moment=f"{dies_at:%Y-%m-%d %H:%M}",
        )
    return HookHealth(is_alive=False, problem=problem)


def _hooks(tool: Tool, workspace: str | None, project: str) -> Iterator[Mapping[str, Any]]:
    options = {"resource": project, "opt_fields": _HOOK_FIELDS, "limit": 100}
    if workspace is not None:
        options["workspace"] = workspace
    try:
        found = call(tool, "GET", "/webhooks", params=options).json()
    except Refused as refused:
        raise cannot_see_project(refused) from None
    yield from objects(inside(found, "data"))


def _delete(tool: Tool, hook: Mapping[str, Any]) -> None:
    try:
        call(tool, "DELETE", f"/webhooks/{id_of(hook.get('gid')) or '-'}", repeatable=True)
    except Refused as refused:
        if refused.status != 404:  # gone meanwhile
            raise
