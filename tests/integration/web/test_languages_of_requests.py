"""A server's thread forgets the language of the visitor before."""

from flask import Flask

from app.foundations.languages import speak, spoken


def test_a_request_does_not_go_on_in_the_last_visitors_language(sqlite_app: Flask) -> None:
    @sqlite_app.get("/spoken")
    def say() -> str:
        return spoken()

    speak("ru")
    answer = sqlite_app.test_client().get("/spoken")

    assert answer.text == "en"
