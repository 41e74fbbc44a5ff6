"""Tells an answer given by a person from one given by a mail scanner: a machine's answer is held back, never deleted.

Scanners open every link of a mail within seconds, run scripts and may submit what they find. Nothing here looks at
addresses or browser names, because those change and people share them.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SHORTEST_ANSWERING_TIME = timedelta(seconds=2)
SEVERAL_RATINGS_WITHIN = timedelta(seconds=10)


class Signal(StrEnum):
    """Why an answer is held back; several may hold at once."""

    TOO_FAST = "too_fast"
    DECOY_FOLLOWED = "decoy_followed"
    SEVERAL_RATINGS = "several_ratings"
    NO_TRUSTED_INPUT = "no_trusted_input"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What is known about how an answer came, besides the answer itself."""

    page_age: timedelta  # from issuing the page to the POST, by the signed nonce
    decoy_followed: bool = False
    differs_from_one_before: timedelta | None = None  # how long ago another rating came for this token
    script_ran: bool = False
    trusted_input: bool = False  # the browser saw a real key, pointer or touch


@dataclass(frozen=True)
class Judgement:
    """The signals found; none means that the answer is accepted."""

    signals: tuple[Signal, ...] = ()

    @property
    def accepted(self) -> bool:
        """True when no signal speaks against a person."""
        return not self.signals


def judge(submission: Submission) -> Judgement:
    """Decide whether a submission counts. A page without script needs the two seconds and no other signal."""
    earlier = submission.differs_from_one_before
    found = {
        Signal.TOO_FAST: submission.page_age < SHORTEST_ANSWERING_TIME,
        Signal.DECOY_FOLLOWED: submission.decoy_followed,
        Signal.SEVERAL_RATINGS: earlier is not None and earlier < SEVERAL_RATINGS_WITHIN,
        Signal.NO_TRUSTED_INPUT: submission.script_ran and not submission.trusted_input,
    }
    return Judgement(tuple(signal for signal, holds in found.items() if holds))
