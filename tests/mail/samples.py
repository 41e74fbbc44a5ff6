"""One sample of every mail in every language; the approved files are made of these. Company and names are invented."""

from datetime import date
from typing import Any

from app.domain.instruments import wording
from app.mail.content import (
    AskedRequest,
    ClosedCase,
    Mail,
    ScorecardMail,
    ScorecardSentences,
    SurveyLinks,
    break_glass,
    closed_case,
    contacts,
    data_exported,
    invitation,
    reminder,
    role_given,
    scorecard,
    sign_in_link,
    small_department,
    way_in_changed,
)

LANGUAGES = ("en", "ru", "pl", "de", "es")
MESSAGES = (
    "invitation",
    "reminder",
    "sign_in_link",
    "scorecard",
    "small_department",
    "contacts",
    "closed_case",
    "break_glass",
    "way_in_changed",
    "role_given",
    "data_exported",
)
BASE = "https://parity.halden.example"
CHART = b"\x89PNG\r\n\x1a\n" + b"a picture" * 20
PDF = b"%PDF-1.7\n" + b"a document" * 20

ASKED = {
    "en": ("Ines Almeida", "VPN access from home drops every few minutes", "IT Support"),
    "de": (
        "Maximiliane Hohenberger-Lindström",
        "Zugriffsberechtigung für das Auftragsverwaltungssystem der Niederlassung Nord",
        "Informationstechnik und Arbeitsplatzservice",
    ),
    "ru": ("Ирина Петрова", "Не открывается доступ к общей папке отдела закупок", "ИТ-поддержка"),
    "pl": ("Zofia Wiśniewska", "Drukarka na trzecim piętrze nie drukuje", "Wsparcie IT"),
    "es": ("Inés Almeida", "El acceso VPN desde casa se corta cada pocos minutos", "Soporte informático"),
}

WORDS = {
    "en": "We moved you to the new gateway on Monday.\nIt has not dropped since; tell me if it does.",
    "de": "Ihr Zugang läuft seit Montag über den neuen Knoten.\nSeither gab es keine Störung; sonst bitte melden.",
    "ru": "С понедельника доступ работает через новый сервер.\nСбоев больше не было; если повторится, напишите мне.",
    "pl": "Od poniedziałku drukarka ma nowy sterownik.\nDziała bez przerw; jeśli znów przestanie, proszę dać znać.",
    "es": "Desde el lunes su acceso pasa por la nueva pasarela.\nNo ha vuelto a cortarse; si ocurre, avíseme.",
}

SENTENCES = {
    "en": ScorecardSentences(
        finding="Colleagues are less satisfied with IT Support than customers: 72% against 87%.",
        doubt=(
            "The gap of 15 points (5 to 27) is more than chance would explain.",
            "Against last quarter nothing has clearly changed.",
        ),
        action="Start with the time it took.",
        reason="It is furthest below target: 58% against 80%. Give each request an expected date within a day.",
        items={
            "csat_overall": "Overall",
            "timeliness": "The time it took",
            "result_quality": "Quality of the result",
            "communication": "Communication",
        },
        period="July to September 2026",
        next_scorecard="January 2027",
    ),
    "de": ScorecardSentences(
        finding="Mit „IT Support“ ist man im Haus weniger zufrieden als bei den Kunden: 72 % gegenüber 87 %.",
        doubt=(
            "Der Abstand von 15 Punkten (5 bis 27) ist größer, als der Zufall erklärt.",
            "Gegenüber dem letzten Quartal hat sich nichts klar verändert.",
        ),
        action="Beginnen Sie mit der Bearbeitungsdauer.",
        reason="Sie liegt am weitesten unter dem Ziel: 58 % gegenüber 80 %. Nennen Sie binnen eines Tages ein Datum.",
        items={
            "csat_overall": "Insgesamt",
            "timeliness": "Bearbeitungsdauer",
            "result_quality": "Qualität des Ergebnisses",
            "communication": "Kommunikation während der Bearbeitung",
        },
        period="Juli bis September 2026",
        next_scorecard="Januar 2027",
    ),
    "ru": ScorecardSentences(
        finding="Коллеги довольны меньше, чем клиенты: «IT Support», 72 % против 87 %.",
        doubt=(
            "Разрыв в 15 пунктов (от 5 до 27) больше, чем объяснила бы случайность.",
            "По сравнению с прошлым кварталом ясных изменений нет.",
        ),
        action="Начните со срока выполнения.",
        reason="Он дальше всего от цели: 58 % при цели 80 %. В течение дня называйте ожидаемую дату по каждой заявке.",
        items={
            "csat_overall": "В целом",
            "timeliness": "Срок выполнения",
            "result_quality": "Качество результата",
            "communication": "Информирование о ходе работы",
        },
        period="июль–сентябрь 2026",
        next_scorecard="январь 2027",
    ),
    "pl": ScorecardSentences(
        finding="Zadowolenie w firmie jest niższe niż u klientów: „IT Support”, 72% wobec 87%.",
        doubt=(
            "Różnica 15 punktów (od 5 do 27) jest większa, niż tłumaczyłby przypadek.",
            "Wobec poprzedniego kwartału nic się wyraźnie nie zmieniło.",
        ),
        action="Zacznij od czasu realizacji.",
        reason="Jest najdalej od celu: 58% wobec 80%. W ciągu dnia podawaj przewidywany termin każdego zgłoszenia.",
        items={
            "csat_overall": "Ogółem",
            "timeliness": "Czas realizacji",
            "result_quality": "Jakość rezultatu",
            "communication": "Komunikacja w trakcie realizacji",
        },
        period="lipiec–wrzesień 2026",
        next_scorecard="styczeń 2027",
    ),
    "es": ScorecardSentences(
        finding="Los colegas están menos satisfechos que los clientes: «IT Support», 72 % frente a 87 %.",
        doubt=(
            "La diferencia de 15 puntos (5 a 27) es mayor de lo que explicaría el azar.",
            "Frente al trimestre anterior nada ha cambiado con claridad.",
        ),
        action="Empiece por el tiempo de resolución.",
        reason="Es lo más alejado del objetivo: 58 % frente a 80 %. Dé una fecha prevista en un día.",
        items={
            "csat_overall": "En general",
            "timeliness": "Tiempo de resolución",
            "result_quality": "Calidad del resultado",
            "communication": "Comunicación durante el proceso",
        },
        period="julio a septiembre de 2026",
        next_scorecard="enero de 2027",
    ),
}


def links(language: str) -> SurveyLinks:
    """Links with a token of the real length."""
    return SurveyLinks(page=f"{BASE}/s/{'AbCd' * 11}", language=language)


def asked(language: str, **changes: Any) -> AskedRequest:
    """A finished request; `changes` replace fields."""
    name, title, department = ASKED[language]
    fields: dict[str, Any] = {
        "recipient_name": name,
        "title": title,
        "department": department,
        "reference": "IT-4821",
        "completed_on": date(2026, 7, 14),
        "expires_on": date(2026, 7, 22),
        "released_on": date(2026, 10, 29),
        "minimum_group_size": 5,
        "quarter_cap": 3,
    }
    return AskedRequest(**{**fields, **changes})


def interval(share: float, lower: float, upper: float, n: Any, answers: Any, method: str = "wilson") -> dict[str, Any]:
    """An interval as the scorecard document holds it."""
    return {"estimate": share, "lower": lower, "upper": upper, "n": n, "answers": answers, "method": method}


def document() -> dict[str, Any]:
    """A frozen document with the parts that the mail shows."""
    inside = {
        "csat_overall": (0.72, 0.60, 0.81),
        "timeliness": (0.58, 0.46, 0.69),
        "result_quality": (0.81, 0.69, 0.89),
        "communication": (0.64, 0.51, 0.75),
    }
    outside = {
        "csat_overall": (0.87, 0.83, 0.90),
        "timeliness": (0.83, 0.79, 0.87),
        "result_quality": (0.88, 0.84, 0.91),
        "communication": (0.79, 0.74, 0.83),
    }
    gaps = {
        "csat_overall": (-0.15, -0.27, -0.05, "worse"),
        "timeliness": (-0.25, -0.37, -0.13, "worse"),
        "result_quality": (-0.07, -0.20, 0.02, "no_evidence"),
        "communication": (0.15, 0.03, 0.28, "better"),
    }
    return {
        "schema": "parity.scorecard/1",
        "department": {"code": "it-support", "name": "IT Support"},
        "period": "2026-Q3",
        "revision": 1,
        "frozen_at": "2026-10-16T00:00:00+00:00",
        "digest": "sha256:4f1c" + "0" * 56 + "9a02",
        "funnel": {"response_rate": interval(0.44, 0.36, 0.52, 132, 132)},
        "internal": {item: {"top_two_box": interval(*values, 58, 64)} for item, values in inside.items()},
        "external": {
            "touchpoints": [],
            **{item: {"top_two_box": interval(*values, 318, 318)} for item, values in outside.items()},
        },
        "gap": {
            item: {"comparability": "A", "top_two_box": interval(*gap[:3], [58, 318], [64, 318]), "verdict": gap[3]}
            for item, gap in gaps.items()
        },
    }


def scorecard_mail(language: str, **changes: Any) -> ScorecardMail:
    """Everything of one scorecard mail; `changes` replace fields."""
    fields: dict[str, Any] = {
        "language": language,
        "document": document(),
        "sentences": SENTENCES[language],
        "chart": CHART,
        "pdf": PDF,
        "link": f"{BASE}/scorecards/2026-Q3/it-support",
        "methods_link": f"{BASE}/methods",
        "waiting": 1,
    }
    return ScorecardMail(**{**fields, **changes})


def thin_document() -> dict[str, Any]:
    """Return the long words of few answers: too few for a verdict, not comparable, 5 to 9 people."""
    thin = document()
    thin["gap"]["timeliness"] = {"comparability": "A", "verdict": "too_few"}
    thin["gap"]["result_quality"] = {"comparability": "D", "verdict": "not_comparable"}
    thin["internal"]["timeliness"] = {"top_two_box": interval(0.57, 0.39, 0.73, 28, 30)}
    thin["internal"]["result_quality"] = {"top_two_box": interval(0.6, 0.3, 0.9, 8, 9, "wilson_coarse")}
    return thin


def closed(language: str) -> Mail:
    """The matter of the request is closed, and the head adds something."""
    name, title, department = ASKED[language]
    words = {"word": WORDS[language], "head_name": "Bob Head", "head_email": "bob.head@halden.example"}
    return closed_case(ClosedCase(recipient_name=name, department=department, request=title, **words), language)


def glass_broken(language: str) -> Mail:
    """Somebody came in by a command on the server."""
    told = {"recipient_name": "Tomasz Lind", "who": "carol@halden.example", "at": "2026-11-17 09:30 UTC"}
    return break_glass(language=language, log=f"{BASE}/admin/log", **told)


def way_changed(language: str) -> Mail:
    """Somebody's way to sign in changed."""
    told = {"recipient_name": "Tomasz Lind", "change": "code_removed", "at": "2026-11-17 09:30 UTC"}
    return way_in_changed(language=language, account=f"{BASE}/account", **told)


def given_role(language: str) -> Mail:
    """Carol made somebody HR, who was given departments as well."""
    told: dict[str, Any] = {"who": "mallory@halden.example", "by": "carol@halden.example", "at": "2026-11-17 09:30 UTC"}
    return role_given(language=language, recipient_name="Helen Hum", given=["hr", "head", "departments"], **told)


def exported(language: str) -> Mail:
    """Carol made a file of what is held about somebody."""
    told = {"by": "carol@halden.example", "at": "2026-11-17 09:30 UTC"}
    return data_exported(language=language, recipient_name="Tomasz Lind", **told)


def sample(message: str, language: str) -> Mail:
    """The sample of `message` in `language`."""
    if message in {"invitation", "reminder"}:
        ask = {"invitation": invitation, "reminder": reminder}[message]
        return ask(asked(language), links(language), wording(language))
    told = {
        "break_glass": glass_broken,
        "closed_case": closed,
        "way_in_changed": way_changed,
        "role_given": given_role,
        "data_exported": exported,
    }
    if message in told:
        return told[message](language)
    if message == "sign_in_link":
        link = f"{BASE}/sign-in/{'Ef' * 22}"
        return sign_in_link(language=language, recipient_name="Bob Head", link=link, minutes=15)
    if message == "scorecard":
        return scorecard(scorecard_mail(language))
    if message == "contacts":
        return contacts(
            language=language,
            recipient_name="Bob Head",
            departments=("IT Service Desk", "IT Support"),
            count=2,
            since=date(2026, 11, 24),
            link=f"{BASE}/contacts",
        )
    return small_department(
        language=language,
        recipient_name="Bob Head",
        department="Legal",
        parent="Finance",
        minimum_group_size=5,
        period=SENTENCES[language].period,
        link=f"{BASE}/who-sees-what",
    )
