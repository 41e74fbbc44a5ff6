"""Wrong, missing and far too large input: a sentence each, nothing half-written, nothing typed lost."""

from sqlalchemy import event

from tests.integration.web.conftest import NOTHING, Link, nonce_of


def test_a_rating_that_is_none_of_the_five_is_named(link: Link) -> None:
    for rating in ("7", "0", "-1", "4.0", "five", "na", "４"):
        answer = link.post({"csat_overall": rating, "comment": "still here", "timeliness": "3"})

        assert answer.status_code == 422, rating
        assert "This is none of the five answers. Choose one of them." in answer.text, rating
        assert ">\nstill here</textarea>" in answer.text, rating
        assert 'name="timeliness" value="3" checked' in answer.text, rating
        assert link.result() == NOTHING, rating


def test_a_missing_rating_is_asked_for(link: Link) -> None:
    answer = link.post({"comment": "good work"})

    assert answer.status_code == 422
    assert '<a href="#csat_overall">Choose one of the five answers.</a>' in answer.text


def test_a_wrong_choice_in_the_grid_is_named(link: Link) -> None:
    answer = link.post({"csat_overall": "4", "communication": "11"})

    assert answer.status_code == 422
    assert "This is none of the choices." in answer.text
    assert link.result() == NOTHING


def test_a_comment_over_the_limit_is_kept_and_its_excess_named(link: Link) -> None:
    comment = "ж" * 2003

    answer = link.post({"csat_overall": "4", "comment": comment})

    assert answer.status_code == 422
    assert "Your comment is 3 characters too long; there is room for 2000." in answer.text
    assert comment in answer.text
    assert link.result() == NOTHING


def test_a_comment_of_the_limit_fits_whatever_the_line_ends(link: Link) -> None:
    comment = "ab\r\n" * 666 + "cd"

    answer = link.post({"csat_overall": "4", "comment": comment})

    stored = link.response()
    assert answer.status_code == 200
    assert stored is not None
    assert len(stored.comment or "") == 2000


def test_a_comment_is_stored_without_the_characters_that_nobody_reads(link: Link) -> None:
    link.post({"csat_overall": "4", "comment": "a\0\x1b\x7f\u202eb"})

    stored = link.response()
    assert stored is not None
    assert stored.comment == "ab"


def test_a_comment_of_five_megabytes_is_refused_kindly(link: Link) -> None:
    answer = link.post({"csat_overall": "4", "comment": "x" * 5_000_000})

    assert answer.status_code == 413
    assert "That was too much text" in answer.text
    assert "what you typed is still there" in answer.text
    assert link.result() == NOTHING


def test_a_form_that_was_not_ours_stores_nothing_and_asks_once_more(link: Link) -> None:
    for nonce in ("", "nonsense", "1a1e8d781c0p.9ZgoMM3yW7EhypsOVkSN2dOvlogrogDjUFOKM1Wfw2A", "é"):
        answer = link.app.test_client().post(link.path, data={"csat_overall": "4", "comment": "kept", "nonce": nonce})

        assert answer.status_code == 400, nonce
        assert "One more press, please." in answer.text, nonce
        assert ">\nkept</textarea>" in answer.text, nonce
        assert link.result() == NOTHING, nonce


def test_the_nonce_of_another_link_is_not_ours(link: Link) -> None:
    from app.foundations.crypto import Keys
    from app.web.survey import page_nonce

    keys: Keys = link.app.extensions["parity_keys"]
    foreign = page_nonce.issue(keys, b"another link 16b", now=link.clock.moment)
    link.clock.wait(seconds=60)

    answer = link.app.test_client().post(link.path, data={"csat_overall": "4", "nonce": foreign})

    assert answer.status_code == 400
    assert link.result() == NOTHING


def test_typed_text_is_shown_as_text(link: Link) -> None:
    answer = link.post({"comment": "</textarea><script>alert(1)</script>"})

    assert "<script>alert" not in answer.text
    assert "&lt;/textarea&gt;&lt;script&gt;" in answer.text


def test_a_locked_database_says_so_and_keeps_nothing_half_written(link: Link) -> None:
    import sqlite3

    from sqlalchemy.exc import OperationalError

    nonce = nonce_of(link.get())
    link.clock.wait(seconds=20)

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "INSERT INTO held_answers" in statement:
            raise OperationalError(statement, {}, sqlite3.OperationalError("database is locked"))

    from app.models.base import db

    with link.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    answer = link.app.test_client().post(link.path, data={"csat_overall": "4", "nonce": nonce})
    event.remove(engine, "before_cursor_execute", refuse)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Your answer is not stored yet." in answer.text
    assert link.result() == NOTHING
