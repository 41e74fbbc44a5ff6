"""Who serves whom: reciprocity. Service flows are meant to be asymmetric; low is not bad."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments


@dataclass(frozen=True)
class Reciprocity:
    """Share 0..1 of arcs with an arc back, also weighted; None where no two departments are connected."""

    reciprocity: float | None
    weighted_reciprocity: float | None
    arcs: int


def reciprocity(edges: Sequence[Sequence[Hashable]], weights: Sequence[float] | None = None) -> Reciprocity:
    """Return arcs with a reverse arc / all arcs, and sum of min(w_ab, w_ba) / sum of w.

    Arcs are (from, to); repeated arcs add their weights (default 1); a department serving itself and an arc of weight 0
    are left out. Sources: networkx overall_reciprocity; Squartini et al. (2013) for the weighted form.
    """
    given = [1.0] * len(arguments.listed("edges", edges))
    if weights is not None:
        arguments.same_length(edges=edges, weights=weights)
        given = [arguments.not_negative("weights", weight) for weight in weights]
    volume: dict[tuple[Hashable, Hashable], float] = {}
    for edge, weight in zip(edges, given, strict=True):
        if len(arguments.listed("edges", edge)) != 2:
            raise ValueError(f"edges must be pairs (from, to), not {edge!r}")
        for end in edge:
            arguments.label("edges", end)
        if edge[0] != edge[1] and weight > 0:
            volume[edge[0], edge[1]] = volume.get((edge[0], edge[1]), 0.0) + weight
    if not volume:
        return Reciprocity(None, None, 0)
    back = {arc: volume.get((arc[1], arc[0]), 0.0) for arc in volume}
    shared = sum(min(weight, back[arc]) for arc, weight in volume.items())
    mutual = sum(weight > 0 for weight in back.values())
    return Reciprocity(mutual / len(volume), shared / sum(volume.values()), len(volume))
