"""What customers say in Jira Service Management itself: one rating of 1 to 5 with a comment for each request.

Jira calls nobody about a rating, so the site is asked for the requests that were rated since the last time.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from app.connectors.atlassian import SITE_SETTINGS, Search, Site, rating_of, within_projects
from app.connectors.connector import Connector, Page, Setting, Shape, Tool
from app.connectors.hooks import Conclusion, Hook, Verdict
from app.connectors.json_body import parse_object
from app.connectors.lenient import id_of, inside, moment_of, objects, text_of
from app.connectors.score_mapping import GIVEN, NO_ANSWER, nothing
from app.domain.external_scores import ScoreEvent
from app.domain.states import ConnectionSide
from app.foundations.http import Trouble
from app.foundations.languages import gettext, mark

RATED_AT = "com.atlassian.servicedesk:sd-request-feedback-date"  # the type of the field "Satisfaction date"
INSTRUMENT, DIMENSION = "csat5", "csat_overall"
LONGEST_COMMENT = 10_000

_SETTINGS = (
    *SITE_SETTINGS,
    Setting(name="touchpoint", meaning=mark("the touchpoint that the ratings speak of"), needed=True),
    Setting(
        name="touchpoints",
        meaning=mark('which project is another touchpoint: {"KEY": "touchpoint"}'),
        shape=Shape.TABLE,
    ),
)


def check(tool: Tool) -> str:
    """Try the credentials, and whether the site gathers ratings; return a sentence. Raises Trouble."""
    site = Site(tool)
    me = site.get(f"{site.api}/myself")
    _field_of_ratings(site)
    return gettext("Jira knows the account as %(name)s", name=text_of(inside(me, "displayName")) or "?")


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Tell every rating given or changed since a moment."""
    site = Site(tool)
    name = _field_of_ratings(site)
    search = Search(
        site,
        since,
        ("project", "reporter", "updated", name),
        condition=within_projects(tool.settings),
        date=f"cf[{name.removeprefix('customfield_')}]",
    )
    for issues, following in search.pages(cursor or {}):
        yield Page(cursor=following, scores=tuple(_scores(site, issues, name)))


def _field_of_ratings(site: Site) -> str:
    """Return the id of the field that holds when a request was rated; its name is translated, its type is not."""
    for one in objects(site.get(f"{site.api}/field")):
        name = id_of(one.get("id"))
        if name and inside(one, "schema", "custom") == RATED_AT:
            return name
    raise Trouble(gettext("this Jira gathers no ratings: switch customer satisfaction on in a service project"))


def _scores(site: Site, issues: Iterable[Mapping[str, Any]], name: str) -> Iterator[ScoreEvent]:
    for issue in issues:
        number, fields = id_of(issue.get("id")), issue.get("fields")
        if number is None:
            continue
        # Experimental on some Data Centers, which ask for this header.
        path = f"/rest/servicedeskapi/request/{quote(number, safe='')}/feedback"
        rating = site.find(path, headers={"X-ExperimentalApi": "opt-in"})
        rated_at = moment_of(inside(fields, name), site.tool.time_zone) or site.tool.now
        told = score_of(site.tool.settings, issue, rating, rated_at)
        if told is not None:
            yield told


def score_of(
    settings: Mapping[str, Any], issue: Mapping[str, Any], rating: object, rated_at: datetime
) -> ScoreEvent | None:
    """Return what one answer of `/feedback` tells of an issue; None for no rating, or one off the scale."""
    found = rating_of(rating)
    number = id_of(issue.get("id"))
    if number is None or found is None:
        return None
    reporter = inside(issue, "fields", "reporter")
    respondent = text_of(inside(reporter, "accountId")) or text_of(inside(reporter, "key"))
    return ScoreEvent(
        response_id=number,
        told_at=rated_at,
        answered_at=rated_at,
        touchpoint=_touchpoint(settings, text_of(inside(issue, "fields", "project", "key"))),
        dimension=DIMENSION,
        instrument=INSTRUMENT,
        score=float(found),
        respondent=respondent,
        comment=text_of(inside(rating, "comment", "body"), LONGEST_COMMENT),
    )


def explain(hook: Hook) -> Conclusion:
    """Say what an answer of `/feedback` tells; it does not name its request. Raises UnreadableBody."""
    body = parse_object(hook.body if hook.fetched is None else hook.fetched)
    told = score_of(hook.settings, {"id": "0"}, body, hook.received_at)
    if told is None:
        return nothing(Verdict.NO_SCORE if text_of(body.get("type")) == "csat" else Verdict.IGNORED, NO_ANSWER)
    return Conclusion(verdict=Verdict.SCORE, why=gettext(GIVEN), details={"score": told.score})


def _touchpoint(settings: Mapping[str, Any], project: str | None) -> str:
    own = text_of(inside(settings.get("touchpoints"), project)) if project else None
    return own or text_of(settings.get("touchpoint")) or ""


CONNECTOR = Connector(
    kind="jira", side=ConnectionSide.SCORES, settings=_SETTINGS, explain=explain, check=check, poll=poll
)
