"""What we say: one function a message, each returning a Mail."""

from app.mail.content.break_glass import break_glass
from app.mail.content.closed_case import ClosedCase, closed_case
from app.mail.content.contacts import contacts
from app.mail.content.data_exported import data_exported
from app.mail.content.mail import Attachment, Inline, Mail
from app.mail.content.reasons import Why
from app.mail.content.role_given import role_given
from app.mail.content.scorecard import ScorecardMail, ScorecardSentences, scorecard, small_department
from app.mail.content.sign_in import sign_in_link
from app.mail.content.survey import AskedRequest, SurveyLinks, invitation, reminder
from app.mail.content.way_in_changed import way_in_changed

__all__ = [
    "AskedRequest",
    "Attachment",
    "ClosedCase",
    "Inline",
    "Mail",
    "ScorecardMail",
    "ScorecardSentences",
    "SurveyLinks",
    "Why",
    "break_glass",
    "closed_case",
    "contacts",
    "data_exported",
    "invitation",
    "reminder",
    "role_given",
    "scorecard",
    "sign_in_link",
    "small_department",
    "way_in_changed",
]
