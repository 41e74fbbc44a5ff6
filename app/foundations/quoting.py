"""How a sentence quotes what somebody sent: enough to find it again, however long it is."""

LONGEST_QUOTE = 80


def quoted(text: str) -> str:
    """Return the text as a sentence quotes it: cut after 80 characters, with `…` at the cut."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"
