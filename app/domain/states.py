"""States of the things that move: requests, invitations, messages, answers, deliveries, chores, periods and others."""

from enum import StrEnum


class RequestState(StrEnum):
    """Where a request stands in its tracker."""

    OPEN = "open"
    DONE = "done"
    DELETED = "deleted"


class Resolution(StrEnum):
    """How a completion ended; only delivered work is asked about."""

    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    AUTOMATIC = "automatic"


class RequesterKind(StrEnum):
    """Who asked."""

    PERSON = "person"
    BOT = "bot"


class InvitationState(StrEnum):
    """queued → withdrawn | sent → bounced | held_back → answered | answered | expired; closed at the release."""

    QUEUED = "queued"
    WITHDRAWN = "withdrawn"
    SENT = "sent"
    BOUNCED = "bounced"
    HELD_BACK = "held_back"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CLOSED = "closed"


# While an invitation stands in one of these states, its link takes an answer. `queued` is among them because a mail may
# have arrived although the note of it was lost, `bounced` because the link was evidently received.
TAKES_ANSWERS = (
    InvitationState.QUEUED,
    InvitationState.SENT,
    InvitationState.BOUNCED,
    InvitationState.HELD_BACK,
    InvitationState.ANSWERED,
)


class MessageState(StrEnum):
    """waiting → sending (leased) → sent | waiting again | failed; withdrawn before it left."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class ResponseState(StrEnum):
    """Whether an answer counts; held-back ones wait for an administrator, dropped ones never count."""

    ACCEPTED = "accepted"
    HELD_BACK = "held_back"
    DROPPED = "dropped"


class GivenBy(StrEnum):
    """Where somebody's role comes from."""

    COMMAND = "command"
    TREE = "tree"  # the departments name them as head
    OIDC = "oidc"  # a group of the identity provider
    PAGE = "page"


class Tried(StrEnum):
    """What somebody typed to sign in; each is counted for itself, so that the right one excuses no wrong other."""

    PASSWORD = "password"  # noqa: S105  the name of a kind
    CODE = "code"


class WayIn(StrEnum):
    """How somebody of the staff signed in."""

    LINK = "link"  # mailed
    PRINTED = "printed"  # a link from the command line
    OIDC = "oidc"
    PASSWORD = "password"  # noqa: S105  the name of a way, with a code beside it
    PASSKEY = "passkey"


class DeliveryState(StrEnum):
    """A stored body of a hook: waiting for the job, processed, failed with its error kept; or refused at the door."""

    STORED = "stored"
    PROCESSED = "processed"
    FAILED = "failed"
    REFUSED = "refused"  # its sender was told why; what it said is not kept


class PeriodState(StrEnum):
    """A quarter: answers arrive → revision 1 frozen → answers unlinkable."""

    OPEN = "open"
    FROZEN = "frozen"
    RELEASED = "released"


class ConnectionSide(StrEnum):
    """What a connection brings: completed requests, or scores and earlier answers."""

    TRACKER = "tracker"
    SCORES = "scores"


class FollowUpState(StrEnum):
    """A case of somebody who asked for contact."""

    WAITING = "waiting"
    CONTACTED = "contacted"
    DONE = "done"


class ActionResult(StrEnum):
    """What became of what a head had decided to do."""

    DONE = "done"
    PARTLY = "partly"
    DROPPED = "dropped"


class CommentState(StrEnum):
    """What HR has decided about a comment."""

    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


class Role(StrEnum):
    """What a member of staff may do; the table is app/domain/rights.py."""

    HEAD = "head"
    HR = "hr"
    ADMIN = "admin"
    AUDITOR = "auditor"


class DocumentKind(StrEnum):
    """What is frozen at the end of a quarter: a department's scorecard, and HR's document of the whole company."""

    SCORECARD = "scorecard"
    CULTURE = "culture"


class ChoreState(StrEnum):
    """waiting → running (leased) → done | failed; running again when its worker vanished."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ChoreKind(StrEnum):
    """What pages ask the worker to do; each has its work in app/jobs/chores.py."""

    TRY_POLICY = "try_policy"  # a draft of the asking policy on last quarter
    CHECK_CONNECTION = "check_connection"  # try the credentials of a tracker or source
    REGISTER_HOOK = "register_hook"  # try the credentials, then tell the tool where our hook is
    BACKFILL = "backfill"  # ask a tool for everything since a day
    RUN_IMPORT = "run_import"  # check a table that was sent, or import it
    RUN_RETENTION = "run_retention"  # delete what is too old, as every night
    WRITE_BACKUP = "write_backup"  # copy an SQLite installation
