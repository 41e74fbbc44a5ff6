"""/healthz: the process is alive. /readyz: database, migrations, worker and mail can be used. /metrics: Prometheus."""

from flask import Blueprint, Response, current_app, jsonify

from app.foundations import clock
from app.models.base import db
from app.settings import Settings
from app.upkeep.running import readiness
from app.upkeep.running.gauges import exposition, gauges

pages = Blueprint("health", __name__)

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@pages.get("/healthz")
def healthz() -> Response:
    """Answer 200 while the process lives; asks nothing of anybody."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@pages.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Answer 200 when everything needed is there, else 503; says what is not."""
    settings: Settings = current_app.extensions["parity_settings"]
    found = readiness.check(db.session(), settings, now=clock.now())
    return jsonify(found), 200 if all(found.values()) else 503


@pages.get("/metrics")
def metrics() -> Response:
    """Print what monitoring watches, also while the database cannot be used."""
    return Response(exposition(gauges(db.session(), now=clock.now())), content_type=PROMETHEUS)
