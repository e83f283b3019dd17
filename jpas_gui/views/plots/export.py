"""Saving a figure as it is shown: PNG, SVG or PDF."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPageSize, QPaintDevice, QPainter, QPdfWriter, QPicture, QTextDocument
from PySide6.QtSvg import QSvgGenerator

from jpas_gui import __version__
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.plots.svg_strokes import with_scaling_strokes
from jpas_gui.views.plots.thick_pens import thicker_pens

FIGURE_FORMATS = "PNG image (*.png);;SVG drawing (*.svg);;PDF document (*.pdf)"

_PNG_SCALE = 2
_MARGIN = 6.0
_INCH = 25.4
_CREATOR = f"jpas-gui {__version__}"


def export_figure(figure: Figure, path: Path) -> None:
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
    with _sheet_of(figure) as sheet:
        content = maker(sheet)
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def picture_of(figure: Figure) -> QImage:
    """Return a figure as a picture."""
    with _sheet_of(figure) as sheet:
        return _image(sheet)


@dataclass(frozen=True)
class _Sheet:
    """A figure that is ready to be painted, and what is written above it; lengths are pixels of the screen."""

    figure: Figure
    caption: QTextDocument
    head: float

    @property
    def size(self) -> QSizeF:
        """Width and height."""
        return QSizeF(self.figure.viewport().width(), self.figure.viewport().height() + self.head)

    @property
    def title(self) -> str:
        """What the figure shows, in one line."""
        stamps = [item.text for item in self.figure.ci.items if isinstance(item, Stamp)]
        lines = [self.figure.accessibleName(), *stamps, self.caption.toPlainText()]
        return " · ".join(" ".join(line.split()) for line in lines if line.strip())

    def paint(self, device: QPaintDevice, scale: int = 1) -> None:
        """Paint it, with so many pixels of the device for one of the screen."""
        figure, painter = self.figure, QPainter(device)
        items = [item for item in figure.scene().items() if isinstance(item, pg.GraphicsItem)]
        try:
            painter.scale(scale, scale)
            painter.fillRect(QRectF(0, 0, self.size.width(), self.size.height()), figure.backgroundBrush())
            painter.translate(_MARGIN, _MARGIN)
            self.caption.drawContents(painter)
            painter.translate(-_MARGIN, -_MARGIN)
            for item in items:
                item.setExportMode(True, {"antialias": True, "painter": painter, "resolutionScale": scale})
            source = QRectF(figure.viewport().rect())
            with thicker_pens(figure.scene(), scale):
                figure.scene().render(painter, source.translated(0, self.head), source)
        finally:
            painter.end()
            for item in items:
                item.setExportMode(False)


@contextmanager
def _sheet_of(figure: Figure) -> Iterator[_Sheet]:
    with ExitStack() as back:
        _clean(figure, back)
        caption = QTextDocument()
        caption.setDocumentMargin(0)
        caption.setDefaultFont(figure.font())
        html = figure.caption()
        if html:
            caption.setTextWidth(figure.viewport().width() - 2 * _MARGIN)
            caption.setHtml(f'<div align="center" style="color: {_ink(figure)}">{html}</div>')
        yield _Sheet(figure, caption, caption.size().height() + _MARGIN if html else 0.0)


def _ink(figure: Figure) -> str:
    """Return the colour of words on the figure's background."""
    axis = next(iter(figure.all_plots)).getAxis("left")
    return QColor(axis.textPen().color()).name()


def _clean(figure: Figure, back: ExitStack) -> None:
    """Take away what belongs to the mouse, and rows of plots that have nothing to show; `back` gives them back."""
    figure.forget_mouse()
    for tool in figure.tools:
        if tool.isVisible():
            tool.setVisible(False)
            back.callback(tool.setVisible, True)
    plots = {plot: cells for plot, cells in figure.all_plots.items() if plot.isVisible()}
    full_rows = {row for plot, cells in plots.items() if not figure.is_missing(plot) for row, _ in cells}
    back.callback(_lay_out, figure)
    for plot, cells in plots.items():
        rows = {row for row, _ in cells}
        if full_rows and not full_rows & rows:
            _take_away(figure, plot, rows, back)
    _settle(figure)


def _take_away(figure: Figure, plot: pg.PlotItem, rows: set[int], back: ExitStack) -> None:
    layout = figure.ci.layout
    back.callback(plot.setMaximumHeight, plot.maximumHeight())
    back.callback(plot.setVisible, True)
    plot.setVisible(False)
    plot.setMaximumHeight(0)  # a hidden row keeps its place
    for row in rows:
        back.callback(layout.setRowMinimumHeight, row, layout.rowMinimumHeight(row))
        layout.setRowMinimumHeight(row, 0)


def _settle(figure: Figure) -> None:
    """Let axes take the room that their numbers need: they know it only when they are painted."""
    for _ in range(2):
        _lay_out(figure)
        nothing = QPicture()
        painter = QPainter(nothing)
        figure.scene().render(painter)
        painter.end()
    _lay_out(figure)


def _lay_out(figure: Figure) -> None:
    """Lay out each plot and all of them: what Qt does itself, but later. What was hidden needs it twice."""
    for _ in range(2):
        for plot in figure.all_plots:
            plot.layout.activate()
        figure.ci.layout.invalidate()
        figure.ci.layout.activate()


def _image(sheet: _Sheet) -> QImage:
    size = sheet.size * _PNG_SCALE
    image = QImage(round(size.width()), round(size.height()), QImage.Format.Format_ARGB32)
    dots = round(1000 * sheet.figure.logicalDpiX() / _INCH)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    image.fill(sheet.figure.backgroundBrush().color())
    image.setText("Title", sheet.title)
    image.setText("Software", _CREATOR)
    sheet.paint(image, _PNG_SCALE)
    # What is known of the picture, not how it was painted: twice as many dots on the same size.
    image.setDotsPerMeterX(dots * _PNG_SCALE)
    image.setDotsPerMeterY(dots * _PNG_SCALE)
    return image


def _png(sheet: _Sheet) -> bytes:
    buffer = _buffer()
    _image(sheet).save(buffer, "PNG")
    return _content(buffer)


def _svg(sheet: _Sheet) -> bytes:
    buffer = _buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # 1.2 Tiny, the other, cannot clip
    generator.setOutputDevice(buffer)
    generator.setResolution(sheet.figure.logicalDpiX())
    size = QSize(round(sheet.size.width()), round(sheet.size.height()))
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(sheet.title)
    generator.setDescription(_CREATOR)
    sheet.paint(generator)
    return with_scaling_strokes(_content(buffer))


def _pdf(sheet: _Sheet) -> bytes:
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    # One unit is a pixel of the screen: letters have the size that they were asked to have, and lines their width.
    writer.setResolution(sheet.figure.logicalDpiX())
    writer.setPageSize(QPageSize(sheet.size * _INCH / sheet.figure.logicalDpiX(), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(sheet.title)
    writer.setCreator(_CREATOR)
    sheet.paint(writer)
    return _content(buffer)


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _content(buffer: QBuffer) -> bytes:
    return bytes(buffer.data().data())
