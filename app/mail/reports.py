"""What an incoming mail says about one of ours: delivery status notifications (RFC 3464) and complaints (RFC 5965).

Everything else (out of office, vacation, an answer by hand) is ignored, and nothing is ever answered automatically.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from enum import StrEnum

from app.foundations.languages import gettext

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_OUR_ADDRESS = re.compile(r"bounces\+[0-9a-f.]+@[\w.-]+", re.IGNORECASE)
_CONTAINER = re.compile(rb"(?:^|[\r\n])content-type:\s*(?:multipart|message)/", re.IGNORECASE)
LARGEST_MAIL = 10 * 1024 * 1024  # bytes; a report quotes at most one mail of ours
MOST_CONTAINERS = 100  # parts that hold parts: a report has three, and Python's own parser recurses for each
_ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


class Verdict(StrEnum):
    """What became of a message of ours."""

    PERMANENT = "permanent"
    DELAYED = "delayed"
    COMPLAINT = "complaint"
    IGNORED = "ignored"


@dataclass(frozen=True, kw_only=True)
class Report:
    """The conclusion from one incoming mail."""

    verdict: Verdict
    why: str
    address: str = ""  # the bounce address it is about; not yet checked for our signature
    status: str = ""  # RFC 3463, for example 5.1.1


def read_report(content: bytes, *, recipient: str = "") -> Report:
    """Conclude from a whole incoming mail; `recipient` is the envelope's, where the mail server tells it."""
    if why := _too_much(content):
        return Report(verdict=Verdict.IGNORED, why=why)
    mail = message_from_bytes(content, policy=policy.compat32)
    address = _bounce_address(mail, recipient)
    kind = str(mail.get_param("report-type", "")).lower() if mail.get_content_type() == "multipart/report" else ""
    if kind == "delivery-status":
        return _delivery_status(mail, address)
    if kind == "feedback-report" and _feedback_type(mail) == "not-spam":  # RFC 6430: the opposite of a complaint
        return Report(verdict=Verdict.IGNORED, why="the reader said that it is no spam")
    if kind == "feedback-report":
        return Report(verdict=Verdict.COMPLAINT, why="the reader marked it as spam", address=address)
    if str(mail.get("Auto-Submitted", "no")).strip().lower() != "no":
        return Report(verdict=Verdict.IGNORED, why="an automatic reply")
    return Report(verdict=Verdict.IGNORED, why="no delivery report")


def _too_much(content: bytes) -> str:
    """Say why a mail is not read at all; empty for one that is."""
    if len(content) > LARGEST_MAIL:
        return gettext("the mail is larger than %(megabytes)s MB", megabytes=LARGEST_MAIL // 1024 // 1024)
    if sum(1 for _ in _CONTAINER.finditer(content)) > MOST_CONTAINERS:
        return gettext("the mail holds more than %(number)s mails and lists of parts", number=MOST_CONTAINERS)
    return ""


def _feedback_type(mail: Message) -> str:
    """Return the kind of a feedback report (RFC 5965 §3.1), in lower case."""
    for part in mail.walk():
        if part.get_content_type() == "message/feedback-report":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) else None
            told = inner if isinstance(inner, Message) else message_from_string(str(payload))
            return str(told.get("Feedback-Type", "")).strip().lower()
    return ""


def _delivery_status(mail: Message, address: str) -> Report:
    for block in _blocks(mail):
        action = str(block.get("Action", "")).strip().lower()
        if not action:
            continue
        diagnosis = " ".join(str(block.get("Diagnostic-Code", "")).split())
        found = _STATUS.search(str(block.get("Status", ""))) or _STATUS.search(diagnosis)
        status = found[0] if found else "5.0.0"
        if action == "failed" and status.startswith("5."):
            return Report(verdict=Verdict.PERMANENT, why=diagnosis or "failed", address=address, status=status)
        if action in {"failed", "delayed"}:
            return Report(verdict=Verdict.DELAYED, why="delayed", address=address, status=status)
        return Report(verdict=Verdict.IGNORED, why=f"the message was {action}")
    return Report(verdict=Verdict.IGNORED, why="a delivery report without a recipient")


def _blocks(mail: Message) -> Iterator[Message]:
    """Yield the header blocks of message/delivery-status: one about the message, then one a recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            yield from (block for block in payload if isinstance(block, Message)) if isinstance(payload, list) else ()


def _bounce_address(mail: Message, recipient: str) -> str:
    """Find our address: where the report went, else in what it says about the original."""
    places = [recipient, *(str(value) for name in _ADDRESSED for value in mail.get_all(name, []))]
    for part in mail.walk():
        places += [str(part.get(name, "")) for name in ("Return-Path", "Original-Mail-From")]
        if part.get_content_type() in {"message/feedback-report", "text/rfc822-headers"}:
            places.append(str(part.get_payload()))
    found = (_OUR_ADDRESS.search(place) for place in places)
    return next((match[0] for match in found if match), "")
