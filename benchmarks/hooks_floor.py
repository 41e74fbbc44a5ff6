"""The floor of the hooks: a bare Flask route that keeps a body with one insert. It verifies and reads nothing.

gunicorn serves it as `benchmarks.hooks_floor:program()`; benchmarks/hooks.py drives it.
"""

import os

from flask import Flask, request

from benchmarks.survey_floor import DATABASE, connect


def prepare(url: str) -> None:
    """Make the table."""
    connection, mark = connect(url)
    blob = "BYTEA" if mark == "%s" else "BLOB"
    connection.execute(f"CREATE TABLE delivery (key TEXT PRIMARY KEY, body {blob}, received TIMESTAMP)")
    connection.commit()
    connection.close()


def stored(url: str) -> int:
    """Return how many deliveries there are."""
    connection, _ = connect(url)
    count = int(connection.execute("SELECT count(*) FROM delivery").fetchone()[0])
    connection.close()
    return count


def program() -> Flask:
    """Return the program on the database that the environment names."""
    app = Flask("floor")
    connection, mark = connect(os.environ[DATABASE])
    insert = f"INSERT INTO delivery VALUES ({mark}, {mark}, CURRENT_TIMESTAMP)"

    @app.post("/hooks/desk/key")
    def receive() -> tuple[dict[str, str], int]:
        connection.execute(insert, (request.headers["webhook-id"], request.get_data()))
        connection.commit()
        return {"status": "stored"}, 202

    return app
