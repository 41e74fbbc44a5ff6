"""`/admin/staff`: who has which role here, and the form that gives and takes roles."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for

from app.domain.auditing import Act
from app.domain.rights import Action
from app.domain.states import GivenBy, Role
from app.foundations.languages import gettext, spoken
from app.models.base import db
from app.reports.department_tree import department_names
from app.upkeep.organisation.named_heads import named_heads
from app.upkeep.rights import oidc_accounts, roles
from app.upkeep.rights.given_roles import tell_of_role
from app.upkeep.signing_in.way_in_changes import Change, tell_owner
from app.upkeep.staff.accounts import role_in_words
from app.upkeep.staff.viewers import viewer_of
from app.web.frame import forms, lists
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome, Sent
from app.web.frame.installation import now, settings
from app.web.frame.speaking import LANGUAGE_NAMES
from app.web.organisation.sight import sight_told
from app.web.organisation.staff_forms import AccountForm, NewAccountForm, stored

pages = Blueprint("staff", __name__, url_prefix="/admin/staff")
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}))

NAMED_SHOWN = 100  # heads by the table of departments


@pages.get("")
def listing() -> Any:
    """List the accounts by their address."""
    words = lists.filters({"words": lists.ANYTHING}).get("words", "")
    begin = lists.cursor(str)
    after = str(begin[0]) if begin else None
    found = roles.list_accounts(db.session(), words=words, after=after, count=lists.PER_PAGE + 1)
    accounts = lists.paged(found, lambda one: (one.email,))
    names = dict(department_names(db.session(), now()))
    return frame.page(
        "organisation/staff.html",
        accounts=accounts,
        words=words,
        saved=request.args.get("saved"),
        in_words=role_in_words,
        order=list(Role),
        names=names,
        named=[] if begin else _named(words.lower(), names),
        most=NAMED_SHOWN,
    )


def _named(words: str, names: dict[str, str]) -> list[tuple[str, str]]:
    """Return whom departments name as head, with these, where the words stand in either."""
    theirs: dict[str, list[str]] = {}
    for code, address in sorted(named_heads(db.session(), now())):
        theirs.setdefault(address, []).append(names.get(code, code))
    found = [(address, ", ".join(departments)) for address, departments in sorted(theirs.items())]
    return [one for one in found if words in f"{one[0]} {one[1].lower()}"]


@pages.get("/new")
def new() -> Any:
    """Show the form of a new account."""
    return forms.show("organisation/account.html", forms.shown(NewAccountForm, stored(None)), **_words(None))


@pages.post("/new")
def add() -> Any:
    """Give somebody new their roles."""
    sent = forms.sent(NewAccountForm, stored(None))
    if sent.outcome is Outcome.SAME:
        sent = forms.refused(sent.form, "email", gettext("Write the address with which they sign in."))
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("organisation/account.html", sent, **_words(None))
    email = sent.form.email.data
    # Of two who add somebody at the same moment the second finds the account of the first.
    roles.lock_account(db.session(), email, sent.form.wanted().roles, now=now())
    known = roles.account_of(db.session(), email)
    if known is not None and known.roles:
        if known.is_as(sent.form.wanted()):  # sent twice
            return redirect(url_for(".listing", saved=1), 303)
        sentence = gettext("This address has an account already; change it in the list.")
        return forms.answer("organisation/account.html", forms.refused(sent.form, "email", sentence), **_words(None))
    return _save(email, sent, None, Act.STAFF_ADDED)


@pages.get("/<int:number>")
def show(number: int) -> Any:
    """Show the form of an account."""
    account = roles.find_account(db.session(), number) or abort(404)
    return forms.show("organisation/account.html", forms.shown(AccountForm, stored(account)), **_words(account))


@pages.post("/<int:number>")
def change(number: int) -> Any:
    """Give and take roles."""
    account = roles.find_account(db.session(), number, to_change=True) or abort(404)
    sent = forms.sent(AccountForm, stored(account))
    if sent.outcome is Outcome.SAME:
        return redirect(url_for(".listing", saved=1), 303)
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("organisation/account.html", sent, **_words(account))
    return _save(account.email, sent, account, Act.STAFF_CHANGED)


@pages.post("/<int:number>/company-account")
def forget_company_account(number: int) -> Any:
    """Let another account of the identity provider have the address, and tell its owner."""
    account = roles.find_account(db.session(), number, to_change=True) or abort(404)
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    if oidc_accounts.forget_company_account(db.session(), account.email):
        way, what = Change.COMPANY_ACCOUNT_FORGOTTEN.value
        if owner := viewer_of(db.session(), account.email, now=now()):
            language, zone = owner.language or spoken(), settings().time_zone
            tell_owner(db.session(), owner, Change.COMPANY_ACCOUNT_FORGOTTEN, language=language, zone=zone, now=now())
        frame.noted(Act.WAY_IN_CHANGED, account.subject, {"way": way, "change": what})
        db.session.commit()
        frame.hint("deliver_mail")
    return redirect(url_for(".listing", saved=1), 303)


def _save(email: str, sent: Sent[Any], account: roles.Account | None, act: Act) -> Any:
    wanted = sent.form.wanted()
    if account is None and not wanted.roles:
        return _refuse(sent, "roles", gettext("Choose at least one role."), account)
    try:
        with sight_told(role_of=email):
            saved = roles.save_account(db.session(), email, wanted, by=GivenBy.PAGE, now=now())
    except roles.LastAdministrator as error:
        return _refuse(sent, "roles", str(error), account)
    except (roles.UnknownDepartment, roles.HeadWithoutDepartment) as error:
        return _refuse(sent, "departments", str(error), account)
    if given := saved.of_results():
        zone, giver = settings().time_zone, frame.viewer()
        tell_of_role(db.session(), email, given, by=giver.email, language=spoken(), zone=zone, now=now())
    frame.noted(act, saved.subject, saved.details(wanted.departments))
    db.session.commit()
    frame.hint("deliver_mail")
    return redirect(url_for(".listing", saved=1), 303)


def _refuse(sent: Sent[Any], field: str, sentence: str, account: roles.Account | None) -> Any:
    db.session.rollback()
    return forms.answer("organisation/account.html", forms.refused(sent.form, field, sentence), **_words(account))


def _words(account: roles.Account | None) -> dict[str, Any]:
    held = account.roles if account else {}
    came_in = oidc_accounts.company_account_of(db.session(), account.email) if account else None
    return {
        "account": account,
        "company_account": came_in,
        "time_zone": settings().time_zone,
        "role_choices": [(role.value, _in_words(role, held.get(role))) for role in Role],
        "language_choices": [
            ("", gettext("as their browser asks")),
            *((code, LANGUAGE_NAMES[code]) for code in settings().languages),
        ],
    }


def _in_words(role: Role, given_by: GivenBy | None) -> str:
    """Return the role, and where it comes from if that is not this page."""
    come = {
        GivenBy.COMMAND: gettext("given by command"),
        GivenBy.TREE: gettext("the departments name them as head"),
        GivenBy.OIDC: gettext("from a group of the company account; it comes back with the group"),
    }
    source = come.get(given_by) if given_by else None
    return f"{role_in_words(role)} ({source})" if source else role_in_words(role)
