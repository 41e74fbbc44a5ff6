"""`--pictures FOLDER`: pictures of frozen documents as files that stand alone."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.periods import Calendar, Period
from tests.builders.culture import ASKED, VOICES, company, culture, freeze_documents, scorecard
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))


def test_a_scorecards_pictures_are_written_in_every_layout(
    flask: Flaskly, database: Database, now: datetime, tmp_path: Path
) -> None:
    issue(database.session, department(database.session, "IT"), posted=now, calendar=CALENDAR)
    database.session.commit()
    folder = tmp_path / "new" / "pictures"

    result = flask("scorecards", "show", "2026-Q3", "IT", "--language", "de", "--pictures", folder)

    names = sorted(file.name for file in folder.iterdir())
    assert result.output == f"{len(names)} Dateien liegen in {folder}.\n"
    assert [name for name in names if name.startswith("funnel")] == [
        "funnel-narrow-dark.png",
        "funnel-narrow.png",
        "funnel-narrow.svg",
        "funnel-wide-dark.png",
        "funnel-wide.png",
        "funnel-wide.svg",
    ]
    assert "Von erledigt bis beantwortet" in (folder / "funnel-wide.svg").read_text(encoding="utf-8")


def test_hrs_pictures_rest_on_its_document(flask: Flaskly, database: Database, tmp_path: Path) -> None:
    cards = [scorecard(code, (30 + place * 3, 60), {"HR": (20, 30)}) for place, code in enumerate("ABCDEFGHI")]
    department(database.session, "HR", name="People & Culture")
    freeze_documents(database.session, culture(*cards, company=company(), asked=ASKED, voices=VOICES))

    folder = tmp_path / "pictures"

    result = flask("culture", "show", "2026-Q3", "--pictures", folder)

    assert result.exit_code == 0, result.output
    assert {file.name.split("-")[0] for file in folder.iterdir()} == {"matrix", "departments", "ranks"}
    assert "People &amp; Culture" in (folder / "matrix-wide.svg").read_text(encoding="utf-8")


def test_hrs_pictures_of_targets_and_quarters_rest_on_the_scorecards_frozen_until_then(
    flask: Flaskly, database: Database, now: datetime, tmp_path: Path
) -> None:
    session, folder = database.session, tmp_path / "pictures"
    for code, name in (("IT", "IT Support"), ("CS", "Customer Support")):
        owner = department(session, code)
        issue(session, owner, posted=now, calendar=CALENDAR, name=name)
        late = issue(session, owner, posted=now, calendar=CALENDAR, name="Renamed since", revision=2)
        late.frozen_at = late.frozen_at + timedelta(days=30)
    cards = [scorecard(code, (40, 60), {"HR": (20, 30)}) for code in ("IT", "CS")]
    freeze_documents(session, culture(*cards) | {"frozen_at": CALENDAR.freezes_at(Period(2026, 3)).isoformat()})

    flask("culture", "show", "2026-Q3", "--pictures", folder)

    kinds = {file.name.split("-")[0] for file in folder.iterdir()}
    frames = (folder / "multiples-wide.svg").read_text(encoding="utf-8")
    assert kinds == {"matrix", "departments", "sides", "clocks", "multiples"}
    assert "IT Support" in frames
    assert "Renamed" not in frames


def test_a_document_with_little_to_show_has_no_picture(flask: Flaskly, database: Database, tmp_path: Path) -> None:
    freeze_documents(database.session, culture(scorecard("IT", None)))

    folder = tmp_path / "pictures"

    result = flask("culture", "show", "2026-Q3", "--pictures", folder)

    assert result.output == "Too little may be shown for a picture.\n"
    assert list(folder.iterdir()) == []
