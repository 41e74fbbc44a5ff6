"""Sentences of single blocks of a scorecard: the thing to do with its history, and what this many people can show."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.sentences import SentenceKey as Key
from app.foundations.languages import mark

BLOCKS: Mapping[Key, str] = MappingProxyType(
    {
        Key.GAP_EFFECT_NEGLIGIBLE: mark(
            "Over all answers, colleagues and customers hardly differ in how they rate (Cliff's delta %(delta)s)."
        ),
        Key.GAP_EFFECT_SMALL: mark(
            "Over all answers, colleagues and customers differ a little in how they rate (Cliff's delta %(delta)s)."
        ),
        Key.GAP_EFFECT_MEDIUM: mark(
            "Over all answers, colleagues and customers differ clearly in how they rate (Cliff's delta %(delta)s)."
        ),
        Key.GAP_EFFECT_LARGE: mark(
            "Over all answers, colleagues and customers differ strongly in how they rate (Cliff's delta %(delta)s)."
        ),
        Key.PRECISION_DETECTABLE: mark(
            "With this many people only a change of about %(points)s percentage points or more would show;"
            " a smaller one may go unseen."
        ),
        Key.LATE_FEELING: mark(
            "%(share)s of those whose requests were on time still rated the time it took poorly"
            " (between %(lower)s and %(upper)s)."
        ),
        Key.ACTION_RULE_WEIGHT: mark(
            "Chosen among the aspects clearly below target, by how much each weighs with colleagues"
            " and how far it falls short."
        ),
        Key.ACTION_RULE_SHORTFALL: mark("Chosen because it is the aspect furthest below its target."),
        Key.ACTION_PREVIOUS_BETTER: mark(
            "The one thing of the quarter before (%(previous)s) was %(items)s: %(now)s rate it favourably now,"
            " after %(before)s."
        ),
        Key.ACTION_PREVIOUS_WORSE: mark(
            "The one thing of the quarter before (%(previous)s) was %(items)s: only %(now)s rate it favourably now,"
            " after %(before)s."
        ),
        Key.ACTION_PREVIOUS_NO_EVIDENCE: mark(
            "The one thing of the quarter before (%(previous)s) was %(items)s: it has not clearly changed since"
            " (%(now)s after %(before)s)."
        ),
        Key.ACTION_PREVIOUS_TOO_FEW: mark(
            "The one thing of the quarter before (%(previous)s) was %(items)s: too few answered to say what came of it."
        ),
        Key.ACTION_PREVIOUS_NOT_COMPARED: mark(
            "The one thing of the quarter before (%(previous)s) was %(items)s: the two quarters cannot be compared."
        ),
        Key.RESPONSE_UNEVEN: mark(
            "Some answer more often than others, by more than chance would explain: %(most_share)s in the group"
            " “%(most)s”, %(least_share)s in the group “%(least)s”. The ratings lean towards those who answer."
        ),
    }
)
