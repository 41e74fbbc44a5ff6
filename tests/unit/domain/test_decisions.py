"""Groups of decision reasons, and which decisions may still change."""

from app.domain.decisions import DecisionGroup, DecisionReason, may_change


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


def test_only_an_invitation_not_yet_accepted_may_change() -> None:
    changes = {
        (before, after)
        for before in DecisionReason
        for after in DecisionReason
        if before is not DecisionReason.WAITING and may_change(before, after)
    }

    assert changes == {
        (DecisionReason.INVITED, DecisionReason.REOPENED),
        (DecisionReason.INVITED, DecisionReason.DELIVERY_FAILED),
    }
