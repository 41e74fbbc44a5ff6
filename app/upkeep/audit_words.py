"""What the acts of the audit log are called, in the language of the moment."""

from app.domain.auditing import Act
from app.foundations.languages import gettext, mark

_WORDS = {
    Act.STAFF_ADDED: mark("role given"),
    Act.STAFF_CHANGED: mark("roles of an account changed"),
    Act.SIGN_IN_LINK_PRINTED: mark("sign-in link printed"),
    Act.SESSIONS_ENDED: mark("signed out elsewhere"),
    Act.POLICY_SET: mark("policy switched on"),
    Act.CONNECTION_ADDED: mark("tracker or source added"),
    Act.CONNECTION_CHANGED: mark("tracker or source changed"),
    Act.HOOK_REGISTERED: mark("hook registered with the tool"),
    Act.BACKFILLED: mark("asked the tool for the past"),
    Act.SECRET_RENEWED: mark("secret renewed"),
    Act.OLD_SECRET_FORGOTTEN: mark("old secret ended"),
    Act.API_KEY_ADDED: mark("API key made"),
    Act.API_KEY_REVOKED: mark("API key revoked"),
    Act.INSTRUMENT_ADDED: mark("instrument added"),
    Act.IMPORTED: mark("records imported"),
    Act.PROFILE_SAVED: mark("import profile saved"),
    Act.HELD_BACK_RELEASED: mark("held-back answers accepted"),
    Act.HELD_BACK_DROPPED: mark("held-back answers dropped"),
    Act.FOLLOW_UP_CONTACTED: mark("requester contacted"),
    Act.FOLLOW_UP_NOTED: mark("note on a case of contact written"),
    Act.FOLLOW_UP_DONE: mark("case of contact closed"),
    Act.ACTION_DECIDED: mark("action of a quarter decided"),
    Act.ACTION_CONCLUDED: mark("outcome of an action recorded"),
    Act.DELIVERIES_RETRIED: mark("failed events tried again"),
    Act.PERIODS_REFILED: mark("quarters filed anew"),
    Act.SALTS_RENEWED: mark("secrets of quarters renewed"),
    Act.SCORECARDS_FROZEN: mark("scorecards frozen"),
    Act.SCORECARDS_SENT: mark("scorecards posted"),
    Act.POSTING_STOPPED: mark("posting of scorecards stopped"),
    Act.POSTING_RESUMED: mark("posting of scorecards resumed"),
    Act.POSTING_APPROVED: mark("posting of scorecards approved"),
    Act.CLOSE_CHECKED: mark("step of a quarter's close ticked off"),
    Act.CLOSE_UNCHECKED: mark("step of a quarter's close opened again"),
    Act.PERIOD_RELEASED: mark("answers made unlinkable"),
    Act.PERSON_ERASED: mark("person erased"),
    Act.PERSON_EXPORTED: mark("personal data exported"),
    Act.REQUESTER_TAGGED: mark("key requester tagged or untagged"),
    Act.CODEBOOK_PUBLISHED: mark("codebook published"),
    Act.COMMENTS_READ: mark("comments read"),
    Act.COMMENT_SHOWN: mark("comment let onto scorecards"),
    Act.COMMENT_HIDDEN: mark("comment kept from scorecards"),
    Act.COMMENT_CODED: mark("themes of a comment confirmed"),
    Act.RETENTION_RUN: mark("old data deleted"),
    Act.BACKUP_WRITTEN: mark("backup written"),
    Act.BACKUP_RESTORED: mark("backup restored"),
    Act.LOG_SHORTENED: mark("audit log shortened"),
}


def act_in_words(action: str) -> str:
    """Return what an entry's action is called; one of a later version of Parity stands as it is."""
    return gettext(_WORDS[Act(action)]) if action in {act.value for act in Act} else action
