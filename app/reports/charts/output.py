"""Sheets as files: small PNG with an exact ground, and SVG whose colours are the page's own."""

import re
from datetime import datetime
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.reports.charts.marks import HALO, HALO_WIDTH, halo_colour, with_halos
from app.reports.charts.palettes import MARKS
from app.reports.charts.sheets import NARROW, Sheet

COLOURS = 96
MAIL_PIXELS, WIDE_PIXELS = 1200, 1440  # narrow is shown at most 504 wide, so 1200 stays sharp on phones
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)$")

ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)


def png(sheet: Sheet, frozen_at: datetime) -> bytes:
    """Return the sheet as PNG: 96 colours, the ground exact, dated `frozen_at`; equal input gives equal bytes."""
    pixels = MAIL_PIXELS if sheet.width <= NARROW else WIDE_PIXELS
    dpi = 96 * pixels / sheet.width
    raster = BytesIO()
    with with_halos(sheet):
        sheet.figure.savefig(raster, format="rgba", dpi=dpi)
    size = (pixels, len(raster.getvalue()) // (4 * pixels))
    image = Image.frombuffer("RGBA", size, raster.getvalue(), "raw", "RGBA", 0, 1).convert("RGB")
    small = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.putpalette(_exact_ground(small.getpalette() or [], image.getpixel((0, 0))))
    dated = PngInfo()
    dated.add_text("Creation Time", frozen_at.isoformat())
    file = BytesIO()
    small.save(file, "png", compress_level=9, pnginfo=dated)
    return file.getvalue()


def _exact_ground(palette: list[int], ground: object) -> list[int]:
    """Undo that quantising turns `ffffff` into `fefefe`: a picture must not show its edge on the paper."""
    assert isinstance(ground, tuple)
    for start in range(0, len(palette) - 2, 3):
        if max(abs(one - other) for one, other in zip(palette[start : start + 3], ground, strict=True)) <= 2:
            palette[start : start + 3] = ground
    return palette


def svg(sheet: Sheet, *, key: str, title: str, description: str) -> str:
    """Return the sheet as SVG to be inlined: ids begin with `key`, colours of PAGE are classes of charts.css.

    There is no `style` attribute, so a strict content security policy holds. Drawn with LIGHT the colours are
    literal, as the PDF needs them.
    """
    file = StringIO()
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    sheet.figure.savefig(file, format="svg", metadata=metadata)
    drawing = ET.fromstring(file.getvalue())  # noqa: S314 our own output
    _drop_page_wide_parts(drawing)
    used = _references(drawing)
    for element in drawing.iter():
        _halo(element)
        _rename(element, key, used)
        _unstyle(element)
        _shorten(element)
    _describe(drawing, key, title, description)
    return ET.tostring(drawing, encoding="unicode")


def _drop_page_wide_parts(drawing: ET.Element) -> None:
    """Remove the metadata, and a style sheet that would speak for the whole page it is inlined in."""
    for child in list(drawing):
        styles = child.find(f"{{{SVG}}}style") is not None
        if styles or child.tag == f"{{{SVG}}}metadata":
            drawing.remove(child)


def _references(drawing: ET.Element) -> set[str]:
    text = "\n".join(value for element in drawing.iter() for value in element.attrib.values())
    return set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r"^#(.+)$", text, flags=re.MULTILINE))


def _halo(element: ET.Element) -> None:
    """Give a marked text its rim; a path effect would turn its letters into outlines, ten times the size."""
    name = element.get("id", "")
    if name.startswith(HALO):
        rim = {"stroke": halo_colour(name), "stroke-width": str(HALO_WIDTH), "paint-order": "stroke"}
        element.attrib.update(rim)


def _rename(element: ET.Element, key: str, used: set[str]) -> None:
    identity = element.attrib.pop("id", None)
    if identity in used:
        element.set("id", f"{key}-{identity}")
    for name, value in element.attrib.items():
        if name == "style" or name.endswith(("href", "clip-path")):
            changed = re.sub(r"url\(#", f"url(#{key}-", value)
            element.set(name, re.sub(r"^#", f"#{key}-", changed))


def _unstyle(element: ET.Element) -> None:
    """Turn a style attribute into presentation attributes, and marks of PAGE into classes."""
    rules = dict(part.split(": ", 1) for part in element.attrib.pop("style", "").split("; ") if ": " in part)
    font = rules.pop("font", None)
    if font:
        rules |= _font(font)
    for name in ("fill", "stroke"):
        rules.setdefault(name, element.attrib.pop(name, ""))
    classes = []
    for name, value in rules.items():
        token = MARKS.get(value)
        if token:
            classes.append(f"{name}-{token}")
        elif value:
            element.set(name, value.rstrip(";"))
    if classes:
        element.set("class", " ".join(sorted(classes)))


def _font(shorthand: str) -> dict[str, str]:
    size = re.search(r"([\d.]+)px", shorthand)
    assert size is not None
    bold = shorthand.startswith(("bold", "700"))
    rules = {"font-size": size[1], "font-family": "DejaVu Sans"}
    return {**rules, "font-weight": "700"} if bold else rules


def _shorten(element: ET.Element) -> None:
    """Keep one decimal of coordinates: a tenth of a pixel is not seen, and it halves the file."""
    for name in ("d", "x", "y", "transform", "points"):
        if name in element.attrib:
            element.set(name, re.sub(r"(\.\d)\d+", r"\1", element.attrib[name]))


def _describe(drawing: ET.Element, key: str, title: str, description: str) -> None:
    box = drawing.attrib["viewBox"]
    drawing.attrib.clear()
    names = {"t": title, "d": description}
    drawing.attrib.update({"viewBox": box, "class": "chart", "role": "img", "stroke-linejoin": "round"})
    drawing.set("aria-labelledby", f"{key}-t {key}-d")
    for place, (short, tag) in enumerate((("t", "title"), ("d", "desc"))):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{key}-{short}"})
        element.text = names[short]
        drawing.insert(place, element)
