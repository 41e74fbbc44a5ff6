"""Take the text of comments out of frozen scorecards: their digest does not cover it, so they stay genuine."""

import json
from collections.abc import Callable, Iterable

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.scorecards.publish import Json
from app.models.scorecards import ScorecardFile, ScorecardRevision


def forget_texts(
    session: Session, revisions: Iterable[ScorecardRevision], is_meant: Callable[[Json], bool] = lambda _: True
) -> int:
    """Take out the texts that are meant, and the files drawn with them; return how many texts were taken out."""
    forgotten = 0
    for revision in revisions:
        document = json.loads(revision.document)
        comments = [comment for comment in document.get("comments", []) if is_meant(comment)]
        texts = [comment for comment in comments if comment.pop("text", None) is not None]
        if texts:
            revision.document = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            session.execute(delete(ScorecardFile).where(ScorecardFile.scorecard_id == revision.id))
            forgotten += len(texts)
    return forgotten
