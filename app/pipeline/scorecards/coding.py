"""What themes of comments are called, and how far two coders agreed: frozen with the rows, as codebooks change."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.codebook.agreement import agreement, published_agreement
from app.domain.scorecards.digest import digest
from app.domain.scorecards.publish import Json
from app.domain.scorecards.themes import COMMENTS
from app.models.codebooks import find_codebook
from app.models.comments import coded_twice, reviews_of
from app.reports.department_scores import ScorecardBuild


def name_themes(session: Session, period: str, builds: Iterable[ScorecardBuild]) -> list[ScorecardBuild]:
    """Return the builds with names and agreement beside every theme of comments; repeated ones have them already."""
    found = list(builds)
    if not any(_is_bare(row) for build in found for row in build.document["themes"]):
        return found
    reviews = reviews_of(session, period)
    version = next((review.codebook_version for review in reviews), None)
    codebook = find_codebook(session, version)[1]
    kappa = published_agreement(agreement(coded_twice(reviews), codebook))
    names = {theme.code: dict(theme.names) for theme in codebook.themes}
    return [_named(build, names, {"agreement": kappa} if kappa else {}) for build in found]


def _is_bare(row: Json) -> bool:
    return row["source"] == COMMENTS and "names" not in row


def _named(build: ScorecardBuild, names: Mapping[str, dict[str, str]], more: Json) -> ScorecardBuild:
    rows = [row | {"names": names[row["theme"]]} | more if _is_bare(row) else row for row in build.document["themes"]]
    document = build.document | {"themes": rows}
    return replace(build, document=document | {"digest": digest(document)})
