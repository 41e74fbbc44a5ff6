import pytest

from app.mail.reports import LARGEST_MAIL, Report, Verdict, read_report
from tests.mail.returned import complaint, delivery_report, out_of_office

ADDRESS = "bounces+2a.0123456789abcdef0123@example.com"


def test_a_failed_delivery_is_permanent_and_names_its_address_and_status() -> None:
    assert read_report(delivery_report(ADDRESS)) == Report(
        verdict=Verdict.PERMANENT, why="smtp; 550 5.1.1 no such user", address=ADDRESS, status="5.1.1"
    )


@pytest.mark.parametrize(
    ("action", "status", "verdict"),
    [
        ("delayed", "4.4.7", Verdict.DELAYED),
        ("failed", "4.4.7", Verdict.DELAYED),
        ("delivered", "2.0.0", Verdict.IGNORED),
        ("relayed", "2.0.0", Verdict.IGNORED),
        ("Failed", "5.2.2", Verdict.PERMANENT),
    ],
)
def test_action_and_status_decide(action: str, status: str, verdict: Verdict) -> None:
    assert read_report(delivery_report(ADDRESS, action=action, status=status)).verdict is verdict


def test_a_status_may_stand_in_the_diagnosis_only() -> None:
    report = read_report(delivery_report(ADDRESS, status="", diagnosis="smtp; 552 5.2.2 mailbox full"))

    assert (report.verdict, report.status) == (Verdict.PERMANENT, "5.2.2")


def test_a_failure_without_any_status_is_a_mild_one() -> None:
    report = read_report(delivery_report(ADDRESS, status="", diagnosis="smtp; 550 go away"))

    assert (report.verdict, report.status) == (Verdict.PERMANENT, "5.0.0")


def test_the_envelopes_recipient_is_believed_before_the_header() -> None:
    report = read_report(delivery_report("postmaster@example.com"), recipient=ADDRESS)

    assert report.address == ADDRESS


def test_a_complaint_names_the_address_that_it_is_about() -> None:
    assert read_report(complaint(ADDRESS)) == Report(
        verdict=Verdict.COMPLAINT, why="the reader marked it as spam", address=ADDRESS
    )


def test_a_reader_who_takes_a_mail_out_of_the_spam_folder_does_not_complain() -> None:
    report = read_report(complaint(ADDRESS).replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam"))

    assert report == Report(verdict=Verdict.IGNORED, why="the reader said that it is no spam")


def test_an_automatic_reply_is_ignored_whatever_it_says() -> None:
    assert read_report(out_of_office(ADDRESS)) == Report(verdict=Verdict.IGNORED, why="an automatic reply")


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\xfe", b"Content-Type: multipart/report; report-type=delivery-status\n\nno parts", b"hello\n"],
)
def test_rubbish_is_ignored(content: bytes) -> None:
    assert read_report(content).verdict is Verdict.IGNORED


def nested(kind: bytes, depth: int, *, between: bytes = b" ") -> bytes:
    """A report whose parts hold one another, and are never closed."""
    parts = [
        b"Content-Type:" + between + kind + b'; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(depth)
    ]
    head = b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n--a\n"
    return head + b"".join(parts) + b"\ndeep down\n"


@pytest.mark.parametrize("between", [b" ", b"\n ", b""])
@pytest.mark.parametrize("kind", [b"multipart/mixed", b"MESSAGE/rfc822", b"multipart/digest"])
def test_parts_within_parts_are_ignored_with_the_reason(kind: bytes, between: bytes) -> None:
    report = read_report(nested(kind, 20_000, between=between))

    assert (report.verdict, report.why) == (Verdict.IGNORED, "the mail holds more than 100 mails and lists of parts")


@pytest.mark.parametrize("kind", [b"multipart/mixed", b"message/rfc822", b"multipart/digest"])
def test_as_many_as_are_taken_can_be_read(kind: bytes) -> None:
    assert read_report(nested(kind, 99)).why == "a delivery report without a recipient"


def test_a_huge_mail_is_ignored_with_the_reason() -> None:
    report = read_report(b"Subject: x\n\n" + b"x" * LARGEST_MAIL)

    assert (report.verdict, report.why) == (Verdict.IGNORED, "the mail is larger than 10 MB")
