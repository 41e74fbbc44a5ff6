"""Why something failed, in words that may be stored and logged: an exception's own can quote what somebody wrote."""

import traceback
from pathlib import Path

APP = Path(__file__).resolve().parents[1]


def reason_of(error: BaseException) -> str:
    """Return kind and place of an unexpected error, `KeyError in app/connectors/json_body.py:40`; never its message."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(APP)]
    place = f" in {Path(ours[-1].filename).relative_to(APP.parent)}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


def way_to(error: BaseException) -> str:
    """Return the lines of a traceback without the error's message."""
    return "".join(traceback.format_tb(error.__traceback__)).rstrip()
