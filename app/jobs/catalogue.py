"""What the worker does: the tasks that hints ask for by name, and the steps that are swept when due.

Order within STEPS is the order of one sweep: a step that needs another's result stands behind it.
"""

from collections.abc import Callable

from app.jobs.deliveries import process_deliveries
from app.jobs.steps import Step

TASKS: dict[str, Callable[..., object]] = {"process_deliveries": process_deliveries}

STEPS: tuple[Step, ...] = (
    Step("process_deliveries", lambda installation, now: process_deliveries(installation, now=now)),
)
