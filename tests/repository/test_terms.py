"""One term, one word, where the word to avoid has another meaning in which it stays."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po


@dataclass(frozen=True)
class Term:
    """How a term of the glossary is not said where the English sentence has it, and the sentences that may."""

    language: str
    english: str
    avoided: str
    exceptions: dict[str, str] = field(default_factory=dict)  # English sentence -> why


TERMS = [
    Term(
        "ru",
        r"requests?",
        r"[Зз]апрос(а|у|ом|е|ы|ов|ам|ами|ах)?",
        {"the field Request Type of Service Management": "Jira's own name of the field"},
    ),
    Term("ru", r"requesters?", r"([Аа]втор|[Зз]аказчик|[Ии]нициатор)\w*"),
    Term(
        "de",
        r"trackers?|sources?",
        r"Trackers?",
        {"Yandex Tracker knows us: %(name)s": "the name of the product"},
    ),
    Term("de", r".*", r"(?<!E-)Mail\w*|\w*[a-zäöüß]mails?"),
    Term("ru", r"departments?", r"[Оо]тдел(а|у|ом|е|ы|ов|ам|ами|ах)?(?! персонала)"),
    Term(
        "pl",
        r"trackers?",
        r"[Tt]racker(a|u|em|y|ów|om|ach)?",
        {"Yandex Tracker knows us: %(name)s": "the name of the product"},
    ),
    Term("ru", r"workers?", r"[Оо]бработчик\w*"),
    Term("pl", r"workers?", r"[Pp]roces\w* robocz\w*"),
    Term("de", r"workers?", r"Workers?"),
    Term("es", r"workers?", r"[Pp]rocesos? de (trabajo|fondo)"),
    Term("es", r"colleagues?", r"[Cc]ompañer[oa]s?"),
    Term(
        "de",
        r"scores?",
        r"Noten?|Kundennoten?",
        {
            "%(rate)s thanks per 100 answers (between %(lower)s and %(upper)s). They are no score.": "as in school",
        },
    ),
]


@cache
def said(language: str) -> tuple[tuple[str, str], ...]:
    """Return each English sentence with each form of its translation, without placeholders."""
    return tuple(_said(language))


def _said(language: str) -> Iterator[tuple[str, str]]:
    for path in sorted(Path("translations", language).glob("*.po")):
        with path.open("rb") as file:
            messages = [message for message in read_po(file) if message.id]
        for message in messages:
            english = message.id if isinstance(message.id, str) else message.id[-1]
            forms = (message.string,) if isinstance(message.string, str) else message.string or ()
            yield from ((english, re.sub(r"%\(\w+\)[a-z]|\{.*\}", "", form)) for form in forms)


def broken(term: Term, sentences: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the sentences that say the term with the word to avoid."""
    return [
        (english, form)
        for english, form in sentences
        if re.search(rf"\b({term.english})\b", english, re.IGNORECASE) and re.search(rf"\b({term.avoided})\b", form)
    ]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.language} {term.english}")
def test_a_term_is_said_with_its_one_word(term: Term) -> None:
    assert {english for english, _ in broken(term, said(term.language))} == set(term.exceptions)


@pytest.mark.parametrize(
    ("number", "english", "form"),
    [
        (0, "2 requests completed.", "Выполнено 2 запроса."),
        (1, "The requester is asked.", "Автор заявки получает приглашение."),
        (2, "tracker added", "Tracker hinzugefügt"),
        (3, "The worker writes the mails.", "Die Mails werden geschrieben."),
        (3, "No mail server is set.", "Kein Mailserver ist eingestellt."),
        (3, "Test mail to yourself", "Testmail an Sie selbst"),
        (4, "Choose a department.", "Выберите отдел."),
        (4, "Departments", "Отделы"),
    ],
)
def test_the_word_to_avoid_is_found(number: int, english: str, form: str) -> None:
    assert broken(TERMS[number], [(english, form)]) == [(english, form)]


@pytest.mark.parametrize(
    ("number", "english", "form"),
    [
        (0, "calls us and can be asked", "вызывает нас и отвечает на запросы"),
        (0, "ask for it at most 2 requests a minute", "запросите не больше двух заявок в минуту"),
        (2, "call flask trackers add", "rufen Sie flask trackers add auf"),
        (3, "The mail server takes e-mail.", "Der E-Mail-Server nimmt E-Mails an."),
        (4, "HR is a department, too", "отдел персонала — тоже подразделение"),
        (4, "departments one by one", "подразделения по отдельности"),
    ],
)
def test_the_right_word_and_the_other_meaning_stay(number: int, english: str, form: str) -> None:
    assert broken(TERMS[number], [(english, form)]) == []
