"""What the worker does: the tasks that hints ask for by name, and the steps that are swept when due.

Order within STEPS is the order of one sweep: a step that needs another's result stands behind it.
"""

from collections.abc import Callable
from datetime import timedelta

from app.jobs.deliveries import process_deliveries
from app.jobs.follow_ups import tell_heads
from app.jobs.hooks import look_after_hooks
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.jobs.night import retain
from app.jobs.polling import poll_connections
from app.jobs.quarters import freeze_due, post_due, release_due, roll_up
from app.jobs.steps import Step

TASKS: dict[str, Callable[..., object]] = {"process_deliveries": process_deliveries, "deliver_mail": deliver_mail}

STEPS: tuple[Step, ...] = (
    Step("process_deliveries", process_deliveries),
    Step("poll_connections", poll_connections),
    Step("look_after_hooks", look_after_hooks, every=timedelta(hours=6)),
    Step("invitations", run_invitations),
    Step("roll_up", roll_up, every=timedelta(minutes=10)),
    Step("freeze", freeze_due),
    Step("post", post_due),
    Step("release", release_due),
    Step("tell_heads", tell_heads, every=timedelta(minutes=5)),
    Step("deliver_mail", deliver_mail),
    Step("retain", retain, every=None),
)
