"""The version is written once, in the changelog."""

import re

from app.foundations.version import version


def test_the_version_is_the_first_heading_of_the_changelog() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version())
