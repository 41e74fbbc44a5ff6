"""Mail clients know no custom properties, so mails repeat colours; they must be those of the tokens."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


def test_every_colour_of_a_mail_is_a_token() -> None:
    tokens = set(HEX.findall((ROOT / "static" / "tokens.css").read_text(encoding="utf-8")))

    used = {
        colour
        for path in (ROOT / "templates" / "mail").rglob("*.mjml")
        for colour in HEX.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(used - tokens) == []
