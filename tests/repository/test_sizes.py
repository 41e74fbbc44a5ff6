"""Small modules, small functions: what passes the cap becomes a package of the same name."""

import ast
from pathlib import Path

from tests.repository.tree import name, python_files

MODULE_LINES = 300
TEST_FILE_LINES = 500
FUNCTION_LINES = 40


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count from the first statement after the docstring: a long signature or promise is no fault."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_module_is_longer_than_300_lines() -> None:
    long = {
        name(path): lines(path) for path in python_files("app", "tools", "benchmarks") if lines(path) > MODULE_LINES
    }

    assert long == {}


def test_no_test_file_is_longer_than_500_lines() -> None:
    long = {name(path): lines(path) for path in python_files("tests") if lines(path) > TEST_FILE_LINES}

    assert long == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}: {body_lines(node)}"
        for path in python_files("app", "tools")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and body_lines(node) > FUNCTION_LINES
    ]

    assert long == []
