"""HR's other way: how departments serve each other, one department by its requesters' departments, and all beside each
other."""

from app.domain.states import Role
from tests.browser.pages.culture import PERIOD
from tests.browser.premises import Premises
from tests.browser.walking import TakeWalk

WORDS = {
    "en": ("Requests and time", "Group by group", "Department", "Show", "Departments beside each other"),
    "de": ("Anfragen und Zeit", "Gruppe für Gruppe", "Abteilung", "Anzeigen", "Abteilungen nebeneinander"),
}


def test_from_the_company_to_one_department(take_walk: TakeWalk, page_company: Premises) -> None:
    walk = take_walk("culture", by_keys_at_desk=True, is_seen_elsewhere=True)
    page, language = walk.page, walk.view.language
    times, groups, department, show, beside = WORDS[language]
    page_company.let_in(page, Role.HR)

    page.goto(f"{page_company.address}/culture/{PERIOD}?lang={language}")
    walk.press(page.locator("#matrix summary", has_text=times))
    walk.station("company")
    walk.press(page.get_by_role("link", name=groups))
    page.get_by_label(department, exact=True).select_option("IT")
    walk.press(page.get_by_role("button", name=show, exact=True))
    page.wait_for_url("**department=IT*")
    walk.station("one-department")

    page.goto(f"{page_company.address}/culture/{PERIOD}")
    walk.press(page.get_by_role("link", name=beside))
    page.wait_for_url("**/departments*")
    walk.station("departments")

    assert walk.wrong == {}
