"""Lines of an SVG drawing that keep their proportions when the drawing is enlarged."""

import re
from itertools import groupby
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
_EFFECT = "vector-effect"
_NUMBER = r"-?[\d.]+(?:e[-+]?\d+)?"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})")

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def with_scaling_strokes(svg: bytes) -> bytes:
    """Return a drawing of QSvgGenerator whose lines are as wide as the drawing is large.

    Qt tells viewers to draw the lines of cosmetic pens as wide at any scale. Without that, the transformation of their
    group would distort them: so it is applied to the places of each shape.
    """
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if child.tag == f"{{{_SVG}}}g" and any(_EFFECT in shape.attrib for shape in child):
                parent[place : place + 1] = _parted(child)
    for shape in root.iter():
        shape.attrib.pop(_EFFECT, None)  # of clipping paths
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _parted(group: ElementTree.Element) -> list[ElementTree.Element]:
    """Return groups, in their order, of which those with cosmetic lines have no transformation."""
    matrix = [float(number) for number in re.findall(_NUMBER, group.get("transform", "matrix(1,0,0,1,0,0)"))]
    parts = []
    for is_cosmetic, shapes in groupby(group, lambda shape: _EFFECT in shape.attrib):
        part = ElementTree.Element(group.tag, group.attrib)
        part.extend([_placed(shape, matrix) if is_cosmetic else shape for shape in shapes])
        if is_cosmetic:
            part.attrib.pop("transform", None)
        parts.append(part)
    return parts


def _placed(shape: ElementTree.Element, matrix: list[float]) -> ElementTree.Element:
    a, b, c, d, e, f = matrix

    def moved(found: re.Match[str]) -> str:
        x, y = float(found[1]), float(found[2])
        return f"{a * x + c * y + e:.6g},{b * x + d * y + f:.6g}"

    attributes = {name: value for name, value in shape.attrib.items() if name != _EFFECT}
    tag = shape.tag.removeprefix(f"{{{_SVG}}}")
    if tag == "rect":
        x, y, width, height = (float(attributes.pop(name)) for name in ("x", "y", "width", "height"))
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        tag, attributes["points"] = "polygon", " ".join(f"{x},{y}" for x, y in corners)
    for name in ("d", "points"):
        if name in attributes:
            attributes[name] = _PAIR.sub(moved, attributes[name])
    return ElementTree.Element(f"{{{_SVG}}}{tag}", attributes)
