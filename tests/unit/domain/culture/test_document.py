"""The document as a whole: genuine, and made of what the scorecards show."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.culture.measures import FirstResponses
from app.domain.culture.sentences import REFUSED
from app.domain.durations import duration_bin
from app.domain.scorecards.digest import is_genuine
from tests.builders.culture import ASKED, VOICES, company, culture, scorecard, share

IT = scorecard("IT", (40, 60), {"HR": (10, 30), "SALES": (30, 30)})


def test_the_document_carries_its_digest() -> None:
    found = culture(IT, company=company(), asked=ASKED, voices=VOICES)

    assert (found["schema"], found["population"]) == ("parity.culture/1", "requesters")
    assert is_genuine(found)
    assert not is_genuine(found | {"differ": not found["differ"]})


def test_where_no_pair_is_shown_a_measure_stands_on_top_and_the_hidden_matrix_is_said_last() -> None:
    silent = scorecard("IT", (40, 60), hidden=("by_requester_department:HR",))

    found = culture(silent, company=company(), asked=ASKED, voices=VOICES)

    keys = [sentence["key"] for sentence in found["sentences"]]
    assert found["finding"]["key"] == "participation"
    assert (keys[:2], keys[-1]) == (["population", "participation"], "matrix_hidden")


def test_what_is_not_sound_is_refused_with_a_sentence() -> None:
    assert [sentence["key"] for sentence in culture(IT)["refused"]] == [key.value for key in REFUSED]


def test_whom_it_is_about_is_always_said() -> None:
    keys = [sentence["key"] for sentence in culture()["sentences"]]

    assert keys == ["population", "measures_no_company", "departments_too_few"]


@pytest.mark.parametrize(("late", "is_told"), [(0, True), (1, False)])
def test_a_later_revision_tells_how_many_first_responses_were_in_time_only_as_it_was_told(
    late: int, *, is_told: bool
) -> None:
    hour = timedelta(hours=1)
    known: dict[str, Any] = {"company": company(), "asked": ASKED, "voices": VOICES}
    first, later = (FirstResponses({duration_bin(hour): 60 + n}, {}, 4 * hour) for n in (0, late))
    before = culture(IT, **known, responses=first)

    found = culture(IT, **known, responses=later, told=before, revision=2)

    assert ("within_target" in found["responsiveness"]) is is_told
    assert ("first_response" in {sentence["key"] for sentence in found["sentences"]}) is is_told
    assert found["responsiveness"]["timeliness"] == before["responsiveness"]["timeliness"]


def test_a_later_revision_tells_the_hours_of_a_pair_only_as_they_were_told() -> None:
    hour = timedelta(hours=1)
    took = {("IT", "HR"): {duration_bin(hour): 9}, ("IT", "SALES"): {duration_bin(hour): 9}}
    before = culture(IT, durations=took)

    found = culture(IT, durations=took | {("IT", "HR"): {duration_bin(3 * hour): 10}}, told=before, revision=2)

    hours = {cell["requester"]: cell.get("median_hours") for cell in found["service_matrix"]["cells"]}
    assert hours == {"HR": None, "SALES": before["service_matrix"]["cells"][1]["median_hours"]}


def test_the_trend_reads_five_years_of_frozen_documents() -> None:
    before = [{"period": f"{2021 + n // 4}-Q{n % 4 + 1}", "trust_index": {"estimate": 60.0 + n}} for n in range(22)]

    trend = culture(IT, company=company(), asked=ASKED, voices=VOICES, earlier=before)["trend"]

    assert [row["period"] for row in trend][:2] == ["2021-Q4", "2022-Q1"]
    assert len(trend) == 20
    assert trend[0] == {"period": "2021-Q4", "trust_index": {"estimate": 63.0}}
    assert trend[-1]["period"] == "2026-Q3"
    assert trend[-1]["cooperation_index"].keys().isdisjoint({"parts", "seed"})


def test_a_revision_that_may_tell_nothing_new_of_the_company_keeps_its_measures() -> None:
    first = culture(IT, company=company(), asked=ASKED, voices=VOICES)

    later = culture(IT, company=company(), kept=first)

    assert later["participation_rate"] == first["participation_rate"]
    assert later["digest"] == first["digest"]


def theme(answers: int) -> dict[str, Any]:
    return {"source": "reasons", "theme": "too_slow", "answers": answers, "share": share(answers, 40)}


def test_themes_are_the_companys_with_the_departments_that_tell_them() -> None:
    cards = [scorecard(code, (40, 50), themes=[theme(8)]) for code in ("HR", "IT")]

    document = culture(*cards, scorecard("LAW", (40, 50)), company=company(themes=[theme(24)]))

    assert document["themes"] == [theme(24) | {"departments": 2}]


def test_themes_stay_as_they_were_where_nothing_new_may_be_told_of_the_company() -> None:
    before = culture(scorecard("HR", (40, 50)), company=company(themes=[theme(24)]))

    assert culture(scorecard("HR", (40, 50)), revision=2, kept=before)["themes"] == [theme(24) | {"departments": 0}]
    assert culture(scorecard("HR", (40, 50)))["themes"] == []


def test_it_says_that_the_company_keeps_themes_back() -> None:
    hiding = company(suppressed=[{"what": "themes", "why": "protects_a_small_group"}])
    before = culture(scorecard("HR", (40, 50)), company=hiding)

    assert before["suppressed"] == hiding["suppressed"]
    assert culture(scorecard("HR", (40, 50)), revision=2, kept=before)["suppressed"] == hiding["suppressed"]
