"""Whole numbers of options, no larger than the databases' own."""

import click

LARGEST = 2**31 - 1  # of an integer column in PostgreSQL
WHOLE = click.IntRange(0, LARGEST)
NUMBER = click.IntRange(1, LARGEST)
