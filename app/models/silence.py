"""What PostgreSQL says about a failing statement, without the values in it: it reaches logs and stored errors.

Beside its message PostgreSQL tells "Failing row contains (…)" and "Key (email)=(…) already exists"; a value that does
not fit its type is quoted in the message itself. SQLite names tables, columns and constraints only.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

DATA_EXCEPTION = "22"  # class of SQLSTATE whose messages quote values


@contextmanager
def without_values() -> Iterator[None]:
    """Silence what the driver raises in this block, where SQLAlchemy does not stand between (COPY)."""
    try:
        yield
    except Exception as error:
        _silence(error)
        raise


@event.listens_for(Engine, "handle_error")
def _on_error(context: ExceptionContext) -> None:
    original, wrapped = context.original_exception, context.sqlalchemy_exception
    if _silence(original) and wrapped is not None:
        wrapped.args = (f"({type(original).__module__}.{type(original).__name__}) {original}",)


def _silence(error: BaseException) -> bool:
    """Keep of a server's error the message alone, and of a data exception its number; tell whether it was one."""
    told = getattr(error, "diag", None)
    state: str | None = getattr(told, "sqlstate", None)
    if told is None or state is None:
        return False
    if state.startswith(DATA_EXCEPTION):
        error.args = (f"a value does not fit (SQLSTATE {state})",)
    else:
        error.args = (told.message_primary,)
    return True
