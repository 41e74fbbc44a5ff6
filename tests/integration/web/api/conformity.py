"""Does an answer say what the description promises? As much of JSON Schema 2020-12 as the description uses."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

Json = Any
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def faults(document: Json, schema: Json, value: Json, place: str = "$") -> Iterator[str]:
    """Yield where `value` is not what `schema` of an OpenAPI document says."""
    schema = resolved(document, schema)
    kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", list(_TYPES))
    if not any(isinstance(value, _TYPES[kind]) and (kind == "boolean") == isinstance(value, bool) for kind in kinds):
        yield f"{place}: {value!r} is none of {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of {schema['enum']}"
    if schema.get("format") == "date-time" and isinstance(value, str) and datetime.fromisoformat(value).tzinfo is None:
        yield f"{place}: {value!r} has no offset"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(document, schema.get("items", {}), item, f"{place}[{number}]")
    if isinstance(value, dict):
        yield from _object_faults(document, schema, value, place)


def _object_faults(document: Json, schema: Json, value: dict[str, Json], place: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value)
    for name, member in value.items():
        if name in known:
            yield from faults(document, known[name], member, f"{place}.{name}")
        elif others is False:
            yield f"{place}: {name} is not described"


def resolved(document: Json, schema: Json) -> Json:
    """Follow references within the document. Raises KeyError for one that leads nowhere."""
    while "$ref" in schema:
        found = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def references(node: Json) -> Iterator[str]:
    """Yield every reference of the document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for member in node.values():
            yield from references(member)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)
