"""Pages of which only some words differ between visitors are rendered once; those words are filled in afterwards.

A survey page in one language, with one rating and one rotating item, is the same for everybody but for its link, title
and dates. Rendering it anew was most of what a page cost (benchmarks/survey.py).
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup, escape

# Private-use characters (Unicode 16, 23.5) mark the places: no text of ours has them, a visitor's text comes in last.
_PLACE = re.compile("\ue000(\\w+)\ue001")
KEPT = 512  # skeletons of about 12 kB


def fill(environment: Environment, template: str, same: Mapping[str, Hashable], own: Mapping[str, str]) -> str:
    """Return the page of `template`: `same` decides what it looks like, `own` is filled in, escaped.

    A template may only print names of `own`, never ask about them.
    """
    parts = list(_skeleton(environment, template, tuple(sorted(same.items())), tuple(sorted(own))))
    parts[1::2] = [str(escape(own.get(name, ""))) for name in parts[1::2]]
    return "".join(parts)


@lru_cache(maxsize=KEPT)
def _skeleton(
    environment: Environment, template: str, same: tuple[tuple[str, Hashable], ...], own: tuple[str, ...]
) -> tuple[str, ...]:
    places = {name: Markup(f"\ue000{name}\ue001") for name in own}  # noqa: S704  our own two characters
    return tuple(_PLACE.split(environment.get_template(template).render(**dict(same), **places)))
