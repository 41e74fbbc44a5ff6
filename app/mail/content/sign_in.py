"""The mail with a one-time sign-in link for staff."""

from app.foundations.languages import ngettext, speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import greeting
from app.mail.render import render


def sign_in_link(*, language: str, recipient_name: str, link: str, minutes: int) -> Mail:
    """Send the link that `/sign-in` was asked for; it works once, for `minutes`."""
    with speaking(language):
        params = {
            "greeting": greeting(recipient_name),
            "link": link,
            "lifetime": ngettext(
                "The link works once and for %(num)s minute.", "The link works once and for %(num)s minutes.", minutes
            ),
        }
    rendered = render("sign_in_link", language, params)
    return Mail(
        message="sign_in_link",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )
