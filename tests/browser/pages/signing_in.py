"""What a stranger meets."""

from tests.browser.looking import Look

LOOKS = [
    Look("sign-in", "/sign-in"),
    Look("sign-in-sent", "/sign-in?sent=1"),
    Look("methods", "/methods"),
    Look("not-found", "/nowhere", status=404),
]
