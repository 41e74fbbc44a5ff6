"""What a language must provide."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.instruments.items import Item, Reason

Labels = tuple[str, str, str, str, str]  # low to high, in reading direction


@dataclass(frozen=True, kw_only=True, eq=False)
class Wording:
    """All words of the instrument in one language.

    `{d}` stands for the department's name in quotation marks, always in apposition, so that no case or gender ending
    is needed; `{k}` for the minimum group size; `{row}` for a row of the grid.
    """

    language: str
    quoted: str  # the language's quotation marks round {name}
    csat_overall: str
    csat_labels: Labels
    grid_stem: str
    grid_question: str  # the stem with a row in it: how assistive technology reads it
    grid_rows: Mapping[Item, str]
    grid_labels: Labels  # soft hyphens where a cell of a phone needs them
    not_applicable: str
    statements: Mapping[Item, str]
    agree_labels: Labels
    recommend: str
    recommend_ends: tuple[str, str]
    comment: str
    comment_hint: str
    comment_notice: str
    confidentiality: str
    contact_consent: str
    kudos: str
    reasons: Mapping[Reason, str]

    def statement(self, item: Item, department: str) -> str:
        """Return the sentence of a rotating item about `department`."""
        return self.statements[item].format(d=self.quote(department))

    def recommendation(self, department: str) -> str:
        """Return the question of the quarterly pulse about `department`."""
        return self.recommend.format(d=self.quote(department))

    def question(self, item: Item) -> str:
        """Return the whole question of a row of the grid."""
        return self.grid_question.format(row=self.grid_rows[item])

    def quote(self, name: str) -> str:
        """Return `name` in the quotation marks of the language."""
        return self.quoted.format(name=name)
