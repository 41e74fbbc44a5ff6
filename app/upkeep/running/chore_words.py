"""What chores are called and how far they are, in the language of the moment."""

from dataclasses import dataclass

from app.domain.states import ChoreKind, ChoreState
from app.foundations.languages import gettext, mark, ngettext
from app.foundations.retelling import retold
from app.models.chores import Chore

_TITLES = {
    ChoreKind.TRY_POLICY: mark("Trying the draft on last quarter"),
    ChoreKind.CHECK_CONNECTION: mark("Trying the credentials"),
    ChoreKind.REGISTER_HOOK: mark("Registering the hook"),
    ChoreKind.BACKFILL: mark("Fetching earlier events"),
    ChoreKind.RUN_IMPORT: mark("Reading a table"),
    ChoreKind.RUN_RETENTION: mark("Deleting what is too old"),
    ChoreKind.WRITE_BACKUP: mark("Writing a copy of the database"),
}


@dataclass(frozen=True)
class Told:
    """A chore as a page tells it. `is_open`: it goes on, so that looking again may tell more."""

    number: int
    title: str
    state: ChoreState
    sentence: str

    @property
    def is_open(self) -> bool:
        """True while it waits or runs."""
        return self.state in (ChoreState.WAITING, ChoreState.RUNNING)


def told(chore: Chore) -> Told:
    """Return a chore in words; of a kind of another version only how far it is."""
    titles = {kind.value: title for kind, title in _TITLES.items()}
    title = gettext(titles[chore.kind]) if chore.kind in titles else chore.kind
    return Told(chore.id, title, chore.state, _sentence(chore))


def _sentence(chore: Chore) -> str:
    if chore.state is ChoreState.WAITING:
        return gettext("It waits for the worker. If that lasts longer than a minute, the worker does not run.")
    if chore.state is ChoreState.RUNNING:
        return _progress(chore)
    if chore.state is ChoreState.FAILED:
        return retold(chore.error or "")
    return str((chore.result or {}).get("said") or gettext("Done."))


def _progress(chore: Chore) -> str:
    if chore.total is not None:
        return gettext("Under way: %(done)s of %(total)s.", done=chore.done, total=chore.total)
    if chore.done:
        return ngettext("Under way: %(num)s so far.", "Under way: %(num)s so far.", chore.done)
    return gettext("Under way.")
