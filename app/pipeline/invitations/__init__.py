"""Whom we ask: decide and invite, remind the silent, withdraw, expire. Posting is the outbox's business."""

from app.pipeline.invitations.deciding import InviteTally, fix_sampling_rates, invite_due
from app.pipeline.invitations.following import confirm_sent, expire_due, remind_due
from app.pipeline.invitations.leaving import may_leave
from app.pipeline.invitations.passing import PassTally, pass_once
from app.pipeline.invitations.runs import RunEarlierThanLast, claim_run
from app.pipeline.invitations.withdrawing import fail_undelivered, withdraw_reopened

__all__ = [
    "InviteTally",
    "PassTally",
    "RunEarlierThanLast",
    "claim_run",
    "confirm_sent",
    "expire_due",
    "fail_undelivered",
    "fix_sampling_rates",
    "invite_due",
    "may_leave",
    "pass_once",
    "remind_due",
    "withdraw_reopened",
]
