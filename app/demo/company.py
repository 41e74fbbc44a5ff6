"""Who works at Halden, an invented company: departments in a tree and 1,600 people in five languages."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from app.demo.names import names_by_language
from app.domain.states import Role
from app.imports.departments import DepartmentRow
from app.imports.people import PersonRow

DOMAIN = "halden.example"
SHOWN = "ITDESK"  # whose head's scorecard guides and pictures show; that head speaks English
# One department of each kind that a scorecard has to be fair to; tests keep them so, `make pictures` draws them.
KINDS = MappingProxyType(
    {
        "large": "FINANCE",  # exact to the per cent, everything may be shown
        "small": "FLEET",  # 5 to 9 people: words instead of numbers
        "hidden": "TRANSL",  # too few people: nothing may be shown
        "watermelon": "ITDESK",  # green by the clock, red in the experience
        "not-comparable": "BILLING",  # customers were asked something else (class D)
    }
)
LANGUAGES = ("en", "de", "pl", "ru", "es")
LANGUAGE_SHARES = (0.36, 0.28, 0.14, 0.12, 0.10)
OFFICES = (  # who stands beside the departments
    (Role.HR, f"helga.lindner@{DOMAIN}", "Helga Lindner"),
    (Role.ADMIN, f"kate.marlow@{DOMAIN}", "Kate Marlow"),
    (Role.AUDITOR, f"nils.eschbach@{DOMAIN}", "Nils Eschbach"),
)


@dataclass(frozen=True)
class Place:
    """A department: its staff, and how much of the company's asking it does (0: nobody there asks)."""

    code: str
    name: str
    parent: str | None
    staff: int
    touchpoints: tuple[tuple[str, float], ...] = ()


# Fewer and larger departments than most companies have, so that who serves whom can be shown.
PLACES = (
    Place("HALDEN", "Halden", None, 0),
    Place("IT", "Information Technology", "HALDEN", 6),
    Place("ITDESK", "IT Service Desk", "IT", 50, (("portal", 1.0),)),
    Place("ITAPPS", "Business Applications", "IT", 44, (("portal", 0.4), ("shop", 0.6))),
    Place("ITNET", "Networks and Workplaces", "IT", 30),
    Place("FINANCE", "Finance", "HALDEN", 6, (("account", 1.0),)),
    Place("PAYROLL", "Payroll and Travel Expenses", "FINANCE", 24),
    Place("BILLING", "Billing", "FINANCE", 84, (("invoice", 1.0),)),
    Place("PURCHASE", "Purchasing", "FINANCE", 32, (("supplier-portal", 1.0),)),
    Place("PEOPLE", "People and Culture", "HALDEN", 6),
    Place("RECRUIT", "Recruiting", "PEOPLE", 18),
    Place("TRAIN", "Training", "PEOPLE", 12),
    Place("SITE", "Site Services", "HALDEN", 5),
    Place("FACILITY", "Facilities", "SITE", 60),
    Place("FLEET", "Fleet", "SITE", 9),
    Place("LEGAL", "Legal", "HALDEN", 3),
    Place("TRANSL", "Translation Office", "HALDEN", 6),
    Place("MARKET", "Market", "HALDEN", 8),
    Place("SUPPORT", "Customer Support", "MARKET", 213, (("hotline", 1.0),)),
    Place("LOGIST", "Logistics", "MARKET", 138, (("delivery", 1.0),)),
    Place("SALES", "Sales", "MARKET", 295),
    Place("PLANT", "Production", "HALDEN", 390),
    Place("LAB", "Research and Development", "HALDEN", 161),
)


@dataclass(frozen=True)
class Employee:
    """Somebody at Halden. `appetite` says how often they ask for things, `leniency` how they judge."""

    email: str
    name: str
    department: str
    language: str
    appetite: float
    leniency: float


def employees(rng: np.random.Generator) -> list[Employee]:
    """Return the company's people; heads come first in their department. No two have the same name."""
    homes = [place.code for place in PLACES for _ in range(place.staff)]
    count = len(homes)
    tongues = rng.choice(LANGUAGES, size=count, p=LANGUAGE_SHARES)
    appetites = rng.lognormal(0, 0.7, size=count)  # a few ask all the time, most now and then
    leniencies = rng.normal(0, 0.45, size=count)
    names = names_by_language(frozenset(name for _, _, name in OFFICES), rng)
    people = []
    for number, (home, tongue) in enumerate(zip(homes, tongues, strict=True)):
        language = "en" if home == SHOWN and home not in homes[:number] else str(tongue)
        people.append(
            Employee(
                email=f"{home.lower()}-{number:03d}@{DOMAIN}",
                name=next(names[language]),
                department=home,
                language=language,
                appetite=float(appetites[number]),
                leniency=float(leniencies[number]),
            )
        )
    return people


def heads(people: list[Employee]) -> dict[str, str]:
    """Return the address of each department's head; HALDEN itself has none, so its scorecard goes to HR."""
    found: dict[str, str] = {}
    for person in people:
        found.setdefault(person.department, person.email)
    return found


def department_rows(people: list[Employee]) -> list[DepartmentRow]:
    """Return the departments as rows of an import; staff counts are those of the whole subtree."""
    leading = heads(people)
    given = frozenset({"code", "name", "parent_code", "head_email", "staff_count", "touchpoints"})
    return [
        DepartmentRow(
            line=line,
            given=given,
            code=place.code,
            name=place.name,
            parent_code=place.parent,
            head_email=leading.get(place.code),
            staff_count=_staff_below(place.code),
            touchpoints=place.touchpoints or None,
        )
        for line, place in enumerate(PLACES, start=2)
    ]


def _staff_below(code: str) -> int:
    own = next(place.staff for place in PLACES if place.code == code)
    return own + sum(_staff_below(place.code) for place in PLACES if place.parent == code)


def person_rows(people: list[Employee]) -> list[PersonRow]:
    """Return the people as rows of an import."""
    given = frozenset({"email", "name", "department_code", "language"})
    return [
        PersonRow(
            line=line,
            given=given,
            email=person.email,
            name=person.name,
            department_code=person.department,
            language=person.language,
        )
        for line, person in enumerate(people, start=2)
    ]
