"""HR's pages about how departments serve each other."""

from app.domain.states import Role
from tests.browser.looking import Look

LOOKS = [
    Look("culture", "/culture/2026-Q3", Role.HR),
]
