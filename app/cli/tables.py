"""Plain columns for people at a terminal; machines take --json."""

from collections import Counter
from collections.abc import Sequence

import click

from app.domain.decisions import DecisionReason
from app.reports.decisions import reason_in_words


def print_reasons(counts: Counter[DecisionReason]) -> None:
    """Print a line for each reason that occurs: how often, its name, and what it means."""
    for reason in DecisionReason:
        if count := counts[reason]:
            click.echo(f"  {count:>6}  {reason:<24}{reason_in_words(reason)}")


def print_table(
    heads: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: frozenset[int] = frozenset()
) -> None:
    """Print rows under their heads, each column as wide as it needs; columns in `numbers` are set to the right."""
    lines = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        cells = [
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
