"""The way around the pages of staff: one list of places, of which everybody sees those that let them in."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from app.domain.rights import Viewer
from app.foundations.languages import gettext, mark
from app.web.frame.access import may_call, rule_of


@dataclass(frozen=True)
class Place:
    """A page that others start from; its blueprint's pages belong to it."""

    endpoint: str
    words: str
    is_administration: bool = False


#: In the order in which they stand. A place that this version does not have is left out.
PLACES = (
    Place("home.show", mark("Home")),
    Place("culture_pages.newest", mark("Culture")),
    Place("scorecards.listing", mark("Scorecards")),
    Place("follow_ups.listing", mark("Waiting for you")),
    Place("close.listing", mark("Quarter close")),
    Place("comments.listing", mark("Comments")),
    Place("connections.listing", mark("Trackers"), is_administration=True),
    Place("decisions.listing", mark("Decisions"), is_administration=True),
    Place("departments.listing", mark("Departments"), is_administration=True),
    Place("people.listing", mark("People"), is_administration=True),
    Place("imports.listing", mark("Imports"), is_administration=True),
    Place("surveys.listing", mark("Questions"), is_administration=True),
    Place("policy.show", mark("Policy"), is_administration=True),
    Place("mail.listing", mark("Mail"), is_administration=True),
    Place("held_back.listing", mark("Answers to check"), is_administration=True),
    Place("jobs.listing", mark("Jobs"), is_administration=True),
    Place("privacy.desk", mark("Privacy"), is_administration=True),
    Place("backups.listing", mark("Backups"), is_administration=True),
    Place("branding.show", mark("Branding"), is_administration=True),
    Place("staff.listing", mark("Staff"), is_administration=True),
    Place("api_keys.listing", mark("Keys and webhooks"), is_administration=True),
    Place("audit.listing", mark("Log"), is_administration=True),
    Place("methods.show", mark("How we measure")),
)


@dataclass(frozen=True)
class Entry:
    """A link of the navigation; `current` is the value of aria-current, empty elsewhere."""

    address: str
    words: str
    current: str


@dataclass(frozen=True)
class Navigation:
    """The two rows: the main one, and on pages of the administration a second one."""

    main: tuple[Entry, ...]
    administration: tuple[Entry, ...]


def navigation(viewer: Viewer | None) -> Navigation:
    """Return what this viewer may go to, seen from the page of this request."""
    places = [place for place in PLACES if _is_open(place, viewer)]
    work = [place for place in places if place.is_administration]
    main = [_entry(place) for place in places if not place.is_administration]
    is_inside = any(_blueprint(place.endpoint) in request.blueprints for place in work)
    if work:
        main.insert(-1, Entry(url_for(work[0].endpoint), gettext("Administration"), "true" if is_inside else ""))
    return Navigation(tuple(main), tuple(_entry(place) for place in work) if is_inside else ())


def first_place(viewer: Viewer) -> str | None:
    """Return the address where this viewer begins; None for whom there is only what everybody may read."""
    for place in PLACES:
        if place.endpoint != "methods.show" and _is_open(place, viewer):
            return url_for(place.endpoint)
    return None


def _is_open(place: Place, viewer: Viewer | None) -> bool:
    if place.endpoint not in current_app.view_functions:
        return False
    rule = rule_of(current_app, place.endpoint)
    return rule is not None and may_call(rule, viewer)


def _entry(place: Place) -> Entry:
    is_within = _blueprint(place.endpoint) in request.blueprints
    current = "page" if request.endpoint == place.endpoint else "true" if is_within else ""
    return Entry(url_for(place.endpoint), gettext(place.words), current)


def _blueprint(endpoint: str) -> str:
    return endpoint.rpartition(".")[0]
