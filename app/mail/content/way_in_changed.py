"""The mail that tells somebody that a way to sign in with their address was added or taken away."""

from app.foundations.languages import gettext, mark, speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import greeting
from app.mail.render import render

#: What happened, at a time.
SENTENCES = {
    "password_set": mark("A password was set at %(at)s."),
    "password_removed": mark("The password was taken away at %(at)s."),
    "code_set": mark("Codes from an app were switched on at %(at)s."),
    "code_removed": mark("Codes from an app were switched off at %(at)s."),
    "passkey_set": mark("A passkey was added at %(at)s."),
    "passkey_removed": mark("A passkey was taken away at %(at)s."),
    "api_key_made": mark("A key with which a program acts as you was made at %(at)s."),
    "company_account_forgotten": mark("An administrator let another company account come in as you, at %(at)s."),
}


def way_in_changed(*, language: str, recipient_name: str, change: str, at: str, account: str) -> Mail:
    """Say what changed and when, and what to do if it was somebody else. Raises KeyError for an unknown change."""
    with speaking(language):
        sentence = gettext(SENTENCES[change], at=at)
        params = {"greeting": greeting(recipient_name), "sentence": sentence, "account": account}
    rendered = render("way_in_changed", language, params)
    return Mail(
        message="way_in_changed",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )
