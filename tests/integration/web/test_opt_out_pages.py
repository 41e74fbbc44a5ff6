"""Not again, not now, ask me again: by mail program and by button."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from app.models import waiting
from app.models.people import OptOut
from tests.integration.web.conftest import Link, nonce_of


def _wishes(link: Link) -> list[object]:
    with link.database.sessions() as session:
        return list(session.scalars(select(OptOut.until)))


def _press(link: Link, wish: str, *, after: float = 5) -> TestResponse:
    client = link.app.test_client()
    nonce = nonce_of(client.get(link.path + "/opt-out"))
    link.clock.wait(seconds=after)
    return client.post(link.path + "/opt-out", data={"nonce": nonce, "wish": wish})


@pytest.mark.parametrize("multipart", [False, True])
def test_one_click_from_a_mail_program_opts_out(link: Link, multipart: bool) -> None:
    content_type = "multipart/form-data" if multipart else "application/x-www-form-urlencoded"

    answer = link.app.test_client(use_cookies=False).post(
        link.path + "/opt-out", data={"List-Unsubscribe": "One-Click"}, content_type=content_type
    )

    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert "Set-Cookie" not in answer.headers
    assert _wishes(link) == [None]


def test_one_click_works_after_the_link_expired_and_any_number_of_times(link: Link) -> None:
    link.clock.moment = link.invitation.expires_at + timedelta(days=100)
    client = link.app.test_client()

    statuses = [
        client.post(link.path + "/opt-out", data={"List-Unsubscribe": "One-Click"}).status_code for _ in range(3)
    ]

    assert statuses == [200, 200, 200]
    assert _wishes(link) == [None]


def test_one_click_waits_for_the_writer_since_no_mail_program_sends_it_again(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_room", waiting.WaitingRoom(0))  # others are told at once to come again
    client, one_click = link.app.test_client(), {"List-Unsubscribe": "One-Click"}

    with ThreadPoolExecutor(1) as pool, link.database.engine.connect() as holder:
        holder.execute(text("SELECT 1"))  # our engine begins with SQLite's writer's lock
        pressed = pool.submit(client.post, link.path + "/opt-out", data=one_click)
        time.sleep(2 * waiting.MOMENT / 1000)
        holder.rollback()
        answer = pressed.result()

    assert (answer.status_code, _wishes(link)) == (200, [None])


def test_the_buttons_opt_out_rest_and_undo(link: Link) -> None:
    never = _press(link, "never")
    after_never = _wishes(link)
    again = _press(link, "ask")
    after_again = _wishes(link)
    rest = _press(link, "not_now")

    until = _wishes(link)[0]
    assert "We do not ask you any more" in never.text
    assert "Changed your mind? After you press this button, you may be asked about your requests again" in never.text
    assert "<b>Noted.</b> You may be asked about your requests again." in again.text
    assert after_never == [None]
    assert 'value="never">Do not ask me again' in again.text
    assert after_again == []
    assert re.search(r"We let you rest until 15\u00a0February 2027", rest.text)
    assert until == link.clock.moment + timedelta(days=90)


@pytest.mark.parametrize("fields", [{}, {"wish": "never"}, {"List-Unsubscribe": "no"}])
def test_a_post_without_our_form_changes_nothing(link: Link, fields: dict[str, str]) -> None:
    answer = link.app.test_client().post(link.path + "/opt-out", data=fields)

    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert _wishes(link) == []


def test_a_scanner_that_presses_the_button_silences_nobody(link: Link) -> None:
    answer = _press(link, "never", after=1)

    assert answer.status_code == 400
    assert _wishes(link) == []


def test_a_stranger_opts_out_nobody(link: Link) -> None:
    answer = link.app.test_client().post("/s/" + "A" * 44 + "/opt-out", data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 404
    assert _wishes(link) == []
