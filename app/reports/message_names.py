"""What the kinds of mail are called in lists."""

from app.foundations.languages import gettext, mark

NAMES = {
    "invitation": mark("Invitations"),
    "reminder": mark("Reminders"),
    "scorecard": mark("Scorecards"),
    "contacts": mark("Asked to be contacted"),
    "closed_case": mark("Contact cases closed"),
    "sign_in_link": mark("Sign-in links"),
    "break_glass": mark("Emergency access"),
    "way_in_changed": mark("Ways to sign in changed"),
    "role_given": mark("Roles given"),
    "data_exported": mark("Personal data handed out"),
    "small_department": mark("Too small to show"),
    "test": mark("Test mails"),
}


def names_in_words() -> dict[str, str]:
    """Return the names in the language of the moment."""
    return {name: gettext(words) for name, words in NAMES.items()}
