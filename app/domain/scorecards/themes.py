"""Themes of what people say: counted per place, judged over the tree of departments, and printed as shares.

A source asks some answers for themes (a low rating is asked for reasons) and each of these names none, one or several.
A further source needs its voices in `app.pipeline.rollups.themes` and its name in SOURCES; all rules here hold for it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.disclosure import COMPANY, Cell, suppress, told_totals
from app.domain.scorecards.publish import COARSE_BELOW, Json, share_interval
from app.domain.statistics import wilson_interval

REASONS, COMMENTS = "reasons", "comments"
SOURCES = (REASONS, COMMENTS)  # in the order in which documents list them

ASKED, UNASKED = "/asked", "/unasked"  # rows that count everybody; no code of a theme has a stroke
COUNTED_FROM = 3  # people: fewer are no theme, and a document does not even say that something is hidden
HIDDEN = "themes"  # what `suppressed` calls them


@dataclass(frozen=True)
class Voice:
    """One answer to a source: whose, which themes it names, and whether the source asked it for themes at all.

    `was_asked` is False for answers that are counted elsewhere beside the asked ones: their number would follow.
    """

    who: bytes
    is_confidential: bool
    themes: frozenset[str] = frozenset()
    was_asked: bool = True


@dataclass(frozen=True)
class ThemeProfile:
    """So many people gave `answers` answers of which `naming` name the theme; `confidential` wish no contact."""

    theme: str
    answers: int
    naming: int
    requesters: int
    confidential: int


@dataclass(frozen=True)
class Group:
    """People and their answers, and the sum of each one's own share of answers: one vote a person."""

    requesters: int = 0
    confidential: int = 0
    answers: int = 0
    votes: float = 0.0

    @property
    def counted(self) -> int:
        """People who did not consent to contact, at least one where there is anybody: what thresholds count."""
        return max(self.confidential, 1) if self.requesters else 0


@dataclass(frozen=True)
class Voices:
    """What the people of one place said to one source."""

    profiles: Sequence[ThemeProfile] = ()

    @property
    def themes(self) -> frozenset[str]:
        """Return the themes that anybody named."""
        return frozenset(row.theme for row in self.profiles) - {ASKED, UNASKED}

    def naming(self, theme: str) -> Group:
        """Return the people who named a theme; of ASKED, everybody who was asked for themes."""
        rows = [row for row in self.profiles if row.theme == theme]
        return Group(
            sum(row.requesters for row in rows),
            sum(row.confidential for row in rows),
            sum(row.requesters * row.naming for row in rows),
            sum(row.requesters * row.naming / row.answers for row in rows),
        )

    def silent(self, theme: str) -> Group:
        """Return the people with an answer that was asked for themes and does not name this one."""
        everybody = self.naming(ASKED)
        always = [row for row in self.profiles if row.theme == theme and row.naming == row.answers]
        return Group(
            everybody.requesters - sum(row.requesters for row in always),
            everybody.confidential - sum(row.confidential for row in always),
        )


@dataclass(frozen=True)
class ThemesTold:
    """The themes that a document prints, and whether it keeps others back."""

    rows: Sequence[Json] = ()
    has_hidden: bool = False


@dataclass(frozen=True)
class Tree:
    """Codes below each department with children, those on top, and the minimum group."""

    children: Mapping[str, Sequence[str]]
    roots: Sequence[str]
    minimum_group: int


def profiles_of(voices: Iterable[Voice]) -> list[ThemeProfile]:
    """Return the rows that count the voices of one place and source, themes in order of their code."""
    named: defaultdict[bytes, Counter[str]] = defaultdict(Counter)
    confidential: dict[bytes, bool] = {}
    for voice in voices:
        confidential[voice.who] = voice.is_confidential
        named[voice.who].update([ASKED, *voice.themes] if voice.was_asked else [UNASKED])
    people: defaultdict[tuple[str, int, int], list[bool]] = defaultdict(list)
    for who, counts in named.items():
        for theme, naming in counts.items():
            answers = counts[UNASKED] if theme == UNASKED else counts[ASKED]
            people[theme, answers, naming].append(confidential[who])
    return [ThemeProfile(*key, len(found), sum(found)) for key, found in sorted(people.items())]


def told_themes(places: Mapping[str, Voices], tree: Tree, hidden: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the themes of one source that each place may tell, by code; `hidden` places tell none.

    A place needs ten people who were asked. A theme needs a minimum group that named it, and nobody or a minimum group
    that did not; both are protected over the tree as the cells of items are, and so are those asked and those not
    asked, whose numbers stand beside them. Places are departments, `own(CODE)`, and the whole company under COMPANY.
    """
    few = {code for code, voices in places.items() if voices.naming(ASKED).counted < COARSE_BELOW}
    beside = [{code: voices.naming(kind).counted for code, voices in places.items()} for kind in (ASKED, UNASKED)]
    untold = _untold(beside, tree, few | set(hidden))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for theme in sorted(frozenset[str]().union(*(voices.themes for voices in places.values()))):
        named = {code: voices.naming(theme).counted for code, voices in places.items()}
        silent = {code: voices.silent(theme).counted for code, voices in places.items()}
        for code in named.keys() - _untold([named, silent], tree, untold):
            if named[code]:
                found[code].add(theme)
    return {code: frozenset(themes) for code, themes in found.items()}


def published_themes(voices: Mapping[str, Voices], told: Mapping[str, Collection[str]]) -> ThemesTold:
    """Return the themes of a place as printed, by source: the most frequent first, ties by code.

    `answers` names the theme, of `share.answers` that were asked; the share gives each person one vote.
    """
    rows = tuple(row for source in SOURCES if source in voices for row in _rows(source, voices[source], told))
    has_hidden = any(
        found.naming(theme).confidential >= COUNTED_FROM
        for source, found in voices.items()
        for theme in found.themes - set(told.get(source, ()))
    )
    return ThemesTold(rows, has_hidden)


def themes_of(document: Mapping[str, Any] | None) -> ThemesTold:
    """Return what a document told, for a later revision of the quarter to repeat; None told nothing."""
    if document is None:
        return ThemesTold()
    return ThemesTold(tuple(document.get("themes", ())), any(row["what"] == HIDDEN for row in document["suppressed"]))


def _rows(source: str, voices: Voices, told: Mapping[str, Collection[str]]) -> list[Json]:
    asked = voices.naming(ASKED)
    found = sorted((-voices.naming(theme).answers, theme) for theme in told.get(source, ()))
    return [
        {
            "source": source,
            "theme": theme,
            "answers": -answers,
            "share": share_interval(wilson_interval(voices.naming(theme).votes, asked.requesters), asked.answers),
        }
        for answers, theme in found
    ]


def _untold(groups: Sequence[Mapping[str, int]], tree: Tree, hidden: Collection[str]) -> frozenset[str]:
    """Return the places where one of the groups is too small or gives a neighbour away; each group binds the others."""
    found = set(hidden) - {COMPANY}
    size = -1
    while size != len(found):
        size = len(found)
        for counts in groups:
            cells = {Cell(code): count for code, count in counts.items() if count and code != COMPANY}
            before = {cell for cell in cells if cell.department in found}
            found |= {
                cell.department for cell in suppress(cells, tree.children, tree.minimum_group, hidden=before).hidden
            }
    company = {COMPANY} if COMPANY in hidden or not all(_tells_company(each, tree, found) for each in groups) else set()
    return frozenset(found | company)


def _tells_company(counts: Mapping[str, int], tree: Tree, untold: Collection[str]) -> bool:
    cells = {Cell(code): count for code, count in counts.items() if count}
    hidden = {cell for cell in cells if cell.department in untold}
    whole = Cell(COMPANY)
    return whole not in cells or whole in told_totals(cells, tree.roots, tree.children, hidden, tree.minimum_group)
