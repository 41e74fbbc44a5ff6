"""What the worker does: the tasks that hints ask for by name, and the steps that are swept when due.

Order within STEPS is the order of one sweep: a step that needs another's result stands behind it.
"""

from datetime import timedelta

from app.jobs.chores import call_for_chores, run_chores, run_short_chores
from app.jobs.deliveries import process_deliveries
from app.jobs.follow_ups import tell_heads
from app.jobs.hooks import look_after_hooks
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.jobs.night import retain
from app.jobs.polling import poll_connections
from app.jobs.quarters import freeze_due, post_due, release_due, roll_up
from app.jobs.steps import Step
from app.jobs.webhooks import tell_webhooks

STEPS: tuple[Step, ...] = (
    Step("process_deliveries", process_deliveries, did="read"),
    Step("poll_connections", poll_connections, did="polled"),
    Step("look_after_hooks", look_after_hooks, every=timedelta(hours=6), did="alive"),
    Step("invitations", run_invitations, did="written"),
    Step("roll_up", roll_up, every=timedelta(minutes=10), did="department-quarters"),
    Step("freeze", freeze_due, did="scorecards"),
    Step("post", post_due, did="mails written"),
    Step("release", release_due, did="quarters"),
    Step("tell_heads", tell_heads, every=timedelta(minutes=5), did="mails written"),
    Step("deliver_mail", deliver_mail),
    Step("tell_webhooks", tell_webhooks, did="taken"),
    Step("call_for_chores", call_for_chores, did="waiting"),
    Step("retain", retain, every=None),
)

_ASKED_FOR = {"process_deliveries", "deliver_mail", "tell_webhooks"}
#: Chores are no step: a long one would hold up invitations and mail. Each hint goes down both lines, the second where
#: the first is busy.
_CHORES = (Step("run_chores", run_chores, did="chores"), Step("run_short_chores", run_short_chores, did="chores"))
TASKS: dict[str, tuple[Step, ...]] = {step.name: (step,) for step in STEPS if step.name in _ASKED_FOR} | {
    _CHORES[0].name: _CHORES
}
