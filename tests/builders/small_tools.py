"""One small fake of each tool that can be connected: enough of its API to be set up, to tell one thing, to be asked."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.builders.jira import issue, moved, webhook
from tests.servers.vendor import Asked, Reply, Vendor

AT = "2026-11-17T09:00:00Z"
STAMP = 1_794_906_000  # the same moment
DONE_LIST, DOING_LIST, CARD = ("5f00000000000000000000a3", "5f00000000000000000000a2", "6917e6500000000000000c01")
RATED_AT = "com.atlassian.servicedesk:sd-request-feedback-date"
ASANA_SECRET = "handed-over"

Answers = Mapping[str, Any]  # "METHOD path" -> the JSON to answer, or a function of the request


@dataclass(frozen=True)
class Tool:
    """A fake: what it answers, how it says that it knows us, what it tells by hook and the words that explain it."""

    answers: Answers
    knows_us: str = ""
    delivery: bytes = b""
    verdict: str = "completed"
    headers: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()  # beside the documented ones, because the fake is no server of the vendor's
    told: int = 1  # by a backfill


def play(vendor: Vendor, tool: Tool) -> None:
    for place, found in tool.answers.items():
        method, path = place.split(" ")
        vendor.answer(method, path, found if callable(found) else Reply(found))


def _json(body: object) -> bytes:
    return json.dumps(body).encode()


def _greet(asked: Asked) -> Reply:
    """Make a hook as Asana does: our address must give the secret back while this call is still open."""
    address = asked.json()["data"]["target"]
    call = urllib.request.Request(address, b'{"events": []}', {"X-Hook-Secret": ASANA_SECRET})
    with urllib.request.urlopen(call, timeout=10) as answer:
        assert answer.headers["X-Hook-Secret"] == ASANA_SECRET
    return Reply({"data": {"gid": "9900000000000001"}})


def _tried(path: str) -> Callable[[Asked], Reply]:
    """Make a hook as Trello and SurveyMonkey do, which try the address with HEAD before."""

    def make(asked: Asked) -> Reply:
        call = urllib.request.Request(asked.json()[path], method="HEAD")
        with urllib.request.urlopen(call, timeout=10) as answer:
            return Reply({"id": "77"}, status=answer.status)

    return make


_CARD = {"id": CARD, "name": "Toner", "shortLink": "short1", "idList": DONE_LIST, "actions": []}
_MOVED = {
    "id": "6917e6500000000000000e01",
    "type": "updateCard",
    "date": AT,
    "data": {
        "card": {"id": CARD, "name": "Toner", "shortLink": "short1", "idList": DONE_LIST},
        "old": {"idList": DOING_LIST},
        "listBefore": {"id": DOING_LIST, "name": "Doing"},
        "listAfter": {"id": DONE_LIST, "name": "Done"},
        "board": {"id": "6917e6500000000000000b01", "name": "Service desk"},
    },
}
_TRELLO = Tool(
    {
        "GET /1/boards/SCPjg8ON": {"id": "6917e6500000000000000b01", "lists": [{"id": DONE_LIST, "name": "Done"}]},
        "GET /1/members/me": {"username": "walter"},
        "POST /1/webhooks": _tried("callbackURL"),
        "GET /1/boards/SCPjg8ON/actions": lambda asked: Reply(
            [_MOVED] if asked.one("since") <= AT < asked.one("before", "9") else []
        ),
        f"GET /1/cards/{CARD}": _CARD,
    },
    knows_us="Trello: walter sees the board ?; done by: Done",
    delivery=_json({"model": {"id": "6917e6500000000000000b01"}, "action": _MOVED}),
)

_TASK = {"gid": "12", "resource_type": "task", "name": "Toner", "completed": True, "completed_at": AT}
_TASK |= {"modified_at": AT, "created_by": {"gid": "7"}, "parent": None}
_CHANGED = {"action": "changed", "created_at": AT, "change": {"field": "completed", "action": "changed"}}
_ASANA = Tool(
    {
        "GET /users/me": {"data": {"name": "Walter"}},
        "GET /users/7": {"data": {"email": "alice@example.com"}},
        "GET /projects/1201234567890123": {"data": {"name": "Service desk", "workspace": {"gid": "11"}}},
        "GET /webhooks": {"data": []},
        "POST /webhooks": _greet,
        "GET /tasks/12": {"data": _TASK},
        "GET /tasks": {"data": [_TASK]},
        "GET /events": lambda _asked: Reply({"sync": "fresh"}, status=412),
    },
    knows_us="Asana: Walter sees the project Service desk",
    delivery=_json({"events": [{**_CHANGED, "resource": {"gid": "12", "resource_type": "task"}}]}),
    verdict="fetch",
)

_WORK = {"id": "7", "title": "Toner", "status": "5", "createdBy": "3", "responsibleId": "8"}
_WORK |= {"changedDate": AT, "closedDate": AT}
_BITRIX = Tool(
    {
        "POST /rest/1/code/profile": {"result": {"NAME": "Walter"}},
        "POST /rest/1/code/scope": {"result": ["task", "user_basic", "department"]},
        "POST /rest/1/code/tasks.task.get": {"result": {"task": _WORK}},
        "POST /rest/1/code/tasks.task.list": {"result": {"tasks": [_WORK]}},
        "POST /rest/1/code/user.get": {"result": [{"EMAIL": "alice@example.com", "UF_DEPARTMENT": [5]}]},
        "POST /rest/1/code/department.get": {"result": [{"NAME": "IT support"}]},
    },
    knows_us="Bitrix24 knows us: Walter",
    delivery=b"event=ONTASKUPDATE&data[FIELDS_AFTER][ID]=7&ts=1794906000&auth[application_token]=s3cret",
    verdict="fetch",
)

_ISSUE = {"id": 7, "title": "Toner", "state": "closed", "updated_at": AT, "created_at": AT, "closed_at": AT}
_LAB = "/api/v4/projects/acme%2Fsite"
_GITLAB = Tool(
    {
        f"GET {_LAB}": {"path_with_namespace": "acme/site"},
        f"POST {_LAB}/hooks": {"id": 5},
        f"GET {_LAB}/issues": [{**_ISSUE, "iid": 7, "author": {"id": 51}}],
        "GET /api/v4/users/51": {"public_email": "alice@example.com"},
    },
    knows_us="GitLab knows us: acme/site",
    delivery=_json({"object_kind": "issue", "object_attributes": {**_ISSUE, "action": "close", "author_id": 51}}),
)
_GITHUB = Tool(
    {
        "GET /repos/acme/site": {"full_name": "acme/site"},
        "POST /repos/acme/site/hooks": {"id": 5},
        "GET /repos/acme/site/issues": [{**_ISSUE, "user": {"login": "octocat"}}],
    },
    knows_us="GitHub knows us: acme/site",
    delivery=_json({"action": "closed", "issue": {**_ISSUE, "user": {"login": "octocat"}}}),
    headers={"X-GitHub-Event": "issues"},
)

_JIRA_ISSUE = issue("Done", number=10040)
_JIRA = Tool(
    {
        "GET /rest/api/3/myself": {"displayName": "Parity"},
        "GET /rest/api/3/project/(IT|HR)": {"key": "IT"},
        "GET /rest/api/3/field": [],
        "GET /rest/api/3/status": [],
        "GET /rest/webhooks/1.0/webhook": [],
        "POST /rest/webhooks/1.0/webhook": {"id": "3"},
        "POST /rest/api/3/search/jql": {"issues": [_JIRA_ISSUE], "isLast": True},
    },
    knows_us="Jira knows the account as Parity",
    delivery=_json(webhook(_JIRA_ISSUE, moved("In Progress", "Done"))),
    settings=("deployment=cloud",),
)
_RATED = {"id": "10040", "fields": {"project": {"key": "IT"}, "customfield_9": AT}}
JIRA_RATINGS = Tool(
    {
        "GET /rest/api/3/myself": {"displayName": "Parity"},
        "GET /rest/api/3/field": [{"id": "customfield_9", "schema": {"custom": RATED_AT}}],
        "POST /rest/api/3/search/jql": {"issues": [_RATED], "isLast": True},
        "GET /rest/servicedeskapi/request/10040/feedback": {"type": "csat", "rating": 4, "comment": {"body": "ok"}},
    },
    knows_us="Jira knows the account as Parity",
    settings=("deployment=cloud",),
)

_ROW = {"id": 7, "subject": "Toner", "status": {"id": 5, "name": "Closed"}, "updated_on": AT, "closed_on": AT}
_REDMINE = Tool(
    {
        "GET /users/current.json": {"user": {"login": "parity"}},
        "GET /issue_statuses.json": {"issue_statuses": [{"id": 5, "is_closed": True}]},
        "GET /issues.json": {"issues": [_ROW]},
    },
    knows_us="Redmine knows us: parity",
)
_YANDEX = Tool(
    {
        "GET /v2/myself": {"display": "parity"},
        "POST /v2/issues/_search": [{"id": "a7", "key": "HELP-7", "status": {"key": "closed"}, "updatedAt": AT}],
    },
    knows_us="Yandex Tracker knows us: parity",
)
_GLPI = Tool(
    {
        "GET /apirest.php/initSession": {"session_token": "s1"},
        "GET /apirest.php/killSession": {},
        "GET /apirest.php/getFullSession": {"session": {"glpiname": "parity"}},
        "GET /apirest.php/search/Ticket": {"data": [{"2": 7, "1": "Toner", "12": 5, "19": "2026-11-17 09:00:00"}]},
    },
    knows_us="GLPI knows us: parity",
)
_SERVICENOW = Tool(
    {
        "GET /api/now/table/incident": lambda asked: Reply(
            {"result": [{"sys_id": "s7", "state": "6", "sys_updated_on": "2026-11-17 09:00:00"}]}
            if asked.one("sysparm_offset", "0") == "0" and "2026-11-17 09:00:00" not in asked.one("sysparm_query")
            else {"result": []}
        )
    },
    knows_us="ServiceNow knows us: parity",
)

_RATING = {"id": 501, "ticket_id": 1, "requester_id": 9, "score": "good", "created_at": AT, "updated_at": AT}
_ZENDESK = Tool(
    {
        "GET /api/v2/users/me.json": {"user": {"name": "Anna"}},
        "GET /api/v2/satisfaction_ratings.json": {"satisfaction_ratings": [_RATING], "meta": {"has_more": False}},
        "GET /api/v2/tickets/1.json": {"ticket": {"id": 1, "satisfaction_rating": {"id": 501, "score": "good"}}},
    },
    knows_us="Zendesk knows us: Anna",
    delivery=_json(
        {
            "type": "zen:event-type:ticket.csat_received",
            "time": AT,
            "detail": {"id": "1"},
            "event": {"satisfaction_score": {"score": "GOOD"}},
        }
    ),
    verdict="score",
)
_CHAT = "/api/v1/accounts/7/csat_survey_responses"
_CHATWOOT = Tool(
    {
        f"GET {_CHAT}/metrics": {"total_count": 12},
        f"GET {_CHAT}": lambda asked: Reply(
            [{"message_id": 1, "rating": 5, "created_at": STAMP}] if asked.one("page") == "1" else []
        ),
    },
    knows_us="Chatwoot shows us the ratings of this account, 12 so far",
    delivery=_json(
        {
            "event": "message_updated",
            "id": 1,
            "content_type": "input_csat",
            "content_attributes": {"submitted_values": {"csat_survey_response": {"rating": 5}}},
        }
    ),
    verdict="score",
)
_FORMBRICKS = Tool(
    {},
    delivery=_json(
        {
            "event": "responseFinished",
            "data": {"id": "r1", "finished": True, "createdAt": AT, "data": {"rate": 4, "why": "slow"}},
        }
    ),
    verdict="score",
)
_DELIGHTED = Tool(
    {},
    delivery=_json(
        {
            "event_type": "survey_response.created",
            "event_data": {"id": "5001", "survey_type": "nps", "score": 9, "created_at": STAMP},
        }
    ),
    verdict="score",
)
_CHOSEN = {"row_id": "1", "choice_id": "2", "simple_text": "4"}
_QUESTION = {"id": "8", "family": "matrix", "subtype": "rating", "answers": [_CHOSEN]}
_RESPONSE = {"id": "42", "response_status": "completed", "date_modified": AT, "pages": [{"questions": [_QUESTION]}]}
_SURVEYMONKEY = Tool(
    {
        "GET /v3/users/me": {"username": "parity"},
        "POST /v3/webhooks": _tried("subscription_url"),
        "GET /v3/surveys/123456789/responses/42/details": _RESPONSE,
        "GET /v3/surveys/123456789/responses/bulk": {"data": [_RESPONSE]},
    },
    knows_us="SurveyMonkey knows us: parity",
    delivery=_json(
        {
            "event_type": "response_completed",
            "object_id": "42",
            "resources": {"survey_id": "123456789"},
            "event_id": "1",
        }
    ),
    verdict="fetch",
)
_ANSWERS = [{"type": "number", "number": 4, "field": {"id": "f1", "ref": "overall", "type": "rating"}}]
_FORM = {"token": "t1", "submitted_at": AT, "answers": _ANSWERS}
_TYPEFORM = Tool(
    {
        "GET /forms/lT4Z3j": {"title": "How was it?"},
        "PUT /forms/lT4Z3j/webhooks/parity": {"tag": "parity"},
        "GET /forms/lT4Z3j/responses": {"items": [_FORM]},
    },
    knows_us="Typeform shows us the form How was it?",
    delivery=_json({"event_type": "form_response", "event_id": "e1", "form_response": _FORM}),
    verdict="score",
)

TRACKERS: Mapping[str, Tool] = {
    "asana": _ASANA,
    "bitrix24": _BITRIX,
    "github": _GITHUB,
    "gitlab": _GITLAB,
    "glpi": _GLPI,
    "jira": _JIRA,
    "redmine": _REDMINE,
    "servicenow": _SERVICENOW,
    "trello": _TRELLO,
    "yandex_tracker": _YANDEX,
}
SOURCES: Mapping[str, Tool] = {
    "chatwoot": _CHATWOOT,
    "delighted": _DELIGHTED,
    "formbricks": _FORMBRICKS,
    "surveymonkey": _SURVEYMONKEY,
    "typeform": _TYPEFORM,
    "zendesk": _ZENDESK,
}
