"""One's own account."""

from app.domain.states import Role
from tests.browser.looking import Look

LOOKS = [
    Look("sessions", "/sessions", Role.HR),
    Look("sign-in-kept", "/sign-in?kept=1"),
]
