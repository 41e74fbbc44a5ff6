"""The mail that tells others that somebody was given a role which sees results."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.foundations.languages import gettext, mark, speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import greeting
from app.mail.render import one_line, render

GIVEN = mark("A role that sees results was given in Parity")
CHANGED = mark("Somebody sees more in Parity since departments were changed")

ROLE_CHANGED = mark("Somebody sees more in Parity since a head's role was changed")

#: What was given to whom, by whom and when.
SENTENCES = {
    "hr": mark("%(who)s sees results of all departments from now on, as human resources. Given by %(by)s, %(at)s."),
    "head": mark("%(who)s sees results from now on, as head of a department. Given by %(by)s, %(at)s."),
    "group": mark(
        "%(who)s sees results of all departments from now on, as human resources. A group of the company account gives"
        " this role, since %(at)s."
    ),
    "seen": mark("Departments were changed, and with them who sees what in Parity. Told by %(by)s, %(at)s."),
    "left": mark(
        "The role of %(who)s as head was changed, and with it who sees what in Parity. Changed by %(by)s, %(at)s."
    ),
    "departments": mark("%(who)s sees results of further departments from now on, as head. Given by %(by)s, %(at)s."),
}

#: What somebody sees that they did not see before.
SEES = {
    "results": mark("%(who)s: results of %(departments)s"),
    "both": mark("%(who)s: results, and names of those who ask to be contacted, of %(departments)s"),
    "names": mark("%(who)s: names of those who ask to be contacted, of %(departments)s"),
}

#: Why a line should be read twice.
MARKS = {
    "administrator": mark("%(who)s (administrator)"),
    "foreign": mark("%(who)s (nobody known here has an address at this domain)"),
    "unknown": mark("%(who)s (nobody is known here by this address)"),
}


def role_given(
    *,
    language: str,
    recipient_name: str,
    who: str,
    by: str,
    at: str,
    given: Sequence[str],
    lines: Sequence[Mapping[str, Any]] = (),
) -> Mail:
    """Say who may see what from now on, and what to do where nobody agreed to it. Raises KeyError for the unknown.

    `lines` are of whoever sees more since departments or the role of the head `who` were changed: `who`, `mark`,
    `sees`, `departments` and `more`.
    """
    with speaking(language):
        told = [gettext(SENTENCES[one], who=one_line(who), by=one_line(by), at=at) for one in given]
        told += [_line(line) for line in lines]
        title = gettext(_title(given))
        params = {"greeting": greeting(recipient_name), "title": title, "sentences": told}
    rendered = render("role_given", language, params)
    return Mail(
        message="role_given",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )


def _title(given: Sequence[str]) -> str:
    if "left" in given:
        return ROLE_CHANGED
    return CHANGED if "seen" in given else GIVEN


def _line(line: Mapping[str, Any]) -> str:
    who, departments = one_line(line["who"]), ", ".join(map(one_line, line["departments"]))
    mark_of, sees = MARKS.get(line["mark"]), SEES[line["sees"]]
    if mark_of is not None:
        who = gettext(mark_of, who=who)
    if count := line["more"]:
        departments = gettext("%(departments)s and %(count)s more", departments=departments, count=count)
    return gettext(sees, who=who, departments=departments)
