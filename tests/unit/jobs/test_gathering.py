"""Many hints at once are one run, and one more for what came meanwhile."""

import threading

import pytest

from app.jobs.gathering import OneAtATime


class Work:
    """Work that lasts until it may end."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Semaphore(0)
        self.runs = 0

    def __call__(self) -> None:
        self.runs += 1
        self.begun.release()
        assert self.may_end.acquire(timeout=10)


def test_hints_during_a_run_lead_to_one_more_and_hold_nobody() -> None:
    work = Work()
    once = OneAtATime(work)
    first = threading.Thread(target=once)
    first.start()
    assert work.begun.acquire(timeout=10)

    for _ in range(5):
        once()  # returns at once
    runs_meanwhile = work.runs
    work.may_end.release(2)
    first.join(10)

    assert (runs_meanwhile, work.runs, first.is_alive()) == (1, 2, False)


def test_a_run_that_fails_does_not_stop_the_next() -> None:
    runs: list[int] = []

    def fail_first() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise ZeroDivisionError

    once = OneAtATime(fail_first)
    with pytest.raises(ZeroDivisionError):
        once()
    once()

    assert len(runs) == 2


def test_many_at_once_lose_no_wish() -> None:
    seen: list[int] = []
    wanted: list[int] = []
    once = OneAtATime(lambda: seen.append(len(wanted)))

    def wish() -> None:
        for _ in range(200):
            wanted.append(1)
            once()

    threads = [threading.Thread(target=wish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen[-1] == 800
