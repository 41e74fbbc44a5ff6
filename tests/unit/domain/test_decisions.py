"""Groups of decision reasons, and which decisions may still change."""

from app.domain.decisions import DecisionGroup, DecisionReason


def test_the_groups_are_those_of_the_rule() -> None:
    groups = {group: [str(reason) for reason in DecisionReason if reason.group is group] for group in DecisionGroup}

    assert groups == {
        DecisionGroup.NOT_ELIGIBLE: [
            "provider_unknown",
            "provider_not_surveyed",
            "own_department",
            "closed_without_delivery",
            "closed_automatically",
            "requester_is_a_bot",
            "history",
            "already_asked",
        ],
        DecisionGroup.ELIGIBLE_NOT_ASKED: [
            "no_address",
            "opted_out",
            "reopened",
            "quarantine",
            "quarter_cap",
            "sampled_out",
            "another_chosen",
            "too_late",
            "delivery_failed",
        ],
        DecisionGroup.ASKED: ["invited"],
        DecisionGroup.WAITING: ["waiting"],
    }
