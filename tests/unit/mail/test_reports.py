import pytest

from app.mail.reports import Report, Verdict, read_report
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
