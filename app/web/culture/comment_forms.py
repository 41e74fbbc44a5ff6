"""The form with which HR decides about the comments of one page: what becomes of each, and what it is about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wtforms import Field, SelectMultipleField, StringField, ValidationError

from app.domain.codebook import Theme
from app.domain.comments import LONGEST_SHOWN
from app.domain.states import CommentState
from app.foundations.languages import gettext
from app.upkeep.quarters.comment_review import Coder, ReadComment
from app.upkeep.quarters.comment_words import state_in_words
from app.web.frame.form_rules import one_of
from app.web.frame.forms import StaffForm

NO_THEME = "-"  # said of a comment that is about none of them; no theme has such a code
STATE, CODES = "state_", "codes_"  # with the id of the comment, the names of its fields

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Desk:
    """What may be decided: by which coder, and whether themes and whether showing are still open."""

    coder: Coder
    themes: Sequence[Theme]
    language: str
    is_released: bool = False

    def states(self, comment: ReadComment) -> Choices:
        """Return what may become of a comment; empty for the second coder, who decides about themes alone."""
        if self.coder is Coder.SECOND:
            return []
        if comment.state is None:
            return [("", gettext("stays readable")), (CommentState.HIDDEN, gettext("take out"))]
        choices = [(CommentState.WAITING, gettext("decide later"))] if comment.state is CommentState.WAITING else []
        if len(comment.text) <= LONGEST_SHOWN:
            choices.append((CommentState.SHOWN, state_in_words(CommentState.SHOWN)))
        return [*choices, (CommentState.HIDDEN, gettext("keep back"))]

    def codes(self) -> Choices:
        """Return the themes to choose from; empty once they are counted."""
        if not self.themes:
            return []
        return [
            *((theme.code, theme.name(self.language)) for theme in self.themes),
            (NO_THEME, gettext("none of these")),
        ]

    def named(self, codes: Iterable[str]) -> list[str]:
        """Return the names of themes."""
        return [theme.name(self.language) for theme in self.themes if theme.code in set(codes)]

    def said(self, comment: ReadComment) -> tuple[str, ...] | None:
        """Return what this coder has said of a comment."""
        return comment.second_codes if self.coder is Coder.SECOND else comment.codes

    def stored(self, comments: Iterable[ReadComment]) -> dict[str, Any]:
        """Return the values of the form's fields as they are stored."""
        found: dict[str, Any] = {}
        for comment in comments:
            if self.states(comment):
                found[STATE + comment.id] = comment.state or ""
            if self.themes:
                said = self.said(comment)
                found[CODES + comment.id] = [] if said is None else list(said) or [NO_THEME]
        return found

    def form(self, comments: Sequence[ReadComment], first: int = 1) -> type[StaffForm]:
        """Return the form for comments that are numbered from `first` on."""
        fields: dict[str, Field] = {}
        for number, comment in enumerate(comments, first):
            label = gettext("Comment %(number)s", number=number)
            if states := self.states(comment):
                fields[STATE + comment.id] = StringField(label, [one_of([value for value, _ in states])])
            if codes := self.codes():
                rule = _themes({value for value, _ in codes}, was_coded=self.said(comment) is not None)
                name = gettext("Comment %(number)s, themes", number=number)
                fields[CODES + comment.id] = SelectMultipleField(name, [rule], validate_choice=False)
        return type("CommentsForm", (StaffForm,), fields)


def _themes(known: set[str], *, was_coded: bool) -> Any:
    def check(_form: StaffForm, field: Field) -> None:
        chosen = set(field.data or ())
        if chosen - known:
            raise ValidationError(gettext("This is none of the choices. Choose one of them."))
        if NO_THEME in chosen and len(chosen) > 1:
            raise ValidationError(gettext("Choose either themes or “none of these”."))
        if was_coded and not chosen:
            raise ValidationError(gettext("Themes were said already. Choose others, or “none of these”."))

    return check


@dataclass(frozen=True)
class Decisions:
    """What differs from what is stored: comments to show and to hide, and themes by comment."""

    shown: list[str]
    hidden: list[str]
    codes: Mapping[str, list[str]]

    @classmethod
    def none(cls) -> "Decisions":
        """Return that nothing differs."""
        return cls([], [], {})

    def without(self, hidden: Collection[str]) -> "Decisions":
        """Return all but the hiding of these comments."""
        return replace(self, hidden=[id_ for id_ in self.hidden if id_ not in hidden])

    @classmethod
    def of(cls, told: Mapping[str, Any], stored: Mapping[str, Any]) -> "Decisions":
        """Read them from the values of a form that was good."""
        new = {name: value for name, value in told.items() if value != stored[name]}
        states = {name.removeprefix(STATE): value for name, value in new.items() if name.startswith(STATE)}
        codes = {name.removeprefix(CODES): value for name, value in new.items() if name.startswith(CODES)}
        return cls(
            [id_ for id_, state in states.items() if state == CommentState.SHOWN],
            [id_ for id_, state in states.items() if state == CommentState.HIDDEN],
            {id_: [code for code in chosen if code != NO_THEME] for id_, chosen in codes.items()},
        )
