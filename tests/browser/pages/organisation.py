"""Departments, people, and what is brought in about them."""

from datetime import datetime, timedelta

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.models.departments import Department
from tests.browser.looking import Look
from tests.builders.departments import department, touchpoint

LONG_NAME = "Liegenschaftsverwaltung und Gebäudereinigung Nordrhein-Westfalen"


def press(page: Page) -> None:
    """Send the form as it is, with nothing filled in."""
    page.locator("main form button").last.click()


LOOKS = [
    Look("departments", "/admin/departments", Role.ADMIN),
    Look("department-new", "/admin/departments/new", Role.ADMIN),
    Look("department-new-faults", "/admin/departments/new", Role.ADMIN, do=press),
    Look("department", "/admin/departments/1", Role.ADMIN),
    Look("department-end", "/admin/departments/1/end", Role.ADMIN),
    Look("departments-merge", "/admin/departments/merge", Role.ADMIN),
]


def furnish(session: Session, moment: datetime) -> None:
    """Put a tree of four levels below the company's department, with one that ends and one that has ended."""
    above = session.scalars(select(Department).where(Department.code == "IT")).one()
    touchpoint(session, above, "web")
    for code, name in (("ORG-1", "Arbeitsplätze"), ("ORG-2", LONG_NAME), ("ORG-3", "Empfang")):
        above = department(session, code, name=name, parent=above, head_email=f"{code.lower()}@example.com")
    top = department(session, "ORG", name="Hausdienste", staff_count=1250, valid_to=moment + timedelta(days=40))
    department(session, "ORG-OLD", parent=top, successor_id=top.id, valid_to=moment - timedelta(days=400))
