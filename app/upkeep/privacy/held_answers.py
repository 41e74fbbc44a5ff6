"""The held answers of one person, found the only way there is: by the quarter's salt, while it exists."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys, UnreadableSecret, requester_cluster_id
from app.models.invitations import Invitation
from app.models.quarter_salts import find_salt
from app.models.response_links import ResponseLink
from app.models.responses import HeldResponse, QuarterSalt


def of_person(session: Session, keys: Keys, person_id: int) -> tuple[list[HeldResponse], list[str]]:
    """Return the person's held responses, and the quarters whose salt our key does not open.

    Of those quarters only answers whose link still stands are found.
    """
    found: dict[bytes, HeldResponse] = {}
    sealed = []
    for period in session.scalars(select(QuarterSalt.period).order_by(QuarterSalt.period)):
        try:
            salt = find_salt(session, keys, period)
        except UnreadableSecret:
            sealed.append(period)
            continue
        if salt is not None:
            cluster = requester_cluster_id(salt, person_id)
            rows = select(HeldResponse).where(
                HeldResponse.requester_cluster_id == cluster, HeldResponse.period == period
            )
            found |= {response.id: response for response in session.scalars(rows)}
    linked = (
        select(HeldResponse)
        .join(ResponseLink, ResponseLink.response_id == HeldResponse.id)
        .join(Invitation, Invitation.public_id == ResponseLink.public_id)
        .where(Invitation.person_id == person_id)
    )
    found |= {response.id: response for response in session.scalars(linked)}
    return [found[key] for key in sorted(found)], sealed
