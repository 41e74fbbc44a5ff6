"""Comments from the held answer to the frozen scorecard, and what is left of them afterwards."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.scorecards.digest import is_genuine
from app.domain.states import CommentState, InvitationState
from app.models.comments import CommentReview, reviews_of
from app.models.departments import Department
from app.models.responses import HeldResponse, ImportedPeriod, ReleasedComment
from app.models.rollups import mark_dirty
from app.models.scorecards import ScorecardRevision
from app.pipeline import release, rollups, scorecards
from app.upkeep.privacy.erasure import erase
from app.upkeep.quarters import comment_review as review
from app.upkeep.quarters.comment_review import Coder
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, FREEZE, KEYS, Q3, company, document
from tests.builders.responses import held_response
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

OPENS = CALENDAR.comments_open_at(Q3)
AUTOMATIC = AskingPolicy(show_comments_automatically=True)


def commented(
    session: Session, provider: Department, *texts: str | None, start: int = 0, **fields: object
) -> list[HeldResponse]:
    """Let one person a text answer; None writes nothing."""
    rows = []
    for number, text in enumerate(texts, start=start):
        who = person(session, f"c{number}-{provider.code}@example.com".lower(), name=f"Ines Varga{number}")
        given = {"csat_overall": 5, "timeliness": 4}
        rows.append(held_response(session, provider, who, given, str(Q3), comment=text, **fields))
    mark_dirty(session, provider.id, str(Q3), CALENDAR.ends_at(Q3))
    return rows


def opened(session: Session, now: datetime = OPENS) -> int:
    return scorecards.open_comments(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=now)


def frozen(session: Session, policy: AskingPolicy | None = None, now: datetime = FREEZE) -> int:
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    return scorecards.freeze(session, Q3, calendar=CALENDAR, policy=policy or AskingPolicy(), now=now)


def texts(found: dict[str, Any]) -> set[str]:
    return {comment["text"] for comment in found["comments"]}


def test_hr_reads_redacted_text_of_groups_of_ten_once_no_invitation_can_be_answered(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], "Danke, Ines! Tel. 030 1234567", *[None] * 9)
    commented(session, places["HR"], "only nine of us", *[None] * 8)
    commented(session, places["SALES"], "we asked to be contacted", *[None] * 9, has_consented=True)
    commented(session, places["IT"], "and so did I", start=10, has_consented=True)

    with pytest.raises(scorecards.CommentsNotOpen):
        opened(session, OPENS - timedelta(seconds=1))
    count = opened(session)

    found = review.read_comments(session, Q3)
    assert count == len(found) == 1
    assert (found[0].department, found[0].text, found[0].is_flagged) == ("IT", "Danke, [name]! Tel. [number]", True)


def test_comments_are_opened_once(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], "first", *[None] * 9)
    opened(session)

    commented(session, places["IT"], "later", start=10)

    assert opened(session) == 0
    assert [found.text for found in review.read_comments(session, Q3)] == ["first"]


def test_comments_wait_until_the_last_invitation_has_ended_west_of_the_company(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], "first", *[None] * 9)
    who, asked_at = person(session, "ann@example.com"), OPENS - timedelta(days=8)
    cycle = completed_request(session, places["IT"], who, CALENDAR.last_moment(Q3))
    ends_at = OPENS + timedelta(hours=9)
    asked = invitation(session, cycle, sent_at=asked_at, expires_at=ends_at, state=InvitationState.ANSWERED)

    with pytest.raises(scorecards.CommentsNotOpen) as early:
        opened(session, OPENS + timedelta(hours=8))
    asked.state = InvitationState.EXPIRED
    session.flush()

    assert early.value.opens_at == ends_at
    assert opened(session, OPENS + timedelta(hours=8)) == 1


def test_comments_of_a_historical_quarter_are_opened_by_its_freeze_alone(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], "imported", *[None] * 14)
    session.add(ImportedPeriod(period=str(Q3), first_import_at=FREEZE, last_import_at=FREEZE))
    session.flush()

    with pytest.raises(scorecards.CommentsNotOpen) as early:
        opened(session, FREEZE + timedelta(days=60))
    frozen(session, now=FREEZE + timedelta(days=61))

    assert early.value.opens_at is None
    assert opened(session, FREEZE + timedelta(days=61)) == 0
    assert [found.text for found in review.read_comments(session, Q3)] == ["imported"]


def test_only_what_hr_lets_through_is_printed_without_score_or_date_and_the_text_is_not_digested(
    database: Database,
) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], *(f"comment {letter}" for letter in "abcdefghij"))
    opened(session)
    by_text = {found.text: found.id for found in review.read_comments(session, Q3)}
    for letter in "abcd":
        review.show_comment(session, by_text[f"comment {letter}"])
    review.hide_comment(session, by_text["comment d"][:8])

    frozen(session)

    found = document(session, places["IT"])
    assert texts(found) == {"comment a", "comment b", "comment c"}
    assert [sorted(comment) for comment in found["comments"]] == [["id", "text"]] * 3
    assert found["comments"] == sorted(found["comments"], key=lambda comment: comment["id"])
    assert document(session, places["ALL"])["comments"] == []
    assert is_genuine(found)
    assert is_genuine(found | {"comments": [{"id": comment["id"]} for comment in found["comments"]]})


def test_the_policy_shows_what_nobody_read_but_no_names_no_sensitive_words_and_nobody_who_asked_for_contact(
    database: Database,
) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], "quick and kind", "thanks, Ines", "I was bullied", "x" * 700, *[None] * 10)
    commented(session, places["IT"], "please call me", start=20)
    commented(session, places["IT"], "rapidísimo", start=30, language="es")
    opened(session)
    whose = session.scalar(select(HeldResponse).where(HeldResponse.comment == "please call me"))
    assert whose is not None
    whose.has_consented = True  # replaced by an import that came later

    frozen(session, AUTOMATIC)

    assert texts(document(session, places["IT"])) == {"quick and kind"}
    assert {found.state for found in reviews_of(session, str(Q3))} == {CommentState.WAITING}


def test_a_later_revision_keeps_what_was_told_and_a_hidden_text_leaves_the_frozen_one(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], *(f"comment {letter}" for letter in "abcdefghij"))
    opened(session)
    by_text = {found.text: found.id for found in review.read_comments(session, Q3)}
    review.show_comment(session, by_text["comment a"])
    frozen(session)
    first = document(session, places["IT"])

    review.show_comment(session, by_text["comment b"])
    frozen(session, now=FREEZE + timedelta(days=2))
    second = document(session, places["IT"], 2)
    _, taken_out = review.hide_comment(session, by_text["comment a"])

    assert (texts(first), texts(second), second["revision"]) == ({"comment a"}, {"comment a", "comment b"}, 2)
    assert taken_out == 2
    last = document(session, places["IT"], 2)
    assert is_genuine(last)
    assert {"id": by_text["comment a"]} in last["comments"]


def test_confirmed_codes_are_counted_as_themes_and_proposals_are_not(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], *["waited long"] * 11, *["waited long, friendly"] * 11)
    opened(session)
    for number, found in enumerate(review.read_comments(session, Q3)):
        assert "waiting" in found.proposed
        if found.text == "waited long":
            review.confirm_comment(session, found.id, calendar=CALENDAR)
        else:
            review.code_comment(session, found.id, [], calendar=CALENDAR)
        if number < 3:
            review.code_comment(session, found.id, ["reach"], coder=Coder.SECOND, calendar=CALENDAR)

    frozen(session)

    rows = [row for row in document(session, places["IT"])["themes"] if row["source"] == "comments"]
    assert [(row["theme"], row["answers"], row["share"]["answers"]) for row in rows] == [("waiting", 11, 22)]
    assert rows[0]["names"]["de"] == "Es dauerte lange"
    assert is_genuine(document(session, places["IT"]))
    assert review.coders_agreement(session, Q3).n == 3
    with pytest.raises(review.CodingClosed):
        review.code_comment(session, review.read_comments(session, Q3)[0].id, [], calendar=CALENDAR)


def test_nothing_is_confirmed_where_nothing_is_proposed(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], "hm", *[None] * 9)
    opened(session)
    found = review.read_comments(session, Q3)[0]

    with pytest.raises(review.NothingProposed):
        review.confirm_comment(session, found.id, calendar=CALENDAR)

    assert (found.proposed, review.read_comments(session, Q3)[0].codes) == ((), None)


def test_erasing_a_person_removes_a_held_comment_and_leaves_the_frozen_one(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], "only one", *[None] * 14)
    frozen(session, AUTOMATIC)

    erase(session, KEYS, CALENDAR, "c0-it@example.com", now=FREEZE)

    assert session.scalar(select(func.count()).select_from(CommentReview)) == 0
    assert texts(document(session, places["IT"])) == {"only one"}


def test_the_release_keeps_what_hr_could_read_and_nothing_that_leads_back(database: Database) -> None:
    session, places = database.session, company(database.session)
    department(session, "LAB", parent=places["ALL"])
    commented(session, places["IT"], "kept", "hidden", *[None] * 9)
    commented(session, places["HR"], "read by nobody", *[None] * 5)
    frozen(session, AUTOMATIC)
    ids = {comment["text"]: comment["id"] for comment in document(session, places["IT"])["comments"]}
    printed = ids["kept"]
    review.hide_comment(session, ids["hidden"])

    release.release(session, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=5, now=FREEZE + timedelta(days=14))

    assert session.scalars(select(ReleasedComment.text)).all() == ["kept"]
    assert session.scalar(select(func.count()).select_from(CommentReview)) == 0
    assert [(found.id, found.state) for found in review.read_comments(session, Q3, "IT")] == [(printed, None)]
    with pytest.raises(review.CommentReleased):
        review.show_comment(session, printed)
    assert review.hide_comment(session, printed) == (printed, 1)
    assert review.read_comments(session, Q3) == []
    stored = session.scalars(select(ScorecardRevision.document)).all()
    assert not any("kept" in json.loads(text)["comments"] for text in stored)


def test_a_comment_that_nobody_has_is_named(database: Database) -> None:
    for prefix in ("abc", "zzzzzz", "abcdef"):
        with pytest.raises(review.UnknownComment):
            review.show_comment(database.session, prefix)


def test_a_preview_draws_no_comments(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], *(f"comment {letter}" for letter in "abcdefghij"))
    opened(session)
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)

    shown = list(scorecards.preview(session, Q3, calendar=CALENDAR, policy=AUTOMATIC, now=FREEZE))

    frozen(session, AUTOMATIC)
    assert [found["comments"] for found in shown] == [[]] * len(shown)
    assert len(texts(document(session, places["IT"]))) == 3
