"""Saving a figure as it is shown: PNG, SVG or PDF."""

from pathlib import Path

import pyqtgraph as pg
from pyqtgraph.exporters import ImageExporter, SVGExporter
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing

FIGURE_FORMATS = "PNG image (*.png);;SVG drawing (*.svg);;PDF document (*.pdf)"

_PNG_SCALE = 2
_PDF_DPI = 300


def export_figure(figure: pg.GraphicsLayoutWidget, path: Path) -> None:
    """Save a figure in the format that the suffix names.

    Raises
    ------
    InputError
        If the suffix is none of .png, .svg, .pdf, or the file cannot be written.
    """
    makers = {".png": _png, ".svg": _svg, ".pdf": _pdf}
    maker = makers.get(path.suffix.lower())
    if maker is None:
        raise InputError(f"{path}: a figure is saved as {', '.join(makers)}")
    content = maker(figure)
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def _png(figure: pg.GraphicsLayoutWidget) -> bytes:
    exporter = ImageExporter(figure.scene())
    exporter.parameters()["width"] = _PNG_SCALE * figure.width()
    image = exporter.export(toBytes=True)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _svg(figure: pg.GraphicsLayoutWidget) -> bytes:
    return bytes(SVGExporter(figure.scene()).export(toBytes=True))


def _pdf(figure: pg.GraphicsLayoutWidget) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DPI)
    size = figure.size()
    page = QSizeF(180.0, 180.0 * size.height() / size.width())
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    figure.scene().render(painter)
    painter.end()
    return bytes(buffer.data().data())
