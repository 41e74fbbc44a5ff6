"""Take the text of comments out of frozen scorecards: their digest does not cover it, so they stay genuine."""

import json
from collections.abc import Callable, Iterable, Iterator

from app.domain.scorecards.publish import Json
from app.models.scorecards import ScorecardRevision


def forget_texts(
    revisions: Iterable[ScorecardRevision], is_meant: Callable[[Json], bool] = lambda _: True
) -> Iterator[tuple[ScorecardRevision, int]]:
    """Take out the texts that are meant; yield each changed revision with how many were taken out of it.

    The PDFs that were drawn to be mailed hold no comments and may stay.
    """
    for revision in revisions:
        document = json.loads(revision.document)
        comments = [comment for comment in document.get("comments", []) if is_meant(comment)]
        texts = [comment for comment in comments if comment.pop("text", None) is not None]
        if texts:
            revision.document = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            yield revision, len(texts)
