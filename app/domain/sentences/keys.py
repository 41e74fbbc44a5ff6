"""Keys of the sentences, the kinds of their parameters, and where in a document a sentence stands."""

from enum import StrEnum


class Kind(StrEnum):
    """What a parameter is, hence how a reader sees it."""

    TEXT = "text"  # a name, shown as it is
    SHARE = "share"  # 0..1, shown as 72%
    BOUND = "bound"  # 0..1, shown as 60: the end of an interval whose estimate carries the sign
    SCORE = "score"  # 0..100, shown as 71
    SHARE_POINTS = "share_points"  # a difference of shares, -1..1, shown as -15 or 15
    SCORE_POINTS = "score_points"  # a difference of scores, -100..100
    COUNT = "count"  # people, answers, requests
    ITEM = "item"  # an item id, for example `timeliness`
    ITEMS = "items"  # a list of item ids
    PERIOD = "period"  # 2026-Q3
    WORD = "word"  # a CoarseWord
    CLASS = "class"  # comparability A..E
    DELTA = "delta"  # Cliff's delta, -1..1, shown as -0.42
    RATE = "rate"  # so many per 100, shown as 2.4
    HOURS = "hours"  # a span of time, shown as 4 hours or 15 minutes
    GROUP = "group"  # a value of a cut, as documents tell it: cut, value, and the name of a department
    MEASURES = "measures"  # a list of measures of HR's document


class CoarseWord(StrEnum):
    """How many of 5 to 9 people are satisfied; a number would claim too much (rules.md §3)."""

    FEW = "few"
    LESS_THAN_HALF = "less_than_half"
    ABOUT_HALF = "about_half"
    MORE_THAN_HALF = "more_than_half"
    MOST = "most"


def coarse_word(estimate: float) -> CoarseWord:
    """Name a published coarse share (0..1, in tenths) by fifths."""
    # Tenths are not binary numbers: 0.6 * 5 must count as 3.
    return tuple(CoarseWord)[min(4, round(estimate * 10) // 2)]


class Place(StrEnum):
    """Where a sentence stands: the keys of a document's `sentences`. A place without a sentence is absent."""

    FINDING = "finding"  # always there
    GAP = "gap"
    GAP_EFFECT = "gap_effect"
    CHANGE = "change"
    PRECISION = "precision"
    DETECTABLE = "detectable"
    WEIGHTING = "weighting"
    ON_TIME = "on_time"
    WATERMELON = "watermelon"
    LATE_FEELING = "late_feeling"
    ACTION = "action"  # the same sentence as `action.sentence`
    ACTION_REASON = "action_reason"
    ACTION_ADVICE = "action_advice"
    ACTION_RULE = "action_rule"
    ACTION_PREVIOUS = "action_previous"
    TREND = "trend"
    FUNNEL = "funnel"
    RESPONSE_RATE = "response_rate"
    NONRESPONSE = "nonresponse"
    RESPONSE_BY = "response_by"


class SentenceKey(StrEnum):
    """All keys. The verb of a group is its first word."""

    # the one sentence on top: exactly one of these
    FINDING_WORSE = "finding_worse"
    FINDING_BETTER = "finding_better"
    FINDING_NO_EVIDENCE = "finding_no_evidence"
    FINDING_WORSE_SCORE = "finding_worse_score"  # classes B and C compare means, not shares
    FINDING_BETTER_SCORE = "finding_better_score"
    FINDING_NO_EVIDENCE_SCORE = "finding_no_evidence_score"
    FINDING_INTERNAL = "finding_internal"  # nothing to compare with, or too few to compare
    FINDING_COARSE = "finding_coarse"  # 5 to 9 people
    FINDING_HIDDEN = "finding_hidden"
    FINDING_NO_ANSWERS = "finding_no_answers"
    FINDING_DEPARTMENT_TOO_SMALL = "finding_department_too_small"  # no scorecard of its own

    # how sure the comparison is, or why there is none
    GAP_EVIDENT = "gap_evident"
    GAP_EVIDENT_SCORE = "gap_evident_score"
    GAP_UNCLEAR = "gap_unclear"
    GAP_UNCLEAR_SCORE = "gap_unclear_score"
    GAP_WITHIN_SCALE_EFFECT = "gap_within_scale_effect"  # class C, less than 5 points
    GAP_DIFFERENT_QUESTIONS = "gap_different_questions"  # class D
    GAP_UNKNOWN_BASIS = "gap_unknown_basis"  # class E
    GAP_TOO_FEW = "gap_too_few"
    GAP_NO_EXTERNAL = "gap_no_external"
    GAP_EXTERNAL_INCOMPLETE = "gap_external_incomplete"  # less than half of the agreed weight
    GAP_EFFECT_NEGLIGIBLE = "gap_effect_negligible"  # how large an evident difference is, over all answers
    GAP_EFFECT_SMALL = "gap_effect_small"
    GAP_EFFECT_MEDIUM = "gap_effect_medium"
    GAP_EFFECT_LARGE = "gap_effect_large"

    # against the quarter before
    CHANGE_BETTER = "change_better"
    CHANGE_WORSE = "change_worse"
    CHANGE_NO_EVIDENCE = "change_no_evidence"
    CHANGE_TOO_FEW = "change_too_few"
    CHANGE_NEW_QUESTIONS = "change_new_questions"
    CHANGE_NEW_WEIGHTING = "change_new_weighting"  # people instead of requests, or the other way round
    CHANGE_REORGANISED = "change_reorganised"
    CHANGE_FIRST = "change_first"

    # what this number of people can and cannot show
    PRECISION = "precision"
    PRECISION_SCORE = "precision_score"  # beside a finding in points
    PRECISION_COARSE = "precision_coarse"
    PRECISION_DETECTABLE = "precision_detectable"
    WEIGHTING_DIFFERS = "weighting_differs"
    WEIGHTING_DIFFERS_BY_PERSON = "weighting_differs_by_person"  # where each request counts once

    # the clock beside the experience
    ON_TIME_MET = "on_time_met"
    ON_TIME_MISSED = "on_time_missed"
    ON_TIME_UNCLEAR = "on_time_unclear"
    ON_TIME_UNKNOWN = "on_time_unknown"
    WATERMELON_CONFIRMED = "watermelon_confirmed"
    WATERMELON_POSSIBLE = "watermelon_possible"
    WATERMELON_INVERSE = "watermelon_inverse"
    WATERMELON_NONE = "watermelon_none"
    WATERMELON_TOO_FEW = "watermelon_too_few"

    LATE_FEELING = "late_feeling"  # on time by the clock, and rated slow

    # the one thing to do
    ACTION_START = "action_start"
    ACTION_REASON = "action_reason"
    ACTION_ADVICE = "action_advice"
    ACTION_NONE = "action_none"
    ACTION_TOO_FEW = "action_too_few"
    ACTION_FEW_ASKED = "action_few_asked"  # why there are too few
    ACTION_FEW_ANSWERED = "action_few_answered"
    ACTION_FEW_REQUESTS = "action_few_requests"
    ACTION_RULE_WEIGHT = "action_rule_weight"
    ACTION_RULE_SHORTFALL = "action_rule_shortfall"
    ACTION_PREVIOUS_BETTER = "action_previous_better"
    ACTION_PREVIOUS_WORSE = "action_previous_worse"
    ACTION_PREVIOUS_NO_EVIDENCE = "action_previous_no_evidence"
    ACTION_PREVIOUS_TOO_FEW = "action_previous_too_few"
    ACTION_PREVIOUS_NOT_COMPARED = "action_previous_not_compared"

    # the quarters before
    TREND_SIGNAL = "trend_signal"
    TREND_NO_SIGNAL = "trend_no_signal"
    TREND_TOO_SHORT = "trend_too_short"
    TREND_REORGANISED = "trend_reorganised"

    # titles of the pictures
    DISTRIBUTION_BOTH = "distribution_both"
    DISTRIBUTION_INTERNAL = "distribution_internal"
    GAPS_WORSE = "gaps_worse"
    GAPS_BETTER = "gaps_better"
    GAPS_MIXED = "gaps_mixed"
    GAPS_NONE = "gaps_none"
    GAPS_REST = "gaps_rest"

    # how the numbers came about
    FUNNEL_ANSWERED = "funnel_answered"
    FUNNEL_RESPONSES_ONLY = "funnel_responses_only"
    RESPONSE_RATE = "response_rate"
    NONRESPONSE_BOUNDS = "nonresponse_bounds"
    RESPONSE_UNEVEN = "response_uneven"
