"""Sentences that need nothing but their parameters."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.sentences import SentenceKey as Key
from app.foundations.languages import mark

PLAIN: Mapping[Key, str] = MappingProxyType(
    {
        Key.FINDING_WORSE: mark(
            "Colleagues are less satisfied with %(department)s than customers are: %(internal)s against %(external)s."
        ),
        Key.FINDING_BETTER: mark(
            "Colleagues are more satisfied with %(department)s than customers are: %(internal)s against %(external)s."
        ),
        Key.FINDING_NO_EVIDENCE: mark(
            "We cannot tell whether colleagues or customers are more satisfied with %(department)s:"
            " %(internal)s and %(external)s."
        ),
        Key.FINDING_WORSE_SCORE: mark(
            "Colleagues rate %(department)s lower than customers do: %(internal)s against %(external)s of 100 points."
        ),
        Key.FINDING_BETTER_SCORE: mark(
            "Colleagues rate %(department)s higher than customers do: %(internal)s against %(external)s of 100 points."
        ),
        Key.FINDING_NO_EVIDENCE_SCORE: mark(
            "We cannot tell whether colleagues or customers rate %(department)s higher:"
            " %(internal)s and %(external)s of 100 points."
        ),
        Key.FINDING_INTERNAL: mark(
            "%(share)s of colleagues are satisfied with %(department)s (between %(lower)s and %(upper)s)."
        ),
        Key.FINDING_NO_ANSWERS: mark("No colleague has rated %(department)s in this quarter."),
        Key.FINDING_HIDDEN: mark(
            "This quarter of %(department)s stays hidden: a result takes at least %(needed)s people,"
            " and must not give another group away."
        ),
        Key.FINDING_DEPARTMENT_TOO_SMALL: mark(
            "%(department)s has fewer than %(needed)s people and therefore no scorecard of its own:"
            " its results are part of %(parent)s."
        ),
        Key.GAP_EVIDENT: mark("The gap of %(gap)s percentage points (%(range)s) is more than chance would explain."),
        Key.GAP_EVIDENT_SCORE: mark("The gap of %(gap)s points (%(range)s) is more than chance would explain."),
        Key.GAP_UNCLEAR: mark(
            "Too close to tell: colleagues minus customers is %(gap)s percentage points,"
            " and anything from %(lower)s to %(upper)s is possible."
        ),
        Key.GAP_UNCLEAR_SCORE: mark(
            "Too close to tell: colleagues minus customers is %(gap)s points,"
            " and anything from %(lower)s to %(upper)s is possible."
        ),
        Key.GAP_WITHIN_SCALE_EFFECT: mark(
            "The gap of %(gap)s points (%(lower)s to %(upper)s) may come from the different scales alone."
        ),
        Key.GAP_DIFFERENT_QUESTIONS: mark(
            "Colleagues and customers were asked different questions, so the two are not subtracted."
        ),
        Key.GAP_UNKNOWN_BASIS: mark(
            "The customers' figure came without its number of answers, scale or date, so it is not compared."
        ),
        Key.GAP_TOO_FEW: mark(
            "Too few answers to compare with customers: it takes at least %(needed)s people inside"
            " and %(needed)s answers outside."
        ),
        Key.GAP_NO_EXTERNAL: mark("There is no customer score to set beside %(department)s."),
        Key.GAP_EXTERNAL_INCOMPLETE: mark(
            "Less than half of the agreed customer touchpoints have a score this quarter, so there is no comparison."
        ),
        Key.CHANGE_BETTER: mark("More colleagues are satisfied than in %(previous)s: %(now)s after %(before)s."),
        Key.CHANGE_WORSE: mark("Fewer colleagues are satisfied than in %(previous)s: %(now)s after %(before)s."),
        Key.CHANGE_NO_EVIDENCE: mark("Against %(previous)s nothing has clearly changed."),
        Key.CHANGE_TOO_FEW: mark(
            "Too few answers to compare with %(previous)s: it takes at least %(needed)s people in both quarters."
        ),
        Key.CHANGE_NEW_QUESTIONS: mark("The questions are new since %(previous)s, so the quarters are not compared."),
        Key.CHANGE_NEW_WEIGHTING: mark(
            "The way of counting is new since %(previous)s, so the quarters are not compared."
        ),
        Key.CHANGE_REORGANISED: mark(
            "The department was reorganised after %(previous)s, so the quarters are not compared."
        ),
        Key.CHANGE_FIRST: mark("This is the first quarter with results: there is nothing to compare with yet."),
        Key.WEIGHTING_DIFFERS: mark(
            "Each person counts once (%(share)s). Counted by requests it would be %(other)s:"
            " frequent requesters see it differently."
        ),
        Key.WEIGHTING_DIFFERS_BY_PERSON: mark(
            "Each request counts once (%(share)s). Counted by people it would be %(other)s:"
            " frequent requesters see it differently."
        ),
        Key.ON_TIME_MET: mark(
            "%(share)s of requests were on time (between %(lower)s and %(upper)s): the target of %(target)s is met."
        ),
        Key.ON_TIME_MISSED: mark(
            "%(share)s of requests were on time (between %(lower)s and %(upper)s): the target of %(target)s is missed."
        ),
        Key.ON_TIME_UNCLEAR: mark(
            "%(share)s of requests were on time (between %(lower)s and %(upper)s):"
            " too close to the target of %(target)s to tell."
        ),
        Key.ON_TIME_UNKNOWN: mark("Too few requests have a known due date to say how many were on time."),
        Key.WATERMELON_CONFIRMED: mark(
            "On time by the clock, and still colleagues are not satisfied: %(on_time)s of requests were on time"
            " (target %(on_time_target)s), %(satisfied)s of colleagues are satisfied (target %(satisfaction_target)s)."
        ),
        Key.WATERMELON_POSSIBLE: mark(
            "The clock may look better than it feels: %(on_time)s of requests were on time (target %(on_time_target)s),"
            " %(satisfied)s of colleagues are satisfied (target %(satisfaction_target)s). It is too close to be sure."
        ),
        Key.WATERMELON_INVERSE: mark(
            "The clock is stricter than colleagues need: %(on_time)s of requests were on time"
            " (target %(on_time_target)s), yet %(satisfied)s of colleagues are satisfied"
            " (target %(satisfaction_target)s)."
        ),
        Key.WATERMELON_NONE: mark(
            "Between clock and experience nothing stands out: %(on_time)s of requests were on time"
            " (target %(on_time_target)s), %(satisfied)s of colleagues are satisfied (target %(satisfaction_target)s)."
        ),
        Key.WATERMELON_TOO_FEW: mark(
            "Too few answers or known due dates to set the clock beside the experience: it takes"
            " at least %(needed)s of each."
        ),
        Key.ACTION_REASON: mark(
            "%(share)s rate it favourably (between %(lower)s and %(upper)s); the target is %(target)s."
        ),
        Key.ACTION_NONE: mark("Keep it up: no aspect is clearly below its target."),
        Key.ACTION_TOO_FEW: mark("Too few answers to name one thing to do: it takes at least %(needed)s."),
        Key.ACTION_FEW_ASKED: mark(
            "Only %(invited)s of %(completed)s completed requests were asked about, so few answers could come."
        ),
        Key.ACTION_FEW_ANSWERED: mark("%(share)s of the invitations were answered; answering is voluntary."),
        Key.TREND_SIGNAL: mark("Something has changed in %(period)s: the figures no longer vary as they did before."),
        Key.TREND_REORGANISED: mark(
            "The department was reorganised in %(period)s: the quarters before belong to another one and are not shown."
        ),
        Key.DISTRIBUTION_BOTH: mark(
            "%(internal)s of colleagues are satisfied or very satisfied, among customers %(external)s."
        ),
        Key.DISTRIBUTION_INTERNAL: mark("%(internal)s of colleagues are satisfied or very satisfied."),
        Key.GAPS_WORSE: mark("Colleagues rate lower than customers: %(items)s."),
        Key.GAPS_BETTER: mark("Colleagues rate higher than customers: %(items)s."),
        Key.GAPS_MIXED: mark("Colleagues rate lower than customers: %(worse)s. Higher: %(better)s."),
        Key.GAPS_NONE: mark("For no aspect can we tell whether colleagues or customers rate higher."),
        Key.GAPS_REST: mark("For the rest we cannot tell."),
        Key.FUNNEL_ANSWERED: mark("%(answered)s of %(completed)s completed requests were rated, by %(people)s people."),
        Key.RESPONSE_RATE: mark("%(share)s of the invitations were answered (between %(lower)s and %(upper)s)."),
        Key.NONRESPONSE_BOUNDS: mark(
            "Not everybody who could have been asked has answered: were all the others satisfied, the share would be"
            " %(high)s; were none, %(low)s."
        ),
    }
)
