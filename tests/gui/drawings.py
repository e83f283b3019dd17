"""What is drawn in SVG and PDF files, read back without a viewer."""

import re
import zlib
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = ("path", "polyline", "polygon", "rect", "line", "circle", "ellipse", "image")


def read_svg(path: Path) -> dict[str, object]:
    """Return the words, in the order in which they are written, and how many shapes and pictures there are."""
    root = ElementTree.parse(path).getroot()
    clips = {id(shape) for clip in root.iter(f"{_SVG}clipPath") for shape in clip.iter()}
    kinds = Counter(one.tag.removeprefix(_SVG) for one in root.iter() if id(one) not in clips)
    words = "".join("".join(text.itertext()) for text in root.iter(f"{_SVG}text"))
    return _drawing(words, sum(kinds[shape] for shape in _SHAPES[:-1]), kinds["image"])


def read_pdf(path: Path) -> dict[str, object]:
    """Return the same of the only page of a PDF file."""
    content = path.read_bytes()
    objects = {int(found[1]): found[2] for found in re.finditer(rb"(\d+) 0 obj\s(.*?)\sendobj", content, re.DOTALL)}
    (page,) = (one for one in objects.values() if b"/Type /Page\n" in one)
    drawn = _stream(objects[_reference(page, b"Contents")])
    resources = objects[_reference(page, b"Resources")]
    names = {name: int(number) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", resources)}
    letters = {name: _letters(objects[_reference(objects[number], b"ToUnicode")]) for name, number in names.items()}
    words, font = [], b""
    for name, glyphs in re.findall(rb"/(F\d+) [\d.]+ Tf|<([0-9A-F]+)> Tj", drawn):
        font = name or font
        words += [letters[font].get(glyphs[i : i + 4], "?") for i in range(0, len(glyphs), 4)]
    painted = re.findall(rb"^(?:S|s|f\*?|B\*?|b\*?)\s*$", drawn, re.MULTILINE)
    return _drawing("".join(words), len(painted), content.count(b"/Subtype /Image"))


def _drawing(words: str, shapes: int, pictures: int) -> dict[str, object]:
    return {"words": "".join(words.split()), "shapes": shapes, "pictures": pictures}


def _reference(owner: bytes, name: bytes) -> int:
    return int(re.search(rb"/" + name + rb" (\d+) 0 R", owner)[1])


def _stream(owner: bytes) -> bytes:
    content = owner[owner.index(b"stream") + 6 :].lstrip(b"\r\n")
    return zlib.decompressobj().decompress(content) if b"FlateDecode" in owner else content


def _letters(table: bytes) -> dict[bytes, str]:
    """Return the letter of each glyph."""
    found = {}
    for first, _, values in re.findall(rb"<(\w{4})> <(\w{4})> \[(.*?)\]", _stream(table), re.DOTALL):
        for place, value in enumerate(re.findall(rb"<(\w+)>", values)):
            found[b"%04X" % (int(first, 16) + place)] = bytes.fromhex(value.decode()).decode("utf-16-be")
    return found
