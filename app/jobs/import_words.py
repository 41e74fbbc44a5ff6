"""What an import came to, in words."""

from collections.abc import Iterator, Mapping

from app.foundations.languages import gettext, ngettext
from app.imports.faults import Fault
from app.pipeline.intake.records import Imported
from app.pipeline.responses.history import History

NAMES_SHOWN = 3  # of departments that are unknown


def rows_in_words(counts: Mapping[str, int]) -> str:
    """Say how many rows were new, changed something, or told what was known."""
    return gettext("%(new)s new, %(changed)s changed, %(unchanged)s unchanged", **counts)


def requests_in_words(tally: Imported, counts: Mapping[str, int]) -> str:
    """Say what the rows of a tracker came to, and which of its departments nobody knows."""
    lines = [rows_in_words(counts)]
    if tally.completed or tally.reopened:
        lines.append(
            gettext(
                "%(completed)s completed, %(reopened)s reopened", completed=tally.completed, reopened=tally.reopened
            )
        )
    if tally.provider_unknown and not tally.unknown_providers:
        sentence = ngettext(
            "%(num)s request names no provider department",
            "%(num)s requests name no provider department",
            tally.provider_unknown,
        )
        lines.append(sentence)
    elif tally.provider_unknown:
        sentence = ngettext(
            "%(num)s request has no provider department that is known",
            "%(num)s requests have no provider department that is known",
            tally.provider_unknown,
        )
        lines.append(sentence)
    return "\n".join(lines)


def answers_in_words(done: History) -> str:
    """Say how many earlier answers came in, and what of HR's work went with those that were replaced."""
    lines = [gettext("%(new)s new, %(seen)s seen before", new=done.new, seen=done.seen_before)]
    if done.replaced:
        lines.append(ngettext("%(num)s answer was replaced", "%(num)s answers were replaced", done.replaced))
    if done.reviews_lost:
        lines.append(
            ngettext(
                "HR had %(num)s comment of them to read: what it decided is gone, and new comments may go unread",
                "HR had %(num)s comments of them to read: what it decided is gone, and new comments may go unread",
                done.reviews_lost,
            )
        )
    return "\n".join(lines)


def unknown_in_words(tally: Imported) -> Iterator[Fault]:
    """Yield a doubt that names the first of the departments that we do not know, as it can be told what they mean."""
    unknown = tally.unknown_providers
    if not unknown:
        return
    named = ", ".join(
        gettext("“%(name)s” (%(count)s)", name=name, count=count) for name, count in unknown[:NAMES_SHOWN]
    )
    if len(unknown) > NAMES_SHOWN:
        named = gettext("%(names)s and %(num)s more", names=named, num=len(unknown) - NAMES_SHOWN)
    yield Fault("", 0, "provider_department", gettext("unknown: %(names)s", names=named), "names")
