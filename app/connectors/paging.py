"""Pages cut by the time of the last change: counting skips a row whenever one that was told moves to the end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def by_change(
    ask: Callable[[str, int], Sequence[Row]],
    changed_at: Callable[[Row], str | None],
    *,
    size: int,
    start: str,
    ends_short: bool = True,
) -> Iterator[tuple[Sequence[Row], dict[str, str]]]:
    """Yield pages of rows changed since `start`, oldest first, each with the cursor to go on from ({} after the last).

    `ask(at, skipped)` returns up to `size` rows changed at or after `at`, less the first `skipped`; only rows of one
    and the same moment are counted through. A page that repeats ends it, and a short one unless the tool may leave out
    rows that we may not see (`ends_short`).
    """
    at, skipped = start, 0
    before: Sequence[Row] = ()
    has_moved = True  # then the same rows again are no fault: they may all have changed in one moment
    while True:
        rows = ask(at, skipped)
        repeats = not has_moved and list(rows) == list(before)
        is_last = not rows or (ends_short and len(rows) < size) or repeats
        last = changed_at(rows[-1]) if rows else None
        has_moved = last is not None and last != at
        at, skipped = (last, 0) if last is not None and has_moved else (at, skipped + size)
        yield rows, {} if is_last else {"at": at}
        if is_last:
            return
        before = rows
