"""Departments, people, and what is brought in about them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.imports.faults import Fault
from app.imports.mapping import Mapping
from app.models.departments import Department
from app.models.uploads import ImportKind, UploadState
from app.upkeep.imports.uploads import Choices, faults_as_json, keep, settle
from tests.browser.looking import Look
from tests.builders.departments import department, touchpoint
from tests.builders.people import person

NUMBERS = count()
LONG_NAME = "Liegenschaftsverwaltung und Gebäudereinigung Nordrhein-Westfalen"


EMPTY = "this must not be empty"
FAULTS = [
    Fault("", 3, "email", "'anna.maria.von.und.zu.hohenstein-example.com' is not an e-mail address"),
    Fault("", 1, "E-Mail-Adresse", "this column is not known; is it email?", "--ignore-unknown", "email"),
    Fault("", 17, "department_code", "there is no department 'Liegenschaftsverwaltung'", "--create-departments"),
]


def press(page: Page) -> None:
    """Send the form as it is, with nothing filled in."""
    page.locator("main form button").last.click()


def lead_to_merger(page: Page) -> None:
    """Let two departments become a new one, and go on to what that comes to."""
    boxes = page.locator("input[name=codes]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    for name, typed in (("code", "NEU"), ("name", LONG_NAME), ("day", "2027-01-01")):
        page.locator(f"#{name}").fill(typed)
    page.locator("main form .actions button").click()


def lead_to_end(page: Page) -> None:
    """Choose a day, and go on to what the end comes to."""
    page.locator("#day").fill("2027-01-01")
    page.locator("main form .actions button").click()


def open_first(page: Page) -> None:
    """Open the first of a list."""
    page.locator("main tbody a").first.click()


def lead_to_erasure(page: Page) -> None:
    """Name somebody with a long address, and go on to the page that asks once more."""
    page.locator("#address").fill("anna.maria.von.und.zu.hohenstein@example.com")
    page.locator("button[value=erase]").click()


def erase_nobody(page: Page) -> None:
    """Erase somebody who is not known, and see what it took along."""
    address = f"nobody-{next(NUMBERS)}@example.com"  # whom one has erased already is not asked about again
    page.locator("#address").fill(address)
    page.locator("button[value=erase]").click()
    page.locator("#again").fill(address)
    page.locator("main form button").click()


LOOKS = [
    Look("departments", "/admin/departments", Role.ADMIN),
    Look("department-new", "/admin/departments/new", Role.ADMIN),
    Look("department-new-faults", "/admin/departments/new", Role.ADMIN, do=press),
    Look("department", "/admin/departments/1", Role.ADMIN),
    Look("department-end", "/admin/departments/1/end", Role.ADMIN),
    Look("departments-merge", "/admin/departments/merge", Role.ADMIN),
    Look("department-end-foreseen", "/admin/departments/1/end", Role.ADMIN, do=lead_to_end),
    Look("departments-merge-foreseen", "/admin/departments/merge", Role.ADMIN, do=lead_to_merger),
    Look("people", "/admin/people", Role.ADMIN),
    Look("person-new", "/admin/people/new", Role.ADMIN),
    Look("person", "/admin/people", Role.ADMIN, do=open_first, reaches="/admin/people/<token>"),
    Look("imports", "/admin/imports", Role.ADMIN),
    Look("import-new", "/admin/imports/new", Role.ADMIN),
    Look("import-faults", "/admin/imports/1", Role.ADMIN),
    Look("import-checked", "/admin/imports/2", Role.ADMIN),
    Look("privacy", "/admin/privacy", Role.ADMIN),
    Look("erase", "/admin/privacy", Role.ADMIN, do=lead_to_erasure, reaches="/admin/privacy/erase"),
    Look("erased", "/admin/privacy", Role.ADMIN, do=erase_nobody, reaches="/admin/privacy/erased"),
    Look("backups", "/admin/backups", Role.ADMIN),
]


def furnish(session: Session, moment: datetime) -> None:
    """Put a tree of four levels below the company's department, with one that ends and one that has ended."""
    above = session.scalars(select(Department).where(Department.code == "IT")).one()
    touchpoint(session, above, "web")
    for code, name in (("ORG-1", "Arbeitsplätze"), ("ORG-2", LONG_NAME), ("ORG-3", "Empfang")):
        above = department(session, code, name=name, parent=above, head_email=f"{code.lower()}@example.com")
    top = department(session, "ORG", name="Hausdienste", staff_count=1250, valid_to=moment + timedelta(days=40))
    department(session, "ORG-OLD", parent=top, successor_id=top.id, valid_to=moment - timedelta(days=400))
    person(session, "anna.maria.von.und.zu.hohenstein@example.com", works_in=above, name="Анна-Мария", language="de")
    unnamed = [Fault("", line, "name", EMPTY) for line in range(90, 120)]
    sent(session, moment, UploadState.FAULTY, faults_as_json([*FAULTS, *unnamed], {}))
    sent(session, moment, UploadState.CHECKED, faults_as_json([], {}))


def sent(session: Session, moment: datetime, state: UploadState, found: dict[str, Any]) -> None:
    """Keep a table of which something was found."""
    choices = Choices(kind=ImportKind.PEOPLE, mapping=Mapping())
    name = "Mitarbeiterverzeichnis_2026-09-30_endgültig.csv"
    upload = keep(session, name, b"email", choices, by="staff:1", now=moment)
    outcome = {"words": ["120 new, 4 changed, 2014 unchanged"], "counts": {}, "doubts": [], **found}
    settle(session, upload.id, state, outcome, b"email,fault" if found["faults"] else None)
