"""Reads our own PDFs in tests: structure tags, and text through each font's ToUnicode table.

Enough for what typst writes (two-byte codes); no general PDF reader, and no program of the system is needed.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf


def open_pdf(data: bytes) -> Any:
    return pikepdf.open(BytesIO(data))


def tags(data: bytes) -> list[str]:
    """Return the structure types in reading order, without the leading slash."""
    with open_pdf(data) as pdf:
        return list(_walk(pdf.Root.StructTreeRoot))


def _walk(node: Any) -> Iterator[str]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _walk(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S).lstrip("/")
        if "/K" in node:
            yield from _walk(node.K)


def alternative_texts(data: bytes) -> list[str]:
    """Return the alternative texts of the figures."""
    found: list[str] = []

    def visit(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                visit(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/Alt" in node:
                found.append(str(node.Alt))
            if "/K" in node:
                visit(node.K)

    with open_pdf(data) as pdf:
        visit(pdf.Root.StructTreeRoot)
    return found


def text(data: bytes) -> str:
    """Return what the pages say; pieces of one text object are joined, objects stand apart by a space."""
    with open_pdf(data) as pdf:
        return " ".join(piece for page in pdf.pages for piece in _page_text(page))


def _page_text(page: Any) -> Iterator[str]:
    fonts = {name: _unicode_table(font) for name, font in page.Resources.Font.items()}
    table: dict[int, str] = {}
    said = ""
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "Tf":
                table = fonts[str(operands[0])]
            case "Tj":
                said += _decode(bytes(operands[0]), table)
            case "TJ":
                said += "".join(_decode(bytes(part), table) for part in operands[0] if isinstance(part, pikepdf.String))
            case "ET":
                yield said
                said = ""


def _decode(codes: bytes, table: dict[int, str]) -> str:
    return "".join(table.get(int.from_bytes(codes[at : at + 2], "big"), "?") for at in range(0, len(codes), 2))


def _unicode_table(font: Any) -> dict[int, str]:
    cmap = font.ToUnicode.read_bytes().decode("ascii")
    table: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, letters in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            table[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, letters in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = int(letters, 16)
            for offset in range(int(last, 16) - int(first, 16) + 1):
                table[int(first, 16) + offset] = chr(start + offset)
    return table
