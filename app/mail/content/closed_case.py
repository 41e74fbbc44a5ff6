"""The mail that tells a requester what became of the contact they asked for: once, nothing of what they answered."""

from dataclasses import dataclass

from app.foundations.languages import speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import SUBJECT_TITLE_LENGTH, TITLE_LENGTH, greeting
from app.mail.render import one_line, render, shorten


@dataclass(frozen=True, kw_only=True)
class ClosedCase:
    """What the mail says; who closed the case may be unknown, and may have had nothing to add."""

    recipient_name: str
    department: str
    request: str
    word: str = ""
    head_name: str = ""
    head_email: str = ""


def closed_case(case: ClosedCase, language: str) -> Mail:
    """Say that the department has closed the case, what its head adds, and how to say that something is open."""
    with speaking(language):
        params = {
            "greeting": greeting(case.recipient_name),
            "department": one_line(case.department),
            "title": shorten(case.request, TITLE_LENGTH),
            "short_title": shorten(case.request, SUBJECT_TITLE_LENGTH),
            "word": [line.strip() for line in case.word.splitlines() if line.strip()],
            "head": one_line(case.head_name or case.head_email),
            "email": case.head_email,
        }
    rendered = render("closed_case", language, params)
    return Mail(
        message="closed_case",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )
