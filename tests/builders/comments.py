"""Comments of a quarter, before HR has opened them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.models.departments import Department
from tests.builders.people import person
from tests.builders.quarters import KEYS, Q3
from tests.builders.responses import held_response, quarter_salt

REQUESTERS = 12  # enough for a comment group


def commented(session: Session, owner: Department, texts: Sequence[str], period: str = str(Q3)) -> None:
    """Let twelve people or more answer about a department, one of them with each text."""
    quarter_salt(session, KEYS, period)
    for number in range(max(REQUESTERS, len(texts))):
        who = person(session, f"{owner.code.lower()}-{number}@example.com", name="Ines Varga")
        text = texts[number] if number < len(texts) else None
        held_response(session, owner, who, {"csat_overall": 3}, period, comment=text, language="en")
    session.commit()
