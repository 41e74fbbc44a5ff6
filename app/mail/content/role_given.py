"""The mail that tells others that somebody was given a role which sees results."""

from collections.abc import Sequence

from app.foundations.languages import gettext, mark, speaking
from app.mail.content.mail import Mail
from app.mail.content.survey import greeting
from app.mail.render import one_line, render

#: What was given to whom, by whom and when.
SENTENCES = {
    "hr": mark("%(who)s sees results of all departments from now on, as human resources. Given by %(by)s, %(at)s."),
    "head": mark("%(who)s sees results from now on, as head of a department. Given by %(by)s, %(at)s."),
    "named": mark(
        "Named head in the table of departments, who sees the results of their department while that holds: %(who)s."
        " Told by %(by)s, %(at)s."
    ),
    "group": mark(
        "%(who)s sees results of all departments from now on, as human resources. A group of the company account gives"
        " this role, since %(at)s."
    ),
    "departments": mark("%(who)s sees results of further departments from now on, as head. Given by %(by)s, %(at)s."),
}


def role_given(*, language: str, recipient_name: str, who: str, by: str, at: str, given: Sequence[str]) -> Mail:
    """Say who may see what from now on, and what to do where nobody agreed to it. Raises KeyError for the unknown."""
    with speaking(language):
        told = [gettext(SENTENCES[one], who=one_line(who), by=one_line(by), at=at) for one in given]
        params = {"greeting": greeting(recipient_name), "sentences": told}
    rendered = render("role_given", language, params)
    return Mail(
        message="role_given",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )
