"""What may be shown without pointing at few people: hidden groups of one partition, and of the whole cube.

Counts are distinct requesters who did not consent to contact; who counts them is not decided here.
"""

from app.domain.disclosure.counts import withheld_counts
from app.domain.disclosure.cubes import DISJOINT_CUTS, Cell, Pattern, Relation, is_own_part, own, relations_of, suppress
from app.domain.disclosure.ledger import (
    NOT_OF_COLLEAGUES,
    SAID_AGAIN,
    Figure,
    Name,
    UnnamedFigure,
    figures_of,
    hidden_figure,
    hidden_in,
    without,
)
from app.domain.disclosure.partitions import SuppressedGroups, hidden_groups, suppressed_groups
from app.domain.disclosure.solvability import solvable_cells
from app.domain.disclosure.totals import COMPANY, may_tell_sum, told_totals

__all__ = [
    "COMPANY",
    "DISJOINT_CUTS",
    "NOT_OF_COLLEAGUES",
    "SAID_AGAIN",
    "Cell",
    "Figure",
    "Name",
    "Pattern",
    "Relation",
    "SuppressedGroups",
    "UnnamedFigure",
    "figures_of",
    "hidden_figure",
    "hidden_groups",
    "hidden_in",
    "is_own_part",
    "may_tell_sum",
    "own",
    "relations_of",
    "solvable_cells",
    "suppress",
    "suppressed_groups",
    "told_totals",
    "withheld_counts",
    "without",
]
