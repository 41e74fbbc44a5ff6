"""The mail that tells somebody that everything held about them was made into a file."""

from app.foundations.languages import speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import greeting
from app.mail.render import one_line, render


def data_exported(*, language: str, recipient_name: str, by: str, at: str) -> Mail:
    """Say who made the file and when, and what to do if the person never asked for it."""
    with speaking(language):
        params = {"greeting": greeting(recipient_name), "by": one_line(by), "at": at}
    rendered = render("data_exported", language, params)
    return Mail(
        message="data_exported",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )
