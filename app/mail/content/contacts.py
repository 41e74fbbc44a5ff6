"""The mail that tells a head that colleagues asked to be contacted: departments and a count, never a person."""

from datetime import date

from app.foundations import formats
from app.foundations.languages import pgettext, speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import greeting
from app.mail.render import render


def contacts(
    *, language: str, recipient_name: str, departments: tuple[str, ...], count: int, since: date, link: str
) -> Mail:
    """Tell how many wait for a word of these departments, the longest `since`; who they are stands behind `link`."""
    with speaking(language):
        params = {
            "greeting": greeting(recipient_name),
            "departments": pgettext("between departments", ", ").join(departments),
            "count": count,
            "since": formats.day(since),
            "link": link,
        }
    rendered = render("contacts", language, params)
    return Mail(
        message="contacts",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )
