"""What the worker does: the tasks that hints ask for by name, and the steps that are swept when due.

Order within STEPS is the order of one sweep: a step that needs another's result stands behind it.
"""

from collections.abc import Callable

from app.jobs.deliveries import process_deliveries
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.jobs.steps import Step

TASKS: dict[str, Callable[..., object]] = {"process_deliveries": process_deliveries, "deliver_mail": deliver_mail}

STEPS: tuple[Step, ...] = (
    Step("process_deliveries", lambda installation, now: process_deliveries(installation, now=now)),
    Step("invitations", lambda installation, now: run_invitations(installation, now=now)),
    Step("deliver_mail", lambda installation, now: deliver_mail(installation, now=now)),
)
