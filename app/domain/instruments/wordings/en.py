"""English: the source."""

from app.domain.instruments.items import Item, Reason
from app.domain.instruments.wordings.shape import Wording

ENGLISH = Wording(
    language="en",
    quoted="“{name}”",
    csat_overall="Overall, how satisfied are you with how this request was handled?",
    csat_labels=(
        "Very dissatisfied",
        "Dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Satisfied",
        "Very satisfied",
    ),
    grid_stem="How would you rate …",
    grid_question="How would you rate {row}?",
    grid_rows={
        Item.TIMELINESS: "the time it took",
        Item.RESULT_QUALITY: "the quality of the result",
        Item.COMMUNICATION: "communication along the way",
    },
    grid_labels=("Very poor", "Poor", "Fair", "Good", "Very good"),
    not_applicable="Cannot judge",
    statements={
        Item.EFFORT: "The department {d} made it easy for me to get this request resolved.",
        Item.TRUST: "I can rely on the department {d}: it delivers what it promises.",
        Item.PROFESSIONALISM: "I was treated professionally.",
        Item.COOPERATION: "Cooperation with the department {d} on this request worked well.",
    },
    agree_labels=("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"),
    recommend="How likely are you to recommend the department {d} to a colleague who needs similar help?",
    recommend_ends=("Not at all likely", "Extremely likely"),
    comment="What should we keep, what should we change?",
    comment_hint="Optional. Please do not name individuals.",
    comment_notice="Comments may be shown word for word, without your name.",
    confidentiality=(
        "Your answers are confidential: results are shown only for groups of at least {k} people, never for one person."
    ),
    contact_consent="Please contact me about this (the department will see my name).",
    kudos="Thank the team",
    reasons={
        Reason.TOO_SLOW: "Too slow",
        Reason.RESULT_NOT_RIGHT: "Result not right",
        Reason.TOO_LITTLE_INFORMATION: "Too little information",
        Reason.TOO_MUCH_EFFORT: "Too much effort",
        Reason.HAD_TO_ASK_AGAIN: "Had to ask again",
        Reason.SOMETHING_ELSE: "Something else",
    },
)
