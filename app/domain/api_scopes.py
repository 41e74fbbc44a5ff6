"""What a script's key may do. A key has the scopes that it was made with and no others."""

from enum import StrEnum


class Scope(StrEnum):
    """One kind of record, written or read."""

    REQUESTS_WRITE = "requests:write"
    DEPARTMENTS_WRITE = "departments:write"
    PEOPLE_WRITE = "people:write"
    EXTERNAL_SCORES_WRITE = "external-scores:write"
    RESPONSES_WRITE = "responses:write"
    DECISIONS_READ = "decisions:read"
    SCORECARDS_READ = "scorecards:read"
    CULTURE_READ = "culture:read"
