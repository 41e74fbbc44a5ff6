"""Mails that come back, as servers write them."""


def delivery_report(
    address: str, *, action: str = "failed", status: str = "5.1.1", diagnosis: str = "smtp; 550 5.1.1 no such user"
) -> bytes:
    """A delivery status notification (RFC 3464) that came to `address`."""
    return f"""From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: {address}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Tue, 17 Nov 2026 09:30:00 +0000

Final-Recipient: rfc822; alice@example.com
Original-Recipient: rfc822;alice@example.com
Action: {action}
Status: {status}
Diagnostic-Code: {diagnosis}

--x
Content-Type: text/rfc822-headers

From: Parity <parity@example.com>
To: alice@example.com

--x--
""".encode()


def complaint(address: str) -> bytes:
    """A feedback report (RFC 5965) about a mail sent from `address`."""
    return f"""From: <feedback@mail.example.com>
To: abuse@example.com
Subject: FW: a survey
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="x"

--x
Content-Type: text/plain

This is an email abuse report.
--x
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{address}>

--x
Content-Type: message/rfc822

From: Parity <parity@example.com>
Subject: a survey

text
--x--
""".encode()


def out_of_office(address: str) -> bytes:
    """An automatic reply."""
    return f"""From: alice@example.com
To: {address}
Subject: Out of office
Auto-Submitted: auto-replied
Content-Type: text/plain

I am away until Monday. 5.1.1
""".encode()
