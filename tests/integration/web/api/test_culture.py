"""GET /api/v1/culture: only for keys that may, and the same as the command prints."""

from flask.testing import FlaskClient

from app.domain.api_scopes import Scope
from app.domain.scorecards.digest import is_genuine
from app.foundations import clock
from app.upkeep.programs.keys import add_api_key
from tests.builders.culture import culture, freeze_documents, scorecard
from tests.servers.databases import Database


def key(database: Database, scope: Scope) -> dict[str, str]:
    made = add_api_key(database.session, "script", [scope], now=clock.now())
    database.session.commit()
    return {"Authorization": f"Bearer {made}"}


def test_the_document_is_told_as_frozen(database: Database, client: FlaskClient) -> None:
    headers = key(database, Scope.CULTURE_READ)
    it = scorecard("IT", (39, 60), {"HR": (14, 30), "SALES": (25, 30)})
    freeze_documents(database.session, culture(it), culture(it, revision=2))

    last = client.get("/api/v1/culture/2026-Q3", headers=headers)
    first = client.get("/api/v1/culture/2026-Q3?revision=1", headers=headers)

    assert last.json is not None
    assert first.json is not None
    assert (last.json["revision"], first.json["revision"]) == (2, 1)
    assert is_genuine(last.json)
    assert last.json["finding"]["en"].startswith("Of 2 pairs of departments")
    table = client.get("/api/v1/culture/2026-Q3.csv", headers=headers)
    assert (table.content_type, len(table.text.splitlines()) > 1) == ("text/csv; charset=utf-8", True)
    paths = ["2026-Q2", "May", "2026-Q3?revision=9", "2026-Q3?revision=x", "2026-Q2.csv"]
    found = [client.get(f"/api/v1/culture/{path}", headers=headers).status_code for path in paths]
    assert found == [404, 404, 404, 422, 404]


def test_a_key_for_scorecards_does_not_open_it(database: Database, client: FlaskClient) -> None:
    headers = key(database, Scope.SCORECARDS_READ)
    freeze_documents(database.session, culture())

    assert client.get("/api/v1/culture/2026-Q3", headers=headers).status_code == 403
    assert client.get("/api/v1/culture/2026-Q3").status_code == 401
