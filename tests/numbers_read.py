"""Which numbers a document holds, and which ones a reader meets in what is made of it."""

import json
import re
from collections.abc import Iterator
from typing import Any

# Numbers of fixed sentences and of the axes of pictures: they stand there whatever was answered. A picture of a PDF may
# set the digits of a number one by one.
FIXED = {*range(11), 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95, 100, 2000}


def numbers_of(value: Any) -> Iterator[float]:
    """Yield every number of a document."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_of(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def without_sentences(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without the parameters of its sentences, which repeat its figures."""
    return json.loads(json.dumps(document), object_hook=lambda found: {} if "params" in found else found)  # type: ignore[no-any-return]


def as_read(document: dict[str, Any]) -> set[str]:
    """Return how a reader may meet the document's numbers: as they are, as per cent, rounded, without a sign."""
    words = set()
    for number in numbers_of(document):
        for value in (abs(number), abs(100 * number)):
            words |= {f"{value:.10g}", f"{int(value + 0.5)}", f"{value:.1f}", f"{value:.2f}"}
    names = json.dumps([document.get(key) for key in ("department", "period", "frozen_at", "digest")])
    years = {str(int(document["period"][:4]) - back) for back in range(3)}  # quarters without a point
    return words | years | set(re.findall(r"\d+(?:\.\d+)?", names)) | {str(number) for number in FIXED}


def read(text: str) -> list[str]:
    """Return the numbers of a text, without signs; a digest and an address are no numbers."""
    plain = re.sub(r"sha256:\w+(?:…\w+)?|https?://\S+|\b\w*[a-z]\d\w*", " ", text)
    found = re.findall(r"\d+(?:\.\d+)?", plain)
    return [re.sub(r"^0+(?=\d)", "", number) for number in found]
