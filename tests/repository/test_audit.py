"""Whatever changes something at the edges notes it in the audit log, or stands here with the reason why not."""

import ast
from collections.abc import Iterator

from tests.repository.tree import name, python_files

NOTES = {"noted", "noted_by", "note", "keep_or_undo", "_note"}

#: Functions of the edges that commit and note nothing.
SILENT = {
    "app/cli/invitations.py run": "the worker's own work, one pass of it",
    "app/cli/mail.py bounce": "a mail server tells, nobody acts",
    "app/cli/demo_loading.py": "the sample company",
    "app/cli/sessions.py": "what the others use",
    "app/web/frame/chores.py ask": "the worker notes what it has done",
    "app/web/api/once.py answered_once": "runs what app/web/api/writing.py notes",
    "app/web/signing_in/entering.py": "sessions are kept themselves",
    "app/web/frame/kept_forms.py": "what somebody had typed, for themselves and for an hour",
    "app/web/api/policies.py post_dry_run": "a trial, which changes nothing",
    "app/web/hooks.py": "events come as a stream and are kept themselves",
    "app/web/policy/pages.py _drop": "one's own draft",
    "app/web/policy/pages.py _keep": "one's own draft",
    "app/web/policy/pages.py _switch_on": "one's own draft, which app/web/policy/switching.py switches on",
    "app/web/survey/opt_out.py": "a requester's own wish",
    "app/web/signing_in/links.py": "ways in and out; sessions are kept themselves",
    "app/web/signing_in/passwords.py": "a way in; tries are counted for a day",
    "app/web/survey/pages.py": "an answer, which nobody may connect with a moment",
}


def _writers(folder: str) -> Iterator[tuple[str, bool]]:
    """Yield every function at the top of a module that opens a writing transaction or commits, and whether it notes."""
    for path in python_files("app"):
        if not name(path).startswith(folder):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                called = {_called(call) for call in ast.walk(node) if isinstance(call, ast.Call)}
                if called & {"transaction", "commit", "begin"}:
                    yield f"{name(path)} {node.name}", bool(called & NOTES)


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_silent(writer: str) -> bool:
    return writer in SILENT or writer.split(maxsplit=1)[0] in SILENT


def test_every_command_and_page_that_writes_notes_its_act() -> None:
    quiet = [
        writer
        for folder in ("app/cli/", "app/web/")
        for writer, notes in _writers(folder)
        if not notes and not _is_silent(writer)
    ]

    assert quiet == []


def test_no_exception_is_left_over() -> None:
    writers = {writer for folder in ("app/cli/", "app/web/") for writer, _ in _writers(folder)}
    named = writers | {writer.split()[0] for writer in writers}

    assert [exception for exception in SILENT if exception not in named] == []


def test_every_act_has_its_words() -> None:
    from app.domain.auditing import Act
    from app.upkeep.audit.words import act_in_words

    assert [act for act in Act if act_in_words(act.value) == act.value] == []
    assert act_in_words("of.tomorrow") == "of.tomorrow"


def test_every_act_belongs_to_one_area_and_no_area_is_empty() -> None:
    from app.domain.act_groups import ActGroup, acts_of
    from app.domain.auditing import Act
    from app.upkeep.audit.words import group_in_words

    assert sorted(act for group in ActGroup for act in acts_of(group)) == sorted(Act)
    assert all(acts_of(group) and group_in_words(group) for group in ActGroup)
