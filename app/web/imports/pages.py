"""Tables that are sent, checked and imported: the worker reads them, these pages show what it found."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy import select

from app.domain.auditing import Act
from app.domain.rights import Action
from app.domain.states import ChoreKind, ChoreState
from app.foundations.languages import gettext, spoken
from app.imports.faults import OptionRefused
from app.imports.file_kinds import LOOKED_AT, no_table
from app.imports.samples import SAMPLES, sample
from app.models.base import db
from app.models.connections import Connection
from app.models.uploads import ImportKind, Upload, UploadState
from app.upkeep.audit import log as audit
from app.upkeep.imports import uploads
from app.upkeep.imports.profiles import find_profile, profile_names, save_profile
from app.upkeep.running import chores
from app.upkeep.running.chore_words import told
from app.web.frame import chores as chore_pages
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome, Sent
from app.web.frame.installation import now, settings
from app.web.frame.kept_forms import READ_AT_ONCE
from app.web.frame.row_forms import as_sentence
from app.web.frame.staff import LARGEST_FORM
from app.web.imports.columns import sheets
from app.web.imports.forms import FRESH, UploadForm, as_typed, told_mapping
from app.web.imports.words import KINDS, shown_outcome

pages = Blueprint("imports", __name__, url_prefix="/admin/imports")
frame.frame(pages, frozenset({Action.KEEP_PEOPLE}))

ENCODINGS = ("", "cp1250", "cp1251", "cp1252", "iso-8859-2", "koi8-r")


@pages.get("")
def listing() -> Response:
    """Show what was sent within a day."""
    sent, names = uploads.uploads(db.session(), now=now()), audit.called_names(db.session(), now())
    return frame.page("imports/imports.html", uploads=sent, kinds=_kinds(), names=names, zone=settings().time_zone)


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Take a table, and have it checked."""
    asked = request.args.get("kind")
    fresh = {**FRESH, "kind": asked if asked in set(ImportKind) else FRESH["kind"]}
    if like := request.args.get("like", type=int):
        fresh = as_typed(_found(like))
    if request.method == "GET":
        return forms.show("imports/new_import.html", forms.shown(UploadForm, fresh), **_choices())
    request.max_content_length, request.max_form_memory_size = uploads.LARGEST + LARGEST_FORM, READ_AT_ONCE
    sent = forms.sent(UploadForm, fresh)
    number = _kept(sent) if sent.outcome is Outcome.GOOD else None
    if number is None:
        if sent.outcome is Outcome.GOOD:
            sent = Sent(sent.form, Outcome.WRONG)
        return forms.answer("imports/new_import.html", sent, **_choices())
    frame.noted(Act.TABLE_SENT, f"upload:{number}", {"kind": sent.form.kind.data})
    _ask(number, dry_run=True)
    return redirect(url_for("imports.show", number=number), 303)


@pages.get("/<int:number>")
def show(number: int) -> Response:
    """Show what the last check or the import found."""
    upload = _found(number)
    chore = chores.latest(db.session(), f"upload:{number}", ChoreKind.RUN_IMPORT)
    is_open = chore is not None and chore.state in {ChoreState.WAITING, ChoreState.RUNNING}
    return frame.page(
        "imports/import.html",
        upload=upload,
        kind=gettext(KINDS[upload.kind]),
        chore=told(chore) if chore is not None and (is_open or chore.state is ChoreState.FAILED) else None,
        is_open=is_open,
        outcome=shown_outcome(upload.outcome),
        zone=settings().time_zone,
        sender=audit.called_names(db.session(), now()).get(upload.uploaded_by, ""),
    )


@pages.post("/<int:number>")
def act(number: int) -> Any:
    """Have a table checked again, imported, or thrown away."""
    upload = _found(number)
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    wanted = request.form.get("act")
    if wanted == "drop":
        if uploads.drop(db.session(), number):
            frame.noted(Act.TABLE_DROPPED, f"upload:{number}", {"kind": upload.kind.value})
        db.session.commit()
        return redirect(url_for("imports.listing"), 303)
    if wanted == "leave_out" and upload.state is UploadState.FAULTY:
        uploads.leave_out_faulty(db.session(), number)
    if wanted == "as_suggested" and upload.state is UploadState.FAULTY:
        uploads.read_as_suggested(db.session(), number)
    is_import = wanted == "import" and upload.state is UploadState.CHECKED
    if is_import or (wanted in {"check", "leave_out", "as_suggested"} and upload.state is not UploadState.IMPORTED):
        _ask(number, dry_run=not is_import)
    return redirect(url_for("imports.show", number=number), 303)


@pages.get("/sample/<name>.csv")
def example(name: str) -> Response:
    """Hand out a small table of one kind that comes in as it stands."""
    if name not in SAMPLES:
        abort(404)
    response = Response(sample(name, "," if spoken() == "en" else ";"), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return response


@pages.get("/<int:number>/rejected.csv")
def rejected(number: int) -> Response:
    """Hand out the rows that have faults, with these in a last column."""
    upload = _found(number)
    if upload.rejected is None:
        abort(404)
    response = Response(upload.rejected, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"rejected-{number}.csv")
    return response


def _kept(sent: Sent[UploadForm]) -> int | None:
    """Keep the file with its choices and return its number; None where a field cannot be understood."""
    form = sent.form
    profile = _profile(form)
    mapping = told_mapping(form, profile)
    content = form.file.data.read(uploads.LARGEST + 1)
    wrong = [*(mapping if isinstance(mapping, list) else []), *_faults(form, content)]
    for name, sentence in wrong:
        form[name].errors = [*form[name].errors, sentence]
    if form.errors or isinstance(mapping, list):
        return None
    kind = ImportKind(form.kind.data)
    choices = uploads.Choices(
        kind=kind,
        mapping=mapping,
        slug=form.slug.data if kind.side else "",
        create_departments=form.create_departments.data,
        skip_bad_rows=form.skip_bad_rows.data,
        replaced=form.replaced.data,
        language=spoken(),
    )
    by = audit.by_staff(db.session(), frame.viewer().email)
    name = "".join(filter(str.isprintable, form.file.data.filename)).rpartition("/")[2][:200]
    if form.save_profile.data:
        save_profile(db.session(), form.save_profile.data, kind.value, mapping, now=now())
        frame.noted(Act.PROFILE_SAVED, f"profile:{form.save_profile.data}", {"kind": kind.value})
    return uploads.keep(db.session(), name, content, choices, by=by, now=now()).id


def _profile(form: UploadForm) -> Any:
    """Return the saved mapping that was chosen, or None."""
    if not form.profile.data:
        return None
    try:
        return find_profile(db.session(), form.profile.data)
    except OptionRefused:
        form.profile.errors = [*form.profile.errors, gettext("This is none of the choices. Choose one of them.")]
        return None


def _faults(form: UploadForm, content: bytes) -> list[tuple[str, str]]:
    """Return what only the file and the database can refuse, by field."""
    found = []
    if not content:
        found.append(("file", gettext("The file is empty.")))
    elif sentence := no_table(content[:LOOKED_AT]):
        found.append(("file", as_sentence(sentence)))
    if len(content) > uploads.LARGEST:
        found.append(("file", gettext("The file is larger than %(size)s MB.", size=uploads.LARGEST // 1_000_000)))
    side = ImportKind(form.kind.data).side
    if side is not None:
        known = select(Connection.id).where(
            Connection.slug == form.slug.data, Connection.side == side, Connection.removed_at.is_(None)
        )
        if db.session.scalar(known) is None:
            found.append(("slug", gettext("Choose the tracker or source that these rows come from.")))
    return found


def _ask(number: int, *, dry_run: bool) -> None:
    chore_pages.ask(ChoreKind.RUN_IMPORT, f"upload:{number}", {"upload": number, "dry_run": dry_run})


def _found(number: int) -> Upload:
    return uploads.find(db.session(), number, now=now()) or abort(404)


def _kinds() -> dict[ImportKind, str]:
    return {kind: gettext(words) for kind, words in KINDS.items()}


def _choices() -> dict[str, Any]:
    """Return what the form offers."""
    known = (
        db.session.execute(
            select(Connection.slug, Connection.side).where(Connection.removed_at.is_(None)).order_by(Connection.slug)
        )
        .tuples()
        .all()
    )
    return {
        "kinds": [(kind.value, words) for kind, words in _kinds().items()],
        "connections": [(slug, slug) for slug, _ in known],
        "profiles": [(name, name) for name in profile_names(db.session())],
        "encodings": [(name, name or gettext("found by itself: UTF-8 or UTF-16")) for name in ENCODINGS],
        "sheets": sheets(),
        "largest": uploads.LARGEST // 1_000_000,
    }
