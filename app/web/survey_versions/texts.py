"""The texts of a survey version as people read them: in which group they stand, and what they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.instruments import FIRST, GRID, ROTATING, Item, Reason
from app.domain.instruments.wording_json import LONGEST_LABEL, TEXTS, WordingFault, WordingProblem
from app.foundations.languages import gettext, mark, ngettext, spoken

_POINTS = range(1, 6)


@dataclass(frozen=True)
class TextGroup:
    """Texts that stand together on the survey page."""

    heading: str
    hint: str
    names: Sequence[str]


def _points(name: str) -> list[str]:
    return [f"{name}.{point}" for point in _POINTS]


GROUPS = (
    TextGroup(
        mark("The first question"),
        mark("The mail asks it too. Its points go from low to high."),
        ("csat_overall", *_points("csat_labels")),
    ),
    TextGroup(
        mark("After a low or a high answer"),
        mark("Reasons can be ticked after one of the two lowest answers, thanks after the highest."),
        (*(f"reasons.{reason}" for reason in Reason), "kudos"),
    ),
    TextGroup(
        mark("Three aspects"),
        mark("Five cells each, side by side on a phone: keep them short."),
        (
            *("grid_stem", "grid_question"),
            *(f"grid_rows.{item}" for item in GRID),
            *_points("grid_labels"),
            "not_applicable",
        ),
    ),
    TextGroup(
        mark("The rotating statement"),
        mark("Each survey asks one of them. {d} is the department’s name in quotation marks."),
        (*(f"statements.{item}" for item in ROTATING), *_points("agree_labels")),
    ),
    TextGroup(mark("The comment"), "", ("comment", "comment_hint")),
)

_NAMES = {
    "csat_overall": mark("Question"),
    "kudos": mark("Thanks"),
    "grid_stem": mark("Above the three aspects"),
    "grid_question": mark("The same with an aspect in it, as it is read aloud"),
    "not_applicable": mark("For those who cannot judge"),
    "comment": mark("Above the comment"),
    "comment_hint": mark("Hint below it"),
}

_WRONG = {
    WordingProblem.MISSING: mark("Write something: an empty text would stand in the survey."),
    WordingProblem.NOT_ONE_LINE: mark("Write it in one line, without invisible characters."),
    WordingProblem.UNKNOWN_PLACE: mark("Only these may stand in braces here: %(known)s. Take the other braces out."),
    WordingProblem.PLACE_MISSING: mark("%(place)s is missing: something is filled in there."),
    WordingProblem.TWICE: mark("This stands here twice. Nobody could tell the two apart."),
}


def is_long(name: str) -> bool:
    """Tell whether a text may need more than a line."""
    return TEXTS[name].longest > LONGEST_LABEL


def text_name(name: str) -> str:
    """Return what a text is called, in the language of the moment: aspects and reasons in the first version's words."""
    attribute, _, key = name.partition(".")
    words = FIRST.wording(spoken())
    match attribute:
        case "csat_labels" | "grid_labels" | "agree_labels":
            return gettext("Answer %(point)s of 5", point=key)
        case "grid_rows":
            return gettext("Aspect: %(name)s", name=words.grid_rows[Item(key)])
        case "statements":
            return gettext("Statement: %(name)s", name=item_name(Item(key)))
        case "reasons":
            return gettext("Reason: %(name)s", name=words.reasons[Reason(key)])
        case _:
            return gettext(_NAMES[name])


def item_name(item: Item) -> str:
    """Return what a rotating item is about."""
    return gettext(_ITEMS[item])


_ITEMS: Mapping[Item, str] = {
    Item.EFFORT: mark("how easy it was"),
    Item.TRUST: mark("whether the department can be relied on"),
    Item.PROFESSIONALISM: mark("how one was treated"),
    Item.COOPERATION: mark("how working together went"),
}


def fault_in_words(fault: WordingFault) -> str:
    """Return one sentence about a text that cannot stand, with how to mend it."""
    if fault.problem is WordingProblem.TOO_LONG:
        return ngettext(
            "This is %(num)s character too long; there is room for %(limit)s.",
            "This is %(num)s characters too long; there is room for %(limit)s.",
            int(str(fault.params["over"])),
            limit=fault.params["limit"],
        )
    if fault.problem is WordingProblem.UNKNOWN_PLACE and not fault.params["known"]:
        return gettext("Nothing is filled in here: take the braces out.")
    told = {name: fault.params[name] for name in ("known", "place") if name in fault.params}
    return gettext(_WRONG[fault.problem], **told)
