"""Why somebody gets a department's scorecard, and the sentence that tells them (rules.md §7)."""

from enum import StrEnum

from app.foundations.languages import gettext


class Why(StrEnum):
    """The head, else the nearest head above, else HR; and whom HR has chosen besides."""

    HEAD = "head"
    HEAD_ABOVE = "head_above"
    HR = "hr"
    DEPUTY = "deputy"


def because(why: Why, department: str) -> str:
    """Return the reason in words."""
    sentences = {
        Why.HEAD: gettext("You get this mail because you head %(department)s.", department=department),
        Why.HEAD_ABOVE: gettext(
            "You get this mail because %(department)s has no head and belongs to your department.",
            department=department,
        ),
        Why.HR: gettext("You get this mail because %(department)s has no head; HR stands in.", department=department),
        Why.DEPUTY: gettext(
            "You get this mail because HR sends you the scorecard of %(department)s too.", department=department
        ),
    }
    return sentences[why]
