"""What the charts take from matplotlib, with its settings read. Importing this takes a second: see `sheets.matplot`."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextToPath

__all__ = [
    "FONT_FOLDER",
    "FT2Font",
    "Figure",
    "FontProperties",
    "Polygon",
    "Rectangle",
    "findfont",
    "measure",
    "withStroke",
]

mpl.rc_file(Path(__file__).parents[1] / "parity.mplstyle")  # once: rcParams are global, not per thread

FONT_FOLDER = Path(mpl.get_data_path()) / "fonts" / "ttf"  # DejaVu: Latin, Cyrillic and the marks ▲▼

measure = TextToPath()
