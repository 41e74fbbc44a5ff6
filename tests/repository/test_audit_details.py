"""Everything that an act notes beside its subject has a name that somebody can read."""

import ast
from collections.abc import Iterator
from dataclasses import fields

from tests.repository.tree import ROOT, name, python_files

#: How acts are noted, and the place from which on their details stand among the arguments.
NOTERS = {"app/cli/": {"noted": 3, "noted_by": 4}, "": {"noted": 2, "note": 4, "_note": 3, "kept": 2}}

#: What passes on details that its callers have made, or notes nothing in the audit log.
PASSED_ON = {
    "app/cli/comments.py _decide": "details",
    "app/cli/sessions.py noted": "details",
    "app/cli/sessions.py noted_by": "details",
    "app/jobs/connection_chores.py _note": "details",
    "app/jobs/imports.py kept": "counts",
    "app/web/frame/staff.py noted": "details",
}
PLACES_OF_THEIRS = {"app/cli/comments.py": "_decide"}  # named arguments of it are details

#: Expressions that hold details, and the function or class that says which.
MADE_BY = {
    "asdict(done)": "app/upkeep/organisation/department_changes.py Ended",
    "chosen": "app/web/watching/log.py KNOWN",
    "counts_of(done)": "app/upkeep/imports/importing.py counts_of",
    "counts_of(tally)": "app/upkeep/imports/importing.py counts_of",
    "done.counts": "app/pipeline/scorecards/stopping.py counts",
    "retain(installation, now=now)": "app/jobs/night.py retain",
    "retain_now(Installation(settings(), keys(), session_factory()), now=clock.now())": "app/jobs/night.py retain",
    "saved.details(wanted.departments)": "app/upkeep/rights/roles.py details",
}
NOT_TOLD = {"now", "by"}  # arguments of noters


def _keys_of(place: str) -> set[str]:
    """Return what a function puts into a mapping, or the fields of a dataclass; and of what it calls of that name."""
    file, _, what = place.partition(" ")
    if file.endswith("department_changes.py"):
        from app.upkeep.organisation.department_changes import Ended

        return {field.name for field in fields(Ended)}
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = next(one for one in ast.walk(tree) if _is_named(one, what))
    every = (key for one in ast.walk(found) if isinstance(one, ast.Dict) for key in one.keys)
    keys = {str(key.value) for key in every if isinstance(key, ast.Constant)}
    return keys | (_keys_of("app/upkeep/privacy/retention.py retain") if file == "app/jobs/night.py" else set())


def _is_named(node: ast.AST, what: str) -> bool:
    if isinstance(node, ast.FunctionDef):
        return node.name == what
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == what


def _acts() -> Iterator[tuple[str, ast.FunctionDef, list[ast.expr], list[ast.keyword]]]:
    """Yield the details of every call that notes an act, with where it stands."""
    for path in python_files("app"):
        if name(path) == "app/models/driver.py" or name(path).startswith("app/domain/codebook"):
            continue  # notes of another kind
        noters = NOTERS["app/cli/"] if name(path).startswith("app/cli/") else NOTERS[""]
        text = path.read_text(encoding="utf-8")
        for function in ast.walk(ast.parse(text)) if any(f"{one}(" in text for one in noters) else ():
            if isinstance(function, ast.FunctionDef):
                for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
                    called = ast.unparse(call.func).rpartition(".")[2]
                    if called in noters:
                        yield f"{name(path)} {function.name}", function, call.args[noters[called] :][:1], call.keywords
                    elif PLACES_OF_THEIRS.get(name(path)) == called:
                        yield f"{name(path)} {function.name}", function, [], call.keywords


def _told(where: str, function: ast.FunctionDef, node: ast.expr | None) -> Iterator[str]:
    """Yield the keys that an expression holds; raise for one of which nobody says what it holds."""
    if isinstance(node, ast.Dict):
        yield from (str(ast.literal_eval(key)) for key in node.keys if key is not None)
        parts = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    else:
        parts = [part for side in ("left", "right", "body", "orelse") if (part := getattr(node, side, None))]
    for part in parts:
        yield from _told(where, function, part)
    if parts or isinstance(node, ast.Dict):
        return
    if node is not None and ast.unparse(node) in MADE_BY:
        yield from _keys_of(MADE_BY[ast.unparse(node)])
    elif isinstance(node, ast.Name) and PASSED_ON.get(where) != node.id:
        values = list(_given(function, node.id))
        assert values, f"{where}: what does {node.id} hold?"
        for value in values:
            yield from _told(where, function, value)
    else:
        assert ast.unparse(node or ast.Constant(None)) in {"None", PASSED_ON.get(where)}, f"{where}: {node}"


def _given(function: ast.FunctionDef, wanted: str) -> Iterator[ast.expr]:
    """Yield what a name is given in a function: by assignment, or by a loop over tuples."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            names, value = ([target.id] if isinstance(target, ast.Name) else []), node.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                names = [ast.unparse(one) for one in target.elts]
                value = value.elts[names.index(wanted)] if wanted in names else None
            if wanted in names and value is not None:
                yield value
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and isinstance(node.iter, ast.Tuple):
            names = [ast.unparse(one) for one in node.target.elts]
            if wanted in names:
                yield from (one.elts[names.index(wanted)] for one in node.iter.elts if isinstance(one, ast.Tuple))


def _noted() -> set[str]:
    found: set[str] = set()
    for where, function, positional, named in _acts():
        for node in positional:
            found |= set(_told(where, function, node))
        for one in named:
            found |= {one.arg} if one.arg is not None else set(_told(where, function, one.value))
    return found - NOT_TOLD


def test_everything_that_an_act_notes_has_a_name_to_read_and_no_name_is_left_over() -> None:
    from app.web.watching.log_details import NAMES

    assert sorted(NAMES) == sorted(_noted())
