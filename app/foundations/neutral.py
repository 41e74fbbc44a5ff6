"""Text that no spreadsheet takes for a formula."""

_DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")  # the wide signs of East Asia compute, too


def neutral(text: str) -> str:
    """Return text with an apostrophe before what a spreadsheet would compute or obey (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in _DANGEROUS else text
