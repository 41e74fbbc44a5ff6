import pytest

from app.imports.faults import OptionRefused
from app.imports.mapping import Mapping, RepeatedRows, choice, gathering, pair, pairs, value_pair


def test_it_comes_back_from_json_as_it_was() -> None:
    mapping = Mapping(
        columns=(("title", "Summary"), ("status", "State")),
        values=(("on_time", "met", "yes"),),
        done=("status", ("Closed", "Done")),
        gather_counts=("kind", (("good", "5"), ("bad", "1"))),
        scale=(("positive_share", 0.01),),
        rows=RepeatedRows.EVENTS,
        ignore_unknown=True,
    )

    assert Mapping.from_json(mapping.to_json()) == mapping


def test_what_is_given_stands_over_the_profile() -> None:
    profile = Mapping(columns=(("title", "Summary"), ("status", "State")), encoding="cp1251", ignore_unknown=True)
    given = Mapping(columns=(("title", "Subject"),), date_format="%d.%m.%Y")

    assert given.over(profile) == Mapping(
        columns=(("title", "Subject"), ("status", "State")),
        encoding="cp1251",
        ignore_unknown=True,
        date_format="%d.%m.%Y",
    )


def test_it_splits_the_options() -> None:
    assert pair("title=Summary = short", "--map") == ("title", "Summary = short")
    assert value_pair("on_time:true=yes") == ("on_time", "true", "yes")
    assert choice(["status=Closed, Resolved"], "--done") == ("status", ("Closed", "Resolved"))
    assert pairs("Q7FOOD=restaurants,Q7ALL=airport", "--unpivot") == (("Q7FOOD", "restaurants"), ("Q7ALL", "airport"))
    assert gathering("kind:bad=1,good=5") == ("kind", (("bad", "1"), ("good", "5")))


def test_it_says_how_to_write_an_option() -> None:
    with pytest.raises(OptionRefused, match="--map: 'title': write it as name=value"):
        pair("title", "--map")


def test_an_option_given_twice_joins_its_values_and_keeps_to_one_column() -> None:
    assert choice(["status=Closed", "status=Resolved"], "--done") == ("status", ("Closed", "Resolved"))
    assert choice([], "--done") is None
    with pytest.raises(OptionRefused) as refused:
        choice(["status=Closed", "state=Done"], "--done")

    assert str(refused.value) == "--done: it speaks of one column, not of state, status"


def test_a_constant_stands_over_the_profile_s_column_and_the_other_way_round() -> None:
    profile = Mapping(columns=(("answered_at", "Date"),), constants=(("instrument", "csat5"),))
    given = Mapping(columns=(("instrument", "Kind"),), constants=(("answered_at", "2026-07-01"),))

    assert given.over(profile) == Mapping(columns=(("instrument", "Kind"),), constants=(("answered_at", "2026-07-01"),))
