"""What is looked at, one module an area: `LOOKS`, and where its pages need more than the company has, `furnish`.

Modules are found by their being here, so that areas never edit the same file. `furnish(session, moment)` adds rows
once, before anybody looks; it may count on what `tests.browser.premises` built, not on what other areas add.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from tests.browser.looking import Look


def areas() -> Iterator[ModuleType]:
    """Yield the modules, in the order of their names."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        yield import_module(f"{__name__}.{found.name}")


def looks() -> list[Look]:
    """Return everything that is looked at."""
    return [look for area in areas() for look in area.LOOKS]
