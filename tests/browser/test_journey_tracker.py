"""The administrator's way to a connected Jira: a short form, the worker, and the first request that it tells of."""

import urllib.request

import pytest
from sqlalchemy import select

from app.domain.states import Role
from app.foundations import clock
from app.jobs.chores import run_chores
from app.jobs.deliveries import process_deliveries
from app.mail.links import Links
from app.models.connections import Connection
from app.upkeep.signing_in.links import make_sign_in_link
from tests.browser.walking import TakeWalk, Walk
from tests.builders.issued import staff
from tests.conftest import CAROL
from tests.journeys.conftest import Company, company
from tests.journeys.told import open_service_desk
from tests.servers.databases import Database
from tests.servers.jira import Jira
from tests.servers.vendor import Vendor

__all__ = ["company"]

WORDS = {
    "en": {
        "another": "Connect another tool",
        "connect": "Connect",
        "once": "Keep this now: in ten minutes it can no longer be shown.",
        "see": "See whether it works",
        "works": "The hook is registered.",
        "on": "Go on",
        "deliveries": "Deliveries",
        "why": "the request is done",
    },
    "de": {
        "another": "Ein Werkzeug verbinden",
        "connect": "Verbinden",
        "once": "Bewahren Sie das jetzt auf: In zehn Minuten lässt es sich nicht mehr zeigen.",
        "see": "Ansehen, ob es klappt",
        "works": "Der Hook ist angemeldet.",
        "on": "Weiter",
        "deliveries": "Zustellungen",
        "why": "die Anfrage ist erledigt",
    },
}


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


def signed_in(company: Company, walk: Walk) -> None:
    links = Links(base_url=company.settings.base_url, keys=company.keys)
    with company.database.sessions() as session, session.begin():
        link = make_sign_in_link(session, links, CAROL.email, now=clock.now())
    walk.page.goto(link)
    walk.press(walk.page.locator("main button"))


def deliver(jira: Jira, address: str) -> int:
    """Let Jira tell of a request that was completed, at the address that it was given."""
    jira.add(10040)
    raw, headers = jira.signed(jira.move(10040, "Done"))
    with urllib.request.urlopen(urllib.request.Request(address, raw, headers)) as answer:
        return int(answer.status)


def test_from_nothing_to_a_connected_tracker(
    take_walk: TakeWalk,
    company: Company,
    vendor: Vendor,
) -> None:
    walk = take_walk("tracker", by_keys_at_desk=True)
    page, language = walk.page, walk.view.language
    words, jira = WORDS[language], Jira(vendor, is_cloud=False)
    open_service_desk(company)
    staff(company.database.session, CAROL.email, Role.ADMIN, now=clock.now(), name=CAROL.name)
    company.database.session.commit()

    signed_in(company, walk)
    page.goto(f"{company.settings.base_url}/admin/trackers")
    walk.press(page.get_by_role("link", name=words["another"]))
    walk.press(page.get_by_role("link", name="Jira").first)
    typed = {"slug": "desk", "set_base_url": vendor.url, "set_api_token": "t0ken", "set_projects": '["IT"]'}
    for field, value in typed.items():
        walk.write(page.locator(f"#{field}"), value)
    walk.station("form")

    walk.press(page.get_by_role("button", name=words["connect"], exact=True))
    page.get_by_text(words["once"]).wait_for()
    address = page.locator("pre").first.inner_text()
    walk.station("shown-once")
    walk.press(page.get_by_role("link", name=words["see"]))
    assert run_chores(company.installation, now=clock.now()) == 1
    page.get_by_text(words["works"]).wait_for()  # the page looks again by itself
    walk.station("works")

    assert deliver(jira, address) == 202
    process_deliveries(company.installation, now=clock.now())
    walk.press(page.get_by_role("link", name=words["on"]))
    walk.press(page.get_by_role("link", name=words["deliveries"]))
    page.get_by_text(words["why"]).wait_for()
    walk.station("delivered")

    (connection,) = company.rows(select(Connection))
    assert connection.registration is not None
    assert walk.wrong == {}
