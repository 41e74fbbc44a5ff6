"""What is held back, and what is not."""

from datetime import timedelta

import pytest

from app.domain.machines import Signal, Submission, judge

CALM = timedelta(seconds=25)


@pytest.mark.parametrize(
    ("submission", "signals"),
    [
        (Submission(page_age=CALM), ()),
        (Submission(page_age=timedelta(seconds=2)), ()),
        (Submission(page_age=CALM, script_ran=True, trusted_input=True), ()),
        (Submission(page_age=timedelta(seconds=1.99)), (Signal.TOO_FAST,)),
        (Submission(page_age=CALM, script_ran=True), (Signal.NO_TRUSTED_INPUT,)),
        (Submission(page_age=CALM, decoy_followed=True), (Signal.DECOY_FOLLOWED,)),
        (Submission(page_age=CALM, differs_from_one_before=timedelta(seconds=9)), (Signal.SEVERAL_RATINGS,)),
        (Submission(page_age=CALM, differs_from_one_before=timedelta(seconds=10)), ()),
        (
            Submission(page_age=timedelta(0), decoy_followed=True, script_ran=True),
            (Signal.TOO_FAST, Signal.DECOY_FOLLOWED, Signal.NO_TRUSTED_INPUT),
        ),
    ],
)
def test_it_names_every_signal_it_finds(submission: Submission, signals: tuple[Signal, ...]) -> None:
    judgement = judge(submission)

    assert judgement.signals == signals
    assert judgement.accepted is (not signals)
