"""Random companies without a database: from all themes that are told, no group of fewer than five people follows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from app.domain.disclosure import COMPANY, own
from app.domain.scorecards.themes import Tree, Voice, Voices, profiles_of, told_themes
from tests.builders.attacks import Figure, small_groups_that_follow

GROUP = 5
THEMES = {"too_slow": 0.5, "result_not_right": 0.25, "too_much_effort": 0.8}  # how often an answer names each


@dataclass(frozen=True)
class Said:
    """One low rating: by whom, in which department and those above it."""

    line: tuple[str, ...]
    voice: Voice


@dataclass(frozen=True)
class Firm:
    """A tree of departments with its answers."""

    tree: Tree
    said: list[Said]

    def places(self) -> dict[str, list[int]]:
        """Return the numbers of the answers of every department, own part and the company of several."""
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self.said):
            codes = [*one.line, *([own(one.line[0])] if one.line[0] in self.tree.children else [])]
            for code in [*codes, COMPANY] if len(self.tree.roots) > 1 else codes:
                found.setdefault(code, []).append(number)
        return found


def firm(random: np.random.Generator) -> Firm:
    """Found one to three departments with up to two levels below, and let people rate low, some of them repeatedly."""
    lines: list[tuple[str, ...]] = [(f"R{root}",) for root in range(int(random.integers(1, 4)))]
    roots = [line[0] for line in lines]
    children: dict[str, list[str]] = {}
    for level in (1, 2):
        for line in [line for line in lines if len(line) == level]:
            below = [f"{line[0]}{child}" for child in range(int(random.choice([0, 2, 3])))]
            lines += [(code, *line) for code in below]
            children |= {line[0]: below} if below else {}
    people, often = int(random.integers(40, 300)), random.dirichlet(np.full(len(lines), 1.0))
    said = []
    for _ in range(int(people * 1.3)):
        who = int(random.integers(people))
        themes = frozenset(theme for theme, share in THEMES.items() if random.random() < share)
        voice = Voice(str(who).encode(), who >= 3, themes, was_asked=bool(random.random() < 0.93))
        said.append(Said(lines[int(random.choice(len(lines), p=often))], voice))
    return Firm(Tree(children, roots, GROUP), said)


def figures(found: Firm) -> Iterator[tuple[str, str, Figure, Figure]]:
    """Yield theme and place with the answers that name it and those that were asked, as far as they are told."""
    places = found.places()
    voices = {code: Voices(profiles_of(found.said[n].voice for n in numbers)) for code, numbers in places.items()}
    for code, themes in told_themes(voices, found.tree, ()).items():
        asked = frozenset(number for number in places[code] if found.said[number].voice.was_asked)
        for theme in themes:
            yield theme, code, frozenset(n for n in asked if theme in found.said[n].voice.themes), asked


@pytest.mark.parametrize("seed", range(30))
def test_no_small_group_follows_from_the_themes_of_a_company(seed: int) -> None:
    found = firm(np.random.default_rng(seed))
    people = {
        number: one.voice.who.decode() if one.voice.is_confidential else "" for number, one in enumerate(found.said)
    }
    told = list(figures(found))

    followed = [
        sorted(group)
        for theme in THEMES
        for group in small_groups_that_follow(
            {figure for name, _, *both in told if name == theme for figure in both}, people, GROUP
        )
    ]

    assert followed == []


def test_those_companies_tell_themes_of_many_departments() -> None:
    told = [place for seed in range(12) for _, place, *_ in figures(firm(np.random.default_rng(seed)))]

    assert len(told) > 30
    assert any(place == COMPANY for place in told)
