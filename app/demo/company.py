"""Who works at Halden, an invented company: departments in a tree and 600 people in five languages."""

from dataclasses import dataclass

import numpy as np

from app.imports.departments import DepartmentRow
from app.imports.people import PersonRow

DOMAIN = "halden.example"
PEOPLE = 600
SHOWN = "ITDESK"  # whose head's scorecard guides and pictures show; that head speaks English
LANGUAGES = ("en", "de", "pl", "ru", "es")
LANGUAGE_SHARES = (0.36, 0.28, 0.14, 0.12, 0.10)


@dataclass(frozen=True)
class Place:
    """A department: its staff, and how much of the company's asking it does (0: nobody there asks)."""

    code: str
    name: str
    parent: str | None
    staff: int
    touchpoints: tuple[tuple[str, float], ...] = ()


PLACES = (
    Place("HALDEN", "Halden", None, 0),
    Place("IT", "Information Technology", "HALDEN", 6),
    Place("ITDESK", "IT Service Desk", "IT", 24, (("portal", 1.0),)),
    Place("ITAPPS", "Business Applications", "IT", 22, (("portal", 0.4), ("shop", 0.6))),
    Place("ITNET", "Networks and Workplaces", "IT", 16),
    Place("FINANCE", "Finance", "HALDEN", 5),
    Place("PAYROLL", "Payroll and Travel Expenses", "FINANCE", 12),
    Place("BILLING", "Billing", "FINANCE", 24, (("invoice", 1.0),)),
    Place("PURCHASE", "Purchasing", "FINANCE", 14, (("supplier-portal", 1.0),)),
    Place("PEOPLE", "People and Culture", "HALDEN", 5),
    Place("RECRUIT", "Recruiting", "PEOPLE", 12),
    Place("TRAIN", "Training", "PEOPLE", 9),
    Place("SITE", "Site Services", "HALDEN", 4),
    Place("FACILITY", "Facilities", "SITE", 20),
    Place("FLEET", "Fleet", "SITE", 8),
    Place("LEGAL", "Legal", "HALDEN", 3),
    Place("MARKET", "Market", "HALDEN", 8),
    Place("SUPPORT", "Customer Support", "MARKET", 62, (("hotline", 1.0),)),
    Place("LOGIST", "Logistics", "MARKET", 58, (("delivery", 1.0),)),
    Place("SALES", "Sales", "MARKET", 96),
    Place("PLANT", "Production", "HALDEN", 132),
    Place("LAB", "Research and Development", "HALDEN", 60),
)

_FIRST = {
    "en": "Alice Brian Clara Dylan Edith Frank Grace Harry Irene Jack Kate Liam Maeve Nigel Olive Peter".split(),
    "de": "Anke Bernd Carla Dirk Elke Florian Gesa Holger Ines Jonas Katja Lars Maren Nils Petra Ralf".split(),
    "pl": "Agata Bartosz Celina Damian Ewa Filip Grażyna Hubert Iga Jakub Kinga Łukasz Marta Norbert Ola Piotr".split(),
    "ru": "Алла Борис Вера Глеб Дарья Егор Жанна Захар Инна Кирилл Лидия Матвей Нина Олег Полина Роман".split(),
    "es": "Ana Bruno Carmen Diego Elena Félix Gloria Hugo Inés Javier Lola Martín Nuria Óscar Pilar Raúl".split(),
}
_LAST = {
    "en": "Ashdown Birch Calder Dunmore Elwood Fenwick Garland Hartwell Kingsley Lorimer Marlow Norcott".split(),
    "de": "Ahrendt Brinkmann Cordes Dahlke Eschbach Fechner Gehrke Hollweg Kessler Lindner Moers Osei".split(),
    "pl": "Adamiec Borkowski Cieślak Dudek Frankowski Gajda Jasiński Kalinowski Lis Mazurek Nowicki Pawlak".split(),
    "ru": "Аверин Белов Воронцов Громов Демидов Ершов Жилин Зимин Калугин Ларин Морозов Орлов".split(),
    "es": "Alarcón Benítez Cárdenas Duarte Escobar Fuentes Galván Herrera Ibarra Lozano Molina Nieto".split(),
}


def _last_name(language: str, first: str, last: str) -> str:
    """Return a family name as it goes with a first name: women's names end in -a in both languages."""
    is_woman = first.endswith(("a", "а", "я"))
    if language == "ru" and is_woman:
        return f"{last}а"
    if language == "pl" and is_woman and last.endswith("ki"):
        return f"{last[:-1]}a"
    return last


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
    """Return the company's people; heads come first in their department."""
    homes = [place.code for place in PLACES for _ in range(place.staff)]
    count = len(homes)
    tongues = rng.choice(LANGUAGES, size=count, p=LANGUAGE_SHARES)
    appetites = rng.lognormal(0, 0.7, size=count)  # a few ask all the time, most now and then
    leniencies = rng.normal(0, 0.45, size=count)
    people = []
    for number, (home, tongue) in enumerate(zip(homes, tongues, strict=True)):
        language = "en" if home == SHOWN and home not in homes[:number] else str(tongue)
        first = _FIRST[language][int(rng.integers(len(_FIRST[language])))]
        last = _LAST[language][int(rng.integers(len(_LAST[language])))]
        people.append(
            Employee(
                email=f"{home.lower()}-{number:03d}@{DOMAIN}",
                name=f"{first} {_last_name(language, first, last)}",
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
