"""What the acts of the audit log are called, in the language of the moment."""

from app.domain.act_groups import ActGroup
from app.domain.auditing import Act
from app.foundations.languages import gettext, mark

_WORDS = {
    Act.STAFF_ADDED: mark("role given"),
    Act.STAFF_CHANGED: mark("roles of an account changed"),
    Act.BREAK_GLASS: mark("emergency access used"),
    Act.WAY_IN_CHANGED: mark("own way to sign in changed"),
    Act.SIGN_IN_LINK_PRINTED: mark("sign-in link printed"),
    Act.SESSIONS_ENDED: mark("signed out elsewhere"),
    Act.POLICY_SET: mark("policy switched on"),
    Act.CONNECTION_ADDED: mark("tracker or source added"),
    Act.CONNECTION_CHANGED: mark("tracker or source changed"),
    Act.CONNECTION_REMOVED: mark("tracker or source removed"),
    Act.HOOK_REGISTERED: mark("hook registered with the tool"),
    Act.BACKFILLED: mark("earlier events fetched from the tool"),
    Act.SECRET_RENEWED: mark("secret renewed"),
    Act.OLD_SECRET_FORGOTTEN: mark("old secret ended"),
    Act.API_KEY_ADDED: mark("API key made"),
    Act.API_KEY_REVOKED: mark("API key revoked"),
    Act.INSTRUMENT_ADDED: mark("question asked by another tool added"),
    Act.IMPORTED: mark("records imported"),
    Act.PROFILE_SAVED: mark("import profile saved"),
    Act.TABLE_SENT: mark("table sent to be imported"),
    Act.TABLE_DROPPED: mark("table thrown away"),
    Act.DEPARTMENT_ADDED: mark("department added"),
    Act.DEPARTMENT_CHANGED: mark("department changed"),
    Act.DEPARTMENT_ENDED: mark("department ended"),
    Act.DEPARTMENT_END_TAKEN_BACK: mark("end of a department taken back"),
    Act.DEPARTMENTS_MERGED: mark("departments merged"),
    Act.PERSON_ADDED: mark("person added"),
    Act.PERSON_CHANGED: mark("person changed"),
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
    Act.SCORECARD_SENT_AGAIN: mark("scorecard mailed once more"),
    Act.RECIPIENTS_CHOSEN: mark("recipients of a scorecard chosen"),
    Act.MAIL_RETRIED: mark("refused mail tried again"),
    Act.MAIL_WITHDRAWN: mark("waiting mail held back"),
    Act.MAIL_TESTED: mark("test mail sent to oneself"),
    Act.SUPPRESSION_LIFTED: mark("bounced address written to again"),
    Act.CLOSE_CHECKED: mark("step of a quarter's close ticked off"),
    Act.CLOSE_UNCHECKED: mark("step of a quarter's close opened again"),
    Act.PERIOD_RELEASED: mark("answers made unlinkable"),
    Act.PERSON_ERASED: mark("person erased"),
    Act.PERSON_EXPORTED: mark("personal data exported"),
    Act.REQUESTER_TAGGED: mark("key requester tagged or untagged"),
    Act.CODEBOOK_PUBLISHED: mark("codebook published"),
    Act.BRANDING_CHANGED: mark("name, logo or colours changed"),
    Act.SURVEY_BEGUN: mark("version of the survey begun"),
    Act.SURVEY_CHANGED: mark("draft of the survey changed"),
    Act.SURVEY_PUBLISHED: mark("version of the survey published"),
    Act.SURVEY_WITHDRAWN: mark("published version of the survey taken back"),
    Act.SURVEY_DROPPED: mark("draft of the survey thrown away"),
    Act.COMMENTS_READ: mark("comments read"),
    Act.COMMENT_SHOWN: mark("comment let onto scorecards"),
    Act.COMMENT_HIDDEN: mark("comment kept from scorecards"),
    Act.COMMENT_TAKEN_OUT: mark("comment taken out of scorecards for good"),
    Act.COMMENT_CODED: mark("themes of a comment confirmed"),
    Act.RETENTION_RUN: mark("old data deleted"),
    Act.BACKUP_WRITTEN: mark("backup written"),
    Act.BACKUP_RESTORED: mark("backup restored"),
    Act.WEBHOOK_ADDED: mark("webhook made"),
    Act.WEBHOOK_REMOVED: mark("webhook removed"),
    Act.WEBHOOK_TESTED: mark("webhook tested"),
    Act.WEBHOOK_SWITCHED_ON: mark("webhook switched on"),
    Act.LOG_SHORTENED: mark("audit log shortened"),
    Act.LOG_EXPORTED: mark("audit log taken along as a file"),
}

_AREAS = {
    ActGroup.ACCESS: mark("Roles, keys and signing in"),
    ActGroup.SETTINGS: mark("Policy, survey and looks"),
    ActGroup.CONNECTIONS: mark("Trackers, sources and webhooks"),
    ActGroup.PEOPLE: mark("People, departments and imports"),
    ActGroup.ANSWERS: mark("Answers, comments and contact"),
    ActGroup.QUARTERS: mark("Quarters, scorecards and mails"),
    ActGroup.DATA: mark("Personal data, backups and this log"),
}


def group_in_words(group: ActGroup) -> str:
    """Return what an area of acts is called."""
    return gettext(_AREAS[group])


def act_in_words(action: str) -> str:
    """Return what an entry's action is called; one of a later version of Parity stands as it is."""
    return gettext(_WORDS[Act(action)]) if action in {act.value for act in Act} else action
