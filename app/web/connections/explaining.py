"""What a delivery would mean, typed in by hand: nothing of it is stored."""

from typing import Any

from flask import abort, request
from wtforms import Field as AnyField
from wtforms import Form as AnyForm
from wtforms import StringField, TextAreaField, ValidationError

from app.connectors.hooks import Hook
from app.domain.states import RequestState
from app.foundations.languages import gettext, mark
from app.upkeep.connections.explaining import can_be_explained, explain, header_of, lines_of
from app.upkeep.connections.words import kind_in_words
from app.web.connections.one import found, pages
from app.web.frame import forms
from app.web.frame.form_rules import at_most, needed, one_of, storable
from app.web.frame.forms import Outcome
from app.web.frame.installation import now, settings

LONGEST = 500_000  # characters


def written_as_headers(_form: AnyForm, field: AnyField) -> None:
    """Refuse lines that are no headers."""
    if any(header_of(line) is None for line in (field.data or "").splitlines() if line.strip()):
        raise ValidationError(gettext("Write one header a line, as in X-GitHub-Event: issues."))


class ExplainForm(forms.StaffForm):
    """A delivery: its body, headers where the kind needs them, and the state that was stored before."""

    body = TextAreaField(
        mark("Body"), [needed(mark("Paste the body of a delivery.")), at_most(LONGEST)], filters=[storable]
    )
    headers = TextAreaField(mark("Headers"), [at_most(10_000), written_as_headers], filters=[storable])
    was = StringField(mark("The request was known as"), [one_of(("", "open", "done"))], filters=[storable])


@pages.route("/<slug>/explain", methods=["GET", "POST"])
def explained(slug: str) -> Any:
    """Render the form; once it is good, say what the connector concludes."""
    connection, _ = found(slug)
    if not can_be_explained(connection.side, connection.kind):
        abort(404)
    values: dict[str, Any] = {"connection": connection, "kind": kind_in_words(connection.kind), "lines": []}
    if request.method == "GET":
        return forms.show("connections/explain.html", forms.shown(ExplainForm, {"was": ""}), **values)
    sent = forms.sent(ExplainForm, {"was": ""})
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("connections/explain.html", sent, **values)
    told = sent.form.told()
    hook = Hook(
        body=told["body"].encode("utf-8", "surrogatepass"),
        headers=dict(filter(None, map(header_of, told["headers"].splitlines()))),
        settings=connection.settings,
        time_zone=settings().time_zone,
        received_at=now(),
        was=RequestState(told["was"]) if told["was"] else None,
    )
    values["lines"] = lines_of(explain(connection.kind, hook))
    return forms.show("connections/explain.html", sent.form, **values)
