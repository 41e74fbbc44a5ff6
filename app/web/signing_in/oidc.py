"""`/sign-in/oidc`: to the company's identity provider and back. Its answer is checked on GET, which writes nothing;
a POST of the page that stands there opens the session.

Somebody who cannot come in this way is always shown the way by mail.
"""

import logging
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, session

from app.domain.auditing import IDENTITY_PROVIDER, Act
from app.domain.states import Role, WayIn
from app.foundations.http import Client, Doors
from app.foundations.languages import gettext, spoken
from app.foundations.oidc import (
    AddressNotVouchedFor,
    Attempt,
    Identity,
    IdentityProvider,
    ProviderIsAway,
    SignInRefused,
)
from app.models.base import db
from app.upkeep.audit import log as audit
from app.upkeep.rights.given_roles import tell_of_role
from app.upkeep.rights.oidc_accounts import AnotherCompanyAccount, Arrival, let_in, roles_of
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.cookie import IDENTITY, OIDC
from app.web.frame.installation import now, settings
from app.web.organisation.sight import sight_told
from app.web.signing_in.entering import enter
from app.web.signing_in.ways import ask_page, provider_in_words

CALLBACK = "/sign-in/oidc/callback"
GOOD_FOR = timedelta(seconds=60)  # from the provider's answer to the button
PATIENCE = timedelta(minutes=15)  # from here to the provider's answer

pages = Blueprint("sign_in_oidc", __name__)
frame.frame(pages, Who.ANYBODY)

log = logging.getLogger(__name__)


@pages.get("/sign-in/oidc")
def begin() -> Any:
    """Lead to the provider's own page."""
    try:
        address, attempt = _provider().start(now=now())
    except ProviderIsAway as error:
        return _is_away(error)
    session[OIDC] = {**vars(attempt), "at": now().timestamp()}
    return redirect(address, 303)


@pages.get(CALLBACK)
def callback() -> Any:
    """Check the provider's answer and show the button; loaded again within its minute, it is not asked again."""
    provider, begun, known = _provider(), session.get(OIDC), _told()
    if known is not None and known["state"] == request.args.get("state"):
        return frame.page("signing_in/one_more_press.html", action=CALLBACK)
    if begun is None or _is_over(begun["at"], PATIENCE):
        return _refused("begun elsewhere, or too long ago")
    attempt = Attempt(begun["state"], begun["nonce"], begun["verifier"])
    try:
        identity = provider.finish(request.query_string.decode("ascii", "replace"), attempt, now=now())
    except ProviderIsAway as error:
        return _is_away(error)
    except AddressNotVouchedFor as error:
        return _not_vouched_for(error)
    except SignInRefused as error:
        return _refused(str(error))
    del session[OIDC]
    session[IDENTITY] = _to_tell(identity, attempt.state)
    return frame.page("signing_in/one_more_press.html", action=CALLBACK)


@pages.post(CALLBACK)
def press() -> Any:
    """Set the roles that the provider gives, and begin a session."""
    told = _told()
    if told is None:
        return _refused("pressed too late")
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.page("signing_in/one_more_press.html", action=CALLBACK, status=400)
    roles = frozenset(map(Role, told["roles"]))
    who = Arrival(settings().oidc.issuer, told["subject"], told["email"], told["name"], roles)
    try:
        with sight_told(by=IDENTITY_PROVIDER, role_of=who.email):
            entered = let_in(db.session(), who, now=now())
    except AnotherCompanyAccount:
        db.session.rollback()
        return _another_account(who.email)
    if entered.given or entered.taken:
        subject = audit.by_staff(db.session(), told["email"])
        changes = {"given": list(entered.given), "taken": list(entered.taken)}
        audit.note(db.session(), IDENTITY_PROVIDER, Act.STAFF_CHANGED, subject, changes, now=now())
        _tell_of_results(who.email, entered.given)
    if entered.is_last_administrator:
        log.warning(
            "staff:%s is in no group of administrators any more and stays the last one",
            entered.staff.id if entered.staff else None,
        )
    if entered.staff is None:
        db.session.commit()
        return _stranger(told["email"])
    del session[IDENTITY]
    answer = enter(entered.staff, WayIn.OIDC)
    if entered.given or entered.taken:
        frame.hint("deliver_mail")
    return answer


def _tell_of_results(email: str, given: Collection[Role]) -> None:
    """Mail that a group gave a role which sees results, as when somebody gives it on a page."""
    if Role.HR in given:
        words = {"by": IDENTITY_PROVIDER, "language": spoken()}
        tell_of_role(db.session(), email, ["group"], **words, zone=settings().time_zone, now=now())


def _provider() -> IdentityProvider:
    """Return the provider of this installation, made once a process; 404 where there is none."""
    ours = settings()
    if not ours.oidc.issuer:
        abort(404)
    db.session.rollback()  # no transaction stays open while another server is asked
    found: IdentityProvider | None = current_app.extensions.get("parity_identity_provider")
    if found is None:
        client = Client(Doors(frozenset(ours.private_hosts)), certificates=ours.http_certificates)
        found = IdentityProvider(ours.oidc, client, ours.base_url + CALLBACK)
        current_app.extensions["parity_identity_provider"] = found
    return found


def _to_tell(identity: Identity, state: str) -> dict[str, Any]:
    """Return what the cookie keeps of an identity: roles instead of groups, of which there may be hundreds."""
    roles = roles_of(identity.groups, settings().oidc.roles)
    return {
        "subject": identity.subject,
        "email": identity.email,
        "name": identity.name[:200],
        "roles": sorted(roles),
        "state": state,
        "at": now().timestamp(),
    }


def _told() -> dict[str, Any] | None:
    told: dict[str, Any] | None = session.get(IDENTITY)
    return None if told is None or _is_over(told["at"], GOOD_FOR) else told


def _is_over(since: float, span: timedelta) -> bool:
    return now() - datetime.fromtimestamp(since, UTC) > span


def _is_away(error: ProviderIsAway) -> Response:
    log.warning("the identity provider cannot be used: %s", error)
    button = provider_in_words()
    trouble = gettext("“%(button)s” does not work just now. Ask for a link by mail instead.", button=button)
    return ask_page(trouble=trouble, status=503)


def _refused(why: str) -> Response:
    log.info("a sign-in with the identity provider was refused: %s", why)
    session.pop(OIDC, None)
    return frame.page(
        "signing_in/refused.html",
        heading=gettext("You are not signed in yet"),
        sentence=gettext(
            "It was cancelled, took too long, or was begun in another browser. Nothing is lost; begin once more."
        ),
        back=gettext("Back to signing in"),
        status=400,
    )


def _stranger(email: str) -> Response:
    return _stays_outside(
        gettext("Your account has no role here"),
        gettext("You are signed in there as %(email)s. Ask an administrator of Parity for a role.", email=email),
    )


def _not_vouched_for(error: AddressNotVouchedFor) -> Response:
    log.warning("the identity provider vouches for no address of an account: %s", error)
    session.pop(OIDC, None)
    return _stays_outside(
        gettext("Your company account names no confirmed mail address"),
        gettext(
            "Without one nobody can tell who you are here. Get a link by mail, and tell an administrator of Parity."
        ),
    )


def _another_account(email: str) -> Response:
    log.warning("an address came in with another company account than before")
    session.pop(IDENTITY, None)
    return _stays_outside(
        gettext("Another company account has this address"),
        gettext(
            "%(email)s came in with another company account before. Get a link by mail. If this account is the right"
            " one, an administrator of Parity can forget the other.",
            email=email,
        ),
    )


def _stays_outside(heading: str, sentence: str) -> Response:
    back = gettext("Back to signing in")
    return frame.page("signing_in/refused.html", heading=heading, sentence=sentence, back=back, status=403)
