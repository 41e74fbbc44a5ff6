"""The mail that tells the other administrators that somebody came in by a command on the server."""

from app.foundations.languages import speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import greeting
from app.mail.render import one_line, render


def break_glass(*, language: str, recipient_name: str, who: str, at: str, log: str) -> Mail:
    """Say who got the link and when, and what to do where nobody knows of it."""
    with speaking(language):
        params = {"greeting": greeting(recipient_name), "who": one_line(who), "at": at, "log": log}
    rendered = render("break_glass", language, params)
    return Mail(
        message="break_glass",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )
