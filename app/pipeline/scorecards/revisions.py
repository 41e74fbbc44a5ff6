"""Whether a later revision may be told apart from the one before without pointing at few people."""

from app.domain.scorecards.publish import Json

_CUTS = ("by_requester_department", "by_request_type", "by_on_time", "by_reopened", "trend_months")


def adds_a_group(before: Json, after: Json, minimum_group: int) -> bool:
    """Tell whether each internal figure that changed rests on at least `minimum_group` further requesters.

    Figures that did not change, external scores and texts may differ freely.
    """
    old, new = _figures(before), _figures(after)
    for name in old.keys() | new.keys():
        if old.get(name) != new.get(name) and _people(new.get(name)) - _people(old.get(name)) < minimum_group:
            return False
    return True


def _figures(document: Json) -> dict[str, Json]:
    figures = {f"internal:{item}": block for item, block in document["internal"].items()}
    for cut in _CUTS:
        figures |= {f"{cut}:{row['value']}": row for row in document.get(cut, [])}
    return figures


def _people(figure: Json | None) -> int:
    return int(figure["top_two_box"]["n"]) if figure else 0
