"""The table of rights, written out once more by hand."""

from app.domain.rights import RIGHTS, Action, Viewer
from app.domain.states import Role


def test_the_table_of_rights() -> None:
    table = {role.value: " ".join(sorted(action.value for action in actions)) for role, actions in RIGHTS.items()}

    assert table == {
        "head": "decide_action see_contacts see_scorecards_below",
        "hr": "read_comments see_all_scorecards see_culture stop_posting",
        "admin": "change_settings keep_people personal_data read_audit_log watch_work",
        "auditor": "read_audit_log",
    }


def test_every_role_stands_in_the_table_and_every_action_belongs_to_one() -> None:
    assert set(RIGHTS) == set(Role)
    assert frozenset().union(*RIGHTS.values()) == set(Action)


def test_somebody_with_two_roles_may_do_what_either_allows() -> None:
    viewer = Viewer("bob@example.com", frozenset({Role.HEAD, Role.ADMIN}))

    assert [action for action in Action if viewer.may(action)] == [
        Action.SEE_SCORECARDS_BELOW,
        Action.SEE_CONTACTS,
        Action.DECIDE_ACTION,
        Action.CHANGE_SETTINGS,
        Action.WATCH_WORK,
        Action.KEEP_PEOPLE,
        Action.PERSONAL_DATA,
        Action.READ_AUDIT_LOG,
    ]
