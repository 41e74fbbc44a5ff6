"""SurveyMonkey: a hook names a response, the API tells it (docs/connectors/surveymonkey.md)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.connectors.connector import Connector, HookHealth, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook, Verdict
from app.connectors.json_body import parse_object
from app.connectors.lenient import id_of, inside, moment_in_utc, objects, text_of, words_of
from app.connectors.paging import by_change
from app.connectors.score_mapping import (
    LONGEST_COMMENT,
    PARTIAL,
    PLACE_SETTINGS,
    QUESTIONS,
    SURVEYS,
    Answer,
    Response,
    as_polled,
    conclude,
    conclude_list,
    nothing,
)
from app.connectors.signatures import body_hash, require_hmac
from app.domain.states import ConnectionSide
from app.foundations.http import Answer as HttpAnswer
from app.foundations.http import Pace, Refused
from app.foundations.languages import gettext, mark

HOME = "https://api.surveymonkey.com"
PACE = Pace(per_second=2, burst=5)  # documented: 120 calls a minute, 500 a day for a private app
POLL_EVERY = timedelta(hours=1)
PAGE_SIZE = 100
EVENTS = frozenset({"response_completed", "response_updated"})
PREVIEWS = frozenset({"preview", "survey_preview"})
RANKINGS = frozenset({"ranking", "menu"})  # matrices whose choices are no ratings
PREVIEW = mark("this is a trial of the survey: no customer answered it")
OTHER = mark("this is no event of a completed response")

Row = Mapping[str, Any]


def verify(hook: Hook) -> None:
    """Accept base64 HMAC-SHA-1 over the body, keyed with `api_key&api_secret`. Raises WrongSignature."""
    key = text_of(hook.settings.get("api_key")) or hook.headers.get("sm-apikey", "")
    keys = [f"{key}&{secret}".encode("utf-8", "replace").decode() for secret in hook.secrets if secret]
    require_hmac(keys, hook.body, hook.headers.get("sm-signature"), digest="sha1", written="base64")


def delivery_key(hook: Hook) -> str:
    """Return the hash of the body: it holds the id of the event and its time."""
    return body_hash(hook.body)


def read(hook: Hook) -> Conclusion:
    """Return which response a delivery names, or what the API tells of it. Raises UnreadableBody."""
    body = parse_object(hook.body if hook.fetched is None else hook.fetched)
    if hook.fetched is None and "event_type" in body:
        return _of_an_event(body)
    if isinstance(body.get("data"), list):
        done = (row for row in objects(body["data"]) if _is_complete(row))
        return conclude_list(hook.settings, (_response(hook.settings, row, hook) for row in done))
    response = _response(hook.settings, body, hook)
    if response is None:
        return nothing(Verdict.IGNORED, OTHER)
    if _is_preview(body):
        return nothing(Verdict.IGNORED, PREVIEW)
    return conclude(hook.settings, response) if _is_complete(body) else nothing(Verdict.NO_SCORE, PARTIAL)


def _of_an_event(body: Row) -> Conclusion:
    response, survey = id_of(body.get("object_id")), id_of(inside(body.get("resources"), "survey_id"))
    if survey is None and body.get("filter_type") == "survey":
        survey = id_of(body.get("filter_id"))
    kind = text_of(body.get("event_type"))
    if kind not in EVENTS or response is None or survey is None:
        return nothing(Verdict.IGNORED, OTHER)
    details = {"external_id": response, "event_id": text_of(body.get("event_id")), "event_type": kind}
    why = gettext("the body names a response only: SurveyMonkey must be asked for it")
    return Conclusion(verdict=Verdict.FETCH, why=why, fetch=(f"{survey}/{response}",), details=details)


def _is_complete(row: Row) -> bool:
    return text_of(row.get("response_status")) == "completed" and not _is_preview(row)


def _is_preview(row: Row) -> bool:
    return text_of(row.get("collection_mode")) in PREVIEWS


def _response(settings: Mapping[str, Any], row: Row, source: Hook | Tool) -> Response | None:
    """Return a response with its answers by question; None for what has no id or no pages."""
    identifier = id_of(row.get("id"))
    seen_at = source.received_at if isinstance(source, Hook) else source.now
    if identifier is None or "pages" not in row:
        return None
    changed_at = moment_in_utc(row.get("date_modified"))
    questions = [one for page in objects(row.get("pages")) for one in objects(page.get("questions"))]
    commented = id_of(settings.get("comment_question"))
    written = [_text(one) for one in questions if commented and id_of(one.get("id")) == commented]
    named = text_of(settings.get("respondent_field"))
    return Response(
        identifier=identifier,
        told_at=changed_at or seen_at,
        answered_at=moment_in_utc(row.get("date_created")) or changed_at or seen_at,
        answers=tuple(_answers(questions)),
        survey=id_of(row.get("survey_id")),
        respondent=text_of(inside(row.get("custom_variables"), named)) if named else _recipient(row),
        comment=next(filter(None, written), None),
    )


def _recipient(row: Row) -> str | None:
    """Return the id of an invited customer; whoever came by a link has '0' or '', which is nobody."""
    found = id_of(row.get("recipient_id"))
    return None if found == "0" else found


def _answers(questions: list[Row]) -> Iterator[Answer]:
    """Yield the one choice of each question, or of each row of a matrix of several: then under `question/row`.

    Several choices of one question are no point of a scale.
    """
    for question in questions:
        name = id_of(question.get("id"))
        chosen = [one for one in objects(question.get("answers")) if id_of(one.get("choice_id"))]
        rows = [id_of(one.get("row_id")) for one in chosen]
        if name is None or any(rows.count(row) > 1 for row in rows):
            continue
        for answer, row in zip(chosen, rows, strict=True):
            named = f"{name}/{row}" if len(rows) > 1 else name
            yield Answer(raw=_raw(answer), names=(named,), is_rating=_is_rating(question, row))


def _is_rating(question: Row, row: str | None) -> bool:
    if "family" not in question:
        return row is not None
    return text_of(question["family"]) == "matrix" and text_of(question.get("subtype")) not in RANKINGS


def _raw(answer: Row) -> str | None:
    text = text_of(answer.get("simple_text")) or text_of(answer.get("text"))
    if text is not None and text.isdecimal():
        return text  # for a question of 0 to 10 the weight is -100, 0 or 100
    weight = inside(answer.get("choice_metadata"), "weight")
    return text_of(weight if weight is not None else answer.get("weight")) or text or id_of(answer.get("choice_id"))


def _text(question: Row) -> str | None:
    found = (text_of(one.get("text"), LONGEST_COMMENT) for one in objects(question.get("answers")))
    return next(filter(None, found), None)


def _call(tool: Tool, method: str, path: str, **options: Any) -> HttpAnswer:
    token, base = str(tool.settings["token"]), str(tool.settings.get("base_url", HOME)).rstrip("/")
    headers = {"Authorization": f"Bearer {token}"}
    return tool.http.call(method, f"{base}/v3{path}", headers=headers, pace=PACE, account=token[-6:], **options)


def check(tool: Tool) -> str:
    """Say whose token this is. Raises Trouble."""
    name = text_of(inside(_call(tool, "GET", "/users/me").json(), "username"))
    return gettext("SurveyMonkey knows us: %(name)s", name=name or "?")


def fetch(tool: Tool, identifier: str) -> bytes | None:
    """Return the response `survey/response` with the texts and weights of its choices; None where it is gone."""
    survey, _, response = identifier.partition("/")
    try:
        path = f"/surveys/{survey}/responses/{response}/details"
        return _call(tool, "GET", path, params={"simple": "true"}).body
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def register(tool: Tool, address: str, _secret: str) -> Mapping[str, Any]:
    """Create the hook for completed responses of our surveys; SurveyMonkey tries the address first. Raises Trouble."""
    wanted = {
        "name": "Parity",
        "event_type": "response_completed",
        "object_type": "survey",
        "object_ids": list(words_of(tool.settings["survey_ids"])),
        "subscription_url": address,
    }
    return {"id": id_of(inside(_call(tool, "POST", "/webhooks", json=wanted).json(), "id"))}


def look_after(tool: Tool, registration: Mapping[str, Any]) -> HookHealth:
    """Ask whether the hook is there. Raises Trouble."""
    try:
        _call(tool, "GET", f"/webhooks/{registration.get('id')}")
    except Refused as refused:
        if refused.status != 404:
            raise
        return HookHealth(is_alive=False, problem=gettext("the tool does not know the hook any more."), is_gone=True)
    return HookHealth(is_alive=True)


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Tell every completed response of our surveys that changed since a moment, one survey after the other."""
    surveys, done = words_of(tool.settings["survey_ids"]), text_of((cursor or {}).get("survey"))
    remaining = surveys[surveys.index(done) :] if done in surveys else surveys
    for survey in remaining:
        start = text_of((cursor or {}).get("at")) if survey == done else None
        yield from _pages(tool, survey, start or since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    yield Page(cursor={})


def _pages(tool: Tool, survey: str, start: str) -> Iterator[Page]:
    def ask(at: str, skipped: int) -> list[Row]:
        params = {"start_modified_at": at, "sort_by": "date_modified", "sort_order": "ASC", "status": "completed"}
        params |= {"simple": "true", "per_page": str(PAGE_SIZE), "page": str(skipped // PAGE_SIZE + 1)}
        found = _call(tool, "GET", f"/surveys/{survey}/responses/bulk", params=params).json()
        return list(objects(inside(found, "data")))

    for rows, following in by_change(ask, _changed_at, size=PAGE_SIZE, start=start):
        told = (_response(tool.settings, {"survey_id": survey, **row}, tool) for row in rows if _is_complete(row))
        yield Page(cursor={"survey": survey, **following}, scores=as_polled(tool.settings, told))


def _changed_at(row: Row) -> str | None:
    moment = moment_in_utc(row.get("date_modified"))
    return moment.strftime("%Y-%m-%dT%H:%M:%S") if moment else None


CONNECTOR = Connector(
    kind="surveymonkey",
    side=ConnectionSide.SCORES,
    settings=(
        *PLACE_SETTINGS,
        SURVEYS,
        QUESTIONS,
        Setting(name="survey_ids", meaning=mark("the numbers of the surveys, separated by commas"), needed=True),
        Setting(name="token", meaning=mark("the app's access token"), needed=True, secret=True),
        Setting(name="api_key", meaning=mark("the app's client id: a part of what signs the deliveries")),
        Setting(name="api_secret", meaning=mark("the app's secret: it signs the deliveries"), needed=True, signs=True),
        Setting(name="comment_question", meaning=mark("the id of the question whose answer is the comment")),
        Setting(name="respondent_field", meaning=mark("the custom variable that tells customers apart")),
        Setting(name="base_url", meaning=mark("the API's address, where it is another")),
    ),
    read=read,
    verify=verify,
    delivery_key=delivery_key,
    answers_head=True,
    check=check,
    fetch=fetch,
    register=register,
    look_after=look_after,
    poll=poll,
    poll_every=POLL_EVERY,
)
