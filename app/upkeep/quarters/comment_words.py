"""What HR's decisions about comments are called, on pages and at the command line."""

from app.domain.codebook.agreement import DOUBLE_CODED_FROM
from app.domain.states import CommentState
from app.domain.statistics import Kappa
from app.foundations.languages import gettext


def state_in_words(state: CommentState) -> str:
    """Return what became of a comment, in the language of the moment."""
    return {
        CommentState.WAITING: gettext("waiting"),
        CommentState.SHOWN: gettext("may be shown"),
        CommentState.HIDDEN: gettext("hidden"),
    }[state]


def agreement_in_words(found: Kappa) -> str:
    """Return how far two coders agree beyond chance, or what is missing to tell."""
    if found.n < DOUBLE_CODED_FROM:
        return gettext(
            "Both coders did %(done)s comments; kappa needs %(needed)s.", done=found.n, needed=DOUBLE_CODED_FROM
        )
    if found.estimate is None or found.lower is None or found.upper is None:
        return gettext("Both coders saw the same everywhere, and nothing else: kappa cannot be told.")
    return gettext(
        "Cohen's kappa %(kappa)s (%(lower)s to %(upper)s) on %(num)s comments; they agree in %(observed)s%% of"
        " decisions, chance would give %(expected)s%%.",
        kappa=f"{found.estimate:.2f}",
        lower=f"{found.lower:.2f}",
        upper=f"{found.upper:.2f}",
        num=found.n,
        observed=round(found.observed * 100),
        expected=round(found.expected * 100),
    )
