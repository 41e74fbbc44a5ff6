"""One Jira site over REST, Cloud or Data Center: its address, its credentials, its pace, and its searches."""

import base64
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from app.connectors.connector import Setting, Tool
from app.connectors.lenient import objects, text_of
from app.connectors.score_mapping import number_of
from app.foundations.http import Answer, Pace, Refused, Trouble, UnreadableAnswer
from app.foundations.languages import gettext, mark

# Atlassian does not publish the burst limits of API tokens; about ten calls a second are reported as the steady limit.
PACE = Pace(per_second=5, burst=10)
PAGE = 100  # issues: the most that Cloud returns with fields
OVERLAPPING = 10  # rows that two pages by offset share, to notice what moved meanwhile
MOST_WITHOUT_NEWS = 20  # pages in a row that repeat what we know
MOST_RESTARTS = 3  # because a token was refused
LONGEST_TOKEN = 4000
RATINGS = range(1, 6)  # what customers of Service Management may choose from

SITE_SETTINGS = (
    Setting(name="base_url", meaning=mark("the address of the site, like https://example.atlassian.net"), needed=True),
    Setting(name="api_token", meaning=mark("the API token, or the personal access token"), needed=True, secret=True),
    Setting(name="email", meaning=mark("the address of the account that the API token belongs to (Cloud)")),
    Setting(name="deployment", meaning=mark("cloud or server, where the address does not tell")),
    Setting(name="projects", meaning=mark("the keys of the projects that count; none: all that the account sees")),
)

_CLOUD_HOSTS = (".atlassian.net", ".jira.com", "api.atlassian.com")


@dataclass(frozen=True)
class Site:
    """The site of one connection."""

    tool: Tool

    @property
    def base(self) -> str:
        return base_of(self.tool.settings)

    @property
    def is_cloud(self) -> bool:
        """As the setting `deployment` says, else by the name of the host."""
        told = text_of(self.tool.settings.get("deployment"))
        if told:
            return told.lower() == "cloud"
        return (urlsplit(self.base).hostname or "").endswith(_CLOUD_HOSTS)

    @property
    def api(self) -> str:
        """The version of the REST API that this deployment has."""
        return "/rest/api/3" if self.is_cloud else "/rest/api/2"

    def call(self, method: str, path: str, **options: Any) -> Answer:
        """Call the site; options as the client's. Raises Trouble."""
        account = text_of(self.tool.settings.get("email")) or ""
        headers = {"Authorization": self._authorization(account), **options.pop("headers", {})}
        return self.tool.http.call(method, f"{self.base}{path}", headers=headers, pace=PACE, account=account, **options)

    def get(self, path: str, params: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """Return the JSON at a path. Raises Trouble."""
        return self.call("GET", path, params=params, **options).json()

    def find(
        self, path: str, params: Mapping[str, Any] | None = None, *, or_hidden: bool = False, **options: Any
    ) -> Any:
        """Return the JSON at a path, None where there is nothing, or nothing for our account. Raises Trouble."""
        try:
            return self.get(path, params, **options)
        except Refused as refused:
            if refused.status in ({403, 404, 410} if or_hidden else {404, 410}):
                return None
            raise

    def _authorization(self, account: str) -> str:
        token = text_of(self.tool.settings.get("api_token")) or ""
        if not token.isascii():
            raise Trouble(gettext("api_token holds characters that no token has: copy it again"))
        if not account:
            return f"Bearer {token}"
        return "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode()


def base_of(settings: Mapping[str, Any]) -> str:
    """Return the address of the site without a slash at its end; empty where there is none."""
    return (text_of(settings.get("base_url")) or "").rstrip("/")


def texts_of(value: object) -> list[str]:
    """Return a setting that lists texts: a JSON list, or one text with commas."""
    found = value if isinstance(value, list) else str(value).split(",") if isinstance(value, str | int) else []
    return [text for text in map(text_of, found) if text]


def within_projects(settings: Mapping[str, Any]) -> str:
    """Return the JQL that names the projects which count; empty for all."""
    keys = ", ".join(quoted(key) for key in texts_of(settings.get("projects")))
    return f"project in ({keys})" if keys else ""


def quoted(text: str) -> str:
    """Return text as JQL quotes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass
class Search:
    """All issues with a date since a moment, page by page, oldest first.

    The dates of JQL are read in the time zone of the account, so ours are relative ("-90m"): they do not depend on it,
    nor on a clock that goes wrong. What a run takes itself is measured by the clock of the site.
    """

    site: Site
    since: datetime
    fields: Collection[str]
    condition: str = ""
    date: str = "updated"  # the JQL name of the date
    expand: str = ""
    _began: datetime | None = field(default=None, init=False)
    _elapsed: timedelta = field(default=timedelta(), init=False)

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[tuple[list[Mapping[str, Any]], dict[str, Any]]]:
        """Yield issues with the cursor to go on from; a cursor that has expired begins again. Raises Trouble."""
        yield from self._by_token(cursor) if self.site.is_cloud else self._by_offset(cursor)

    def jql(self) -> str:
        span = self.site.tool.now - self.since + self._elapsed
        minutes = max(1, math.ceil(span / timedelta(minutes=1)) + 1)
        back = f"-{minutes}m" if minutes <= 7 * 24 * 60 else f"-{math.ceil(minutes / 60 / 24)}d"
        window = f'{self.date} >= "{back}"'
        return " AND ".join(filter(None, (self.condition, window))) + f" ORDER BY {self.date} ASC"

    def _by_token(self, cursor: Mapping[str, Any]) -> Iterator[tuple[list[Mapping[str, Any]], dict[str, Any]]]:
        """Cloud: `POST /rest/api/3/search/jql`; a token leads from page to page and lives for seven days."""
        token, jql = text_of(cursor.get("token"), LONGEST_TOKEN), text_of(cursor.get("jql"), LONGEST_TOKEN)
        news = News()
        used: set[str | None] = {token}
        restarts = 0
        while True:
            jql = jql or self.jql()
            found = self._token_page(jql, token, may_restart=restarts < MOST_RESTARTS)
            if found is None:  # the token has expired: begin again from the same moment
                token, jql, used, restarts = None, None, {None}, restarts + 1
                continue
            issues, token = list(objects(found.get("issues"))), text_of(found.get("nextPageToken"), LONGEST_TOKEN)
            is_last = token is None or found.get("isLast") is True
            goes_round = token in used or news.is_stale(issues)
            yield issues, {} if is_last or goes_round else {"token": token, "jql": jql}
            if is_last:
                return
            if goes_round:
                raise UnreadableAnswer(gettext("Jira repeats a page of its search"))
            used.add(token)

    def _token_page(self, jql: str, token: str | None, *, may_restart: bool) -> Mapping[str, Any] | None:
        body: dict[str, Any] = {"jql": jql, "fields": list(self.fields), "maxResults": PAGE}
        body |= {"expand": self.expand} if self.expand else {}
        body |= {"nextPageToken": token} if token else {}
        try:
            answer = self.site.call("POST", f"{self.site.api}/search/jql", json=body, repeatable=True)
        except Refused as refused:
            if token is not None and refused.status == 400 and may_restart:
                return None
            raise
        return self._read(answer)

    def _by_offset(self, cursor: Mapping[str, Any]) -> Iterator[tuple[list[Mapping[str, Any]], dict[str, Any]]]:
        """Data Center: `GET /rest/api/2/search` by offset.

        An issue that changes meanwhile moves to the end and all behind it one up; so pages overlap, and one that
        shares nothing with the page before it sends us a page back.
        """
        start = max(0, int(cursor.get("start", 0)) - OVERLAPPING)
        news = News()
        while True:
            found = self._offset_page(start)
            issues = list(objects(found.get("issues")))
            if start > 0 and issues and news.known and not news.overlaps(issues):
                start = max(0, start - PAGE)
                continue
            total, end = found.get("total"), start + len(issues)
            is_last = not issues or (isinstance(total, int) and end >= total)
            fresh = news.fresh(issues)
            goes_round = news.is_stale(issues)
            start = max(start + 1, end - OVERLAPPING)
            yield fresh, {} if is_last or goes_round else {"start": start}
            if is_last:
                return
            if goes_round:
                raise UnreadableAnswer(gettext("Jira repeats a page of its search"))

    def _offset_page(self, start: int) -> Mapping[str, Any]:
        params: dict[str, Any] = {"jql": self.jql(), "startAt": start, "maxResults": PAGE}
        params |= {"fields": ",".join(self.fields)} | ({"expand": self.expand} if self.expand else {})
        return self._read(self.site.call("GET", f"{self.site.api}/search", params=params))

    def _read(self, answer: Answer) -> Mapping[str, Any]:
        found = answer.json()
        if not isinstance(found, Mapping) or not isinstance(found.get("issues"), list):
            raise UnreadableAnswer(gettext("the answer of Jira to a search lists no issues"))
        try:
            at = parsedate_to_datetime(answer.headers.get("date", ""))
        except ValueError:
            return found
        self._began = self._began or at
        self._elapsed = max(timedelta(), at - self._began)
        return found


class News:
    """What the pages before told, as far as it is needed to see that a page tells nothing new."""

    def __init__(self) -> None:
        self.known: set[tuple[str, str]] = set()
        self._without = 0

    def overlaps(self, issues: list[Mapping[str, Any]]) -> bool:
        """True where the page shares an issue with the one before."""
        return any(_mark(issue) in self.known for issue in issues)

    def fresh(self, issues: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Return the issues that the page before did not tell."""
        return [issue for issue in issues if _mark(issue) not in self.known]

    def is_stale(self, issues: list[Mapping[str, Any]]) -> bool:
        """Remember a page; True where too many in a row told nothing new."""
        marks = {_mark(issue) for issue in issues}
        self._without = 0 if marks - self.known else self._without + 1
        self.known = marks
        return self._without >= MOST_WITHOUT_NEWS


def rating_of(answer: object) -> int | None:
    """Return the rating in an answer of `/feedback`, also as text; None for everything off its scale of 1 to 5."""
    found = number_of({}, answer.get("rating") if isinstance(answer, Mapping) else None)
    return int(found) if found is not None and found in RATINGS else None


def _mark(issue: Mapping[str, Any]) -> tuple[str, str]:
    fields = issue.get("fields")
    return str(issue.get("id")), str(fields.get("updated") if isinstance(fields, Mapping) else None)
