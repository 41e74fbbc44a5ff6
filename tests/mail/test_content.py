"""What the mails say: compared whole with what a person has read, and the promises every one of them keeps."""

import html
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from jinja2 import UndefinedError

from app.domain.instruments import wording
from app.mail.content import SurveyLinks, Why, contacts, invitation, reminder, role_given, scorecard, sign_in_link
from app.mail.render import TEXT_WIDTH, render, shorten
from tests.mail.approve import APPROVED, texts
from tests.mail.samples import (
    BASE,
    LANGUAGES,
    MESSAGES,
    asked,
    document,
    interval,
    links,
    sample,
    scorecard_mail,
    thin_document,
)

LARGEST_HTML = 60_000  # look.md §5.9: Gmail cuts at 102 kB
ALT = (
    "Overall: colleagues 72%, customers 87%. The time it took: colleagues 58%, customers 83%. "
    "Quality of the result: colleagues 81%, customers 88%. Communication: colleagues 64%, customers 79%."
)
everything = pytest.mark.parametrize(
    ("message", "language"), [(message, language) for message in MESSAGES for language in LANGUAGES]
)


def hrefs(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'href="([^"]*)"', page)]


@everything
def test_it_says_what_a_person_has_read_and_approved(message: str, language: str) -> None:
    rendered = texts(message, language)

    approved = {
        suffix: (APPROVED / f"{message}.{language}.{suffix}").read_text(encoding="utf-8") for suffix in rendered
    }
    assert rendered == approved


@everything
def test_its_text_part_keeps_to_72_columns_but_for_links(message: str, language: str) -> None:
    mail = sample(message, language)

    wide = [line for line in mail.text.splitlines() if len(line) > TEXT_WIDTH and not line.startswith("https://")]
    assert wide == []


@everything
def test_its_html_stays_small_and_its_subject_is_one_line(message: str, language: str) -> None:
    mail = sample(message, language)

    assert len(mail.html.encode()) < LARGEST_HTML
    assert "\n" not in mail.subject


@everything
def test_its_text_part_has_every_link_of_the_html(message: str, language: str) -> None:
    mail = sample(message, language)

    assert [link for link in hrefs(mail.html) if link not in mail.text.splitlines()] == []


@everything
def test_it_names_its_language_to_screen_readers(message: str, language: str) -> None:
    mail = sample(message, language)

    assert set(re.findall(r'lang="(\w+)"', mail.html)) == {language}


@everything
def test_opening_it_reaches_nobody(message: str, language: str) -> None:
    mail = sample(message, language)

    assert [
        found for found in re.findall(r'(?:src|background)="([^"]*)"|url\(', mail.html) if found != "cid:chart"
    ] == []
    assert "<link" not in mail.html


def test_an_invitation_has_five_equal_choices_and_three_links() -> None:
    page = f"{BASE}/s/TOKEN"

    mail = invitation(asked("en"), SurveyLinks(page=page, language="en"), wording("en"))

    choices = [f"{page}?score={score}" for score in (1, 2, 3, 4, 5)]
    assert hrefs(mail.html) == [*choices, f"{page}/who-sees-what?lang=en", f"{page}/not-mine", f"{page}/opt-out"]
    assert mail.unsubscribe == f"{page}/opt-out"


def test_a_reminder_says_that_it_is_the_only_one() -> None:
    mail = reminder(asked("en"), links("en"), wording("en"))

    assert "This is the only reminder." in " ".join(mail.text.split())


def test_data_cannot_become_markup() -> None:
    title = '</mj-text><script>alert(1)</script> {{ secret }} & "quotes" \' <b>'

    mail = invitation(asked("en", title=title, department="R&D <x>"), links("en"), wording("en"))

    assert "<script>" not in mail.html
    assert "<b>" not in mail.html.replace('<b class="ink"', "")
    assert "R&amp;D &lt;x&gt;" in mail.html
    assert title in mail.text.splitlines()


def test_a_title_stands_in_attributes_as_it_is() -> None:
    mail = invitation(asked("en", title="C:\\Users is full @@.page@@"), links("en"), wording("en"))

    assert 'aria-label="How was this handled? C:\\Users is full @@.page@@"' in mail.html


def test_a_line_break_in_a_title_stays_out_of_the_subject() -> None:
    mail = invitation(asked("en", title="VPN\r\nBcc: mallory@example.com"), links("en"), wording("en"))

    assert mail.subject == "How was this handled? VPN Bcc: mallory@example.com"


def test_a_long_title_is_cut_at_a_word_with_an_ellipsis() -> None:
    assert shorten("word " * 40, 33) == "word word word word word word…"
    assert shorten("x" * 200, 120) == "x" * 119 + "…"
    assert shorten("short", 120) == "short"


def test_a_requester_without_a_name_and_a_request_without_a_number_get_whole_sentences() -> None:
    mail = invitation(asked("en", recipient_name="", reference=""), links("en"), wording("en"))

    lines = mail.text.splitlines()
    assert lines[0] == "Hello,"
    assert "You get this mail because you asked IT Support for help. We ask you at" in lines


def test_a_template_fails_on_a_missing_name() -> None:
    with pytest.raises(UndefinedError):
        render("invitation", "en", {"title": "VPN"})


@pytest.mark.parametrize(("language", "ending"), [("en", "15 minutes."), ("ru", "15 минут."), ("pl", "15 minut.")])
def test_a_sign_in_link_tells_its_lifetime_with_the_right_plural(language: str, ending: str) -> None:
    mail = sign_in_link(language=language, recipient_name="Bob", link=f"{BASE}/sign-in/x", minutes=15)

    assert ending in mail.text


def test_the_picture_may_be_off_because_its_alternative_text_tells_the_numbers() -> None:
    mail = scorecard(scorecard_mail("en"))

    assert re.findall(r'<img [^>]*alt="([^"]*)"', mail.html) == [ALT]


def test_a_scorecard_has_one_button_one_picture_and_one_pdf() -> None:
    mail = scorecard(scorecard_mail("en"))

    assert mail.html.count('class="go"') == 1
    assert [picture.name for picture in mail.inline] == ["chart"]
    assert [file.filename for file in mail.attachments] == ["it-support-2026-Q3-r1.pdf"]
    assert mail.unsubscribe == ""


def test_five_to_nine_people_are_told_in_tenths_and_not_in_the_subject() -> None:
    few = document()
    few["internal"] = {"csat_overall": {"top_two_box": interval(0.7, 0.3, 0.9, 7, 7, "wilson_coarse")}}
    few["external"], few["gap"] = {"touchpoints": []}, {}

    mail = scorecard(scorecard_mail("en", document=few))

    assert mail.subject == "IT Support, July to September 2026: the scorecard"
    assert "  Colleagues: about 7 in 10 (3–9)" in mail.text.splitlines()
    assert "Customers" not in mail.html


def test_too_few_for_a_verdict_says_how_many_there_are_of_those_needed() -> None:
    mail = scorecard(scorecard_mail("en", document=thin_document()))

    assert "  28 of the 30 needed" in mail.text.splitlines()
    assert "  not comparable" in mail.text.splitlines()


def test_class_c_compares_scores() -> None:
    scores: dict[str, Any] = document()
    for side in ("internal", "external"):
        scores[side] = {"csat_overall": {"score_0_100": interval(71.4, 66, 77, 58, 64, "adjusted")}}
    scores["gap"] = {
        "csat_overall": {
            "comparability": "C",
            "score_0_100": interval(-9.2, -14, -3, [58, 318], [64, 318]),
            "verdict": "worse",
        }
    }

    mail = scorecard(scorecard_mail("en", document=scores))

    assert "  Colleagues: 71 of 100 (66–77)" in mail.text.splitlines()
    assert "  Points: −9, lower" in mail.text.splitlines()


def test_a_quarter_with_nothing_to_show_still_makes_a_mail() -> None:
    hidden = {key: value for key, value in document().items() if key not in {"internal", "external", "gap", "funnel"}}
    sentences = replace(scorecard_mail("en").sentences, action="", reason="", next_scorecard="")

    mail = scorecard(scorecard_mail("en", document=hidden, sentences=sentences, chart=b"", pdf=b"", waiting=0))

    assert mail.inline == ()
    assert mail.attachments == ()
    assert "<img" not in mail.html
    assert "Open the scorecard" in mail.html


def test_what_came_of_the_last_thing_to_do_stands_below_the_next_one() -> None:
    sentences = replace(scorecard_mail("en").sentences, previous="It has not clearly changed since (64% after 60%).")

    mail = scorecard(replace(scorecard_mail("en"), sentences=sentences))

    for body in (mail.text, mail.html):
        assert body.index("Start with the time it took.") < body.index("It has not clearly changed since")


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (Why.HEAD, "you head IT Support."),
        (Why.HEAD_ABOVE, "IT Support has no head and belongs to your department."),
        (Why.HR, "IT Support has no head; HR stands in."),
        (Why.DEPUTY, "HR sends you the scorecard of IT Support too."),
    ],
)
def test_it_says_why_this_reader_gets_the_scorecard(why: Why, reason: str) -> None:
    mail = scorecard(scorecard_mail("en", why=why))

    assert f"You get this mail because {reason}" in " ".join(mail.text.split())


@pytest.mark.parametrize("count", [2, 21])
def test_many_who_ask_for_contact_are_never_one_person(count: int) -> None:
    mail = contacts(
        language="ru",
        recipient_name="Bob",
        departments=("IT", "Logistics"),
        count=count,
        since=date(2026, 11, 24),
        link=f"{BASE}/scorecards",
    )

    text = mail.text.replace("\u00a0", " ").replace("\n", " ")
    assert "Речь о заявках в «IT», «Logistics», результат которых людей не устроил." in text


def test_who_sees_more_stands_in_the_mail_with_departments_and_why_to_look_twice() -> None:
    told = {"recipient_name": "Helen Hum", "who": "", "by": "carol@halden.example", "at": "2026-11-17 09:30 UTC"}
    lines = [
        {
            "who": f"{mark or 'known'}@x.example",
            "mark": mark,
            "sees": sees,
            "departments": ["IT\n(IT)", "<b>"],
            "more": more,
        }
        for mark, sees, more in (
            ("administrator", "results", 0),
            ("foreign", "names", 3),
            ("unknown", "both", 0),
            ("", "both", 0),
        )
    ]

    mail = role_given(language="en", given=["seen"], lines=lines, **told)

    words = " ".join(mail.text.split())
    assert mail.subject == "Somebody sees more in Parity since departments were changed"
    assert "administrator@x.example (administrator): results of IT (IT), <b>" in words
    assert (
        "foreign@x.example (nobody known here has an address at this domain): names of those who ask to be contacted,"
        " of IT (IT), <b> and 3 more unknown@x.example (nobody is known here by this address): results, and names of"
        " those who ask to be contacted, of IT (IT), <b> known@x.example: results, and"
    ) in words
    assert "<b>" not in "".join(mail.html_pieces)
