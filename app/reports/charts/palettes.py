"""Colours of the charts: the tokens of the pages, light, dark, and as unique marks that become CSS classes."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Palette:
    """A colour for each token; the names are those of the style sheet with `_` for `-`."""

    surface: str
    sunken: str
    line: str
    line_strong: str
    ink: str
    ink_2: str
    ink_3: str
    internal: str
    external: str
    external_text: str
    external_2: str  # the paler ochre of the distribution
    neutral: str
    target: str
    grid: str
    band: str
    better: str
    worse: str
    worse_soft: str
    seq_1: str
    seq_2: str
    seq_3: str
    seq_4: str
    seq_6: str
    on_seq_low: str
    on_seq_mid: str
    on_seq_high: str
    dist_1: str
    dist_2: str
    hatch: str


LIGHT = Palette(
    surface="#ffffff",
    sunken="#edf1f2",
    line="#d3dbdd",
    line_strong="#75858b",
    ink="#142126",
    ink_2="#405056",
    ink_3="#586970",
    internal="#0e5f78",
    external="#c26a12",
    external_text="#954c00",
    external_2="#e3b37c",
    neutral="#6b7a80",
    target="#142126",
    grid="#dfe5e7",
    band="#e9eef0",
    better="#11705a",
    worse="#b3261e",
    worse_soft="#fcebe9",
    seq_1="#e2eff3",
    seq_2="#b8d8e1",
    seq_3="#84bccb",
    seq_4="#4a98ae",
    seq_6="#0c4b5f",
    on_seq_low="#142126",
    on_seq_mid="#142126",
    on_seq_high="#ffffff",
    dist_1="#55616a",
    dist_2="#a3adb2",
    hatch="#b4c0c4",
)
DARK = Palette(
    surface="#172125",
    sunken="#1f2b30",
    line="#2f3d43",
    line_strong="#7c8e95",
    ink="#e9eff1",
    ink_2="#b7c4c9",
    ink_3="#9dacb2",
    internal="#5db9d6",
    external="#f2a65a",
    external_text="#f5b673",
    external_2="#a36a30",
    neutral="#9aa9af",
    target="#e9eff1",
    grid="#2a373d",
    band="#222f35",
    better="#5fd0b0",
    worse="#ff8a80",
    worse_soft="#3a1815",
    seq_1="#1c333c",
    seq_2="#20505f",
    seq_3="#2a7085",
    seq_4="#4295ab",
    seq_6="#b5e0eb",
    on_seq_low="#ffffff",
    on_seq_mid="#0b1a1f",
    on_seq_high="#0b1a1f",
    dist_1="#aab6bb",
    dist_2="#69777e",
    hatch="#46565d",
)

#: Token name per colour of PAGE. matplotlib knows colours only, so each token is drawn as a colour nobody uses.
MARKS = {f"#fe{number:02x}ef": token.name.replace("_", "-") for number, token in enumerate(fields(Palette))}
PAGE = Palette(*MARKS)
