"""The sign-in form with the other ways in that this installation has, each a link below it."""

from flask import Response, url_for

from app.foundations.languages import gettext
from app.foundations.passkeys import House
from app.web.frame import staff as frame
from app.web.frame.installation import settings


def ask_page(*, email: str = "", complaint: str = "", trouble: str = "", status: int = 200) -> Response:
    """Render the form; `complaint` is about the address, `trouble` about another way that did not work."""
    values = {"email": email, "complaint": complaint, "trouble": trouble, "ways": _ways()}
    return frame.page("signing_in/ask.html", status=status, **values)


def provider_in_words() -> str:
    """Return what the button of the identity provider says."""
    name = settings().oidc.name
    return gettext("Sign in with %(name)s", name=name) if name else gettext("Sign in with your company account")


def _ways() -> list[tuple[str, str]]:
    found = []
    if settings().oidc.issuer:
        found.append((url_for("sign_in_oidc.begin"), provider_in_words()))
    if settings().passwords:
        found.append((url_for("sign_in_password.ask"), gettext("Sign in with a password")))
    if house() is not None:
        found.append((url_for("sign_in_passkey.ask"), gettext("Sign in with a passkey")))
    return found


def house() -> House | None:
    """Return the site that passkeys are for; None where people reach it by number."""
    return House.at(settings().base_url, settings().full_name)
