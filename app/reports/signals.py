"""What makes an answer look like a machine's, in words."""

from app.domain.machines import Signal
from app.foundations.languages import gettext


def signals_in_words() -> dict[str, str]:
    """Return what each signal says, in the language of the moment."""
    return {
        Signal.TOO_FAST.value: gettext("the page was open for less than two seconds"),
        Signal.DECOY_FOLLOWED.value: gettext("the hidden link of the page was followed"),
        Signal.SEVERAL_RATINGS.value: gettext("several different ratings came within ten seconds"),
        Signal.NO_TRUSTED_INPUT.value: gettext("our script ran and saw no key, pointer or touch"),
    }
