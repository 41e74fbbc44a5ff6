"""The auditor's way: the log, one area of it, one entry with its details, and whether anybody changed the log."""

from app.domain.states import Role
from tests.browser.premises import Premises
from tests.browser.walking import TakeWalk

WORDS = {
    "en": ("Show", "role given", "Was anything changed?", "The chain is intact."),
    "de": ("Anzeigen", "Rolle vergeben", "Wurde etwas verändert?", "Die Kette ist unversehrt."),
}


def test_from_the_log_to_its_chain(take_walk: TakeWalk, page_company: Premises) -> None:
    walk = take_walk("auditor", by_keys_at_desk=True, is_seen_elsewhere=True)
    page, language = walk.page, walk.view.language
    show, act, changed, intact = WORDS[language]
    page_company.let_in(page, Role.AUDITOR)

    page.goto(f"{page_company.address}/admin/log?lang={language}")
    walk.station("log")
    page.locator("#group").select_option("access")
    walk.press(page.get_by_role("button", name=show, exact=True))
    walk.press(page.get_by_role("link", name=act).first)
    page.get_by_role("heading", level=1, name=act).wait_for()
    walk.station("entry")

    page.goto(f"{page_company.address}/admin/log")
    walk.press(page.get_by_role("link", name=changed))
    page.get_by_text(intact).wait_for()
    walk.station("chain")

    assert walk.wrong == {}
