"""A map of one number over the ages and metallicities of a library."""

import numpy as np
import pyqtgraph as pg
from cmap import Colormap
from PySide6.QtCore import QPointF, QRectF, Qt, Signal

from jpas_gui.core.arrays import FloatArray
from jpas_gui.views.degeneracy.figure import PlainFigure
from jpas_gui.views.plots.stamp import Stamp
from jpas_gui.views.text_size import with_text
from jpas_gui.views.theme import LIGHT, Theme

_AXIS_HEIGHT = 38
_ROWS = 60
"""The nodes of metallicity are not evenly spaced: an image shows the nearest of them in each of its rows."""


class LibraryMapPlot(PlainFigure):
    """Shows the map with the present population as a cross.

    Parameters
    ----------
    name : str
    is_signed : bool
        Colours are symmetric around zero.

    Signals
    -------
    picked(float, float)
        log_age and metallicity of a click.
    """

    picked = Signal(float, float)

    def __init__(self, name: str, is_signed: bool) -> None:
        super().__init__(name, f"{name} over age and metallicity; a click sets the sliders")
        self._is_signed = is_signed
        self._nodes: tuple[FloatArray, FloatArray, FloatArray] | None = None
        self._stamp = Stamp()
        self.addItem(self._stamp, row=0, col=0, colspan=2)
        self.plot = self.add_plain_plot(1, left="[M/H] (dex)", bottom="log age (yr)")
        self.plot.setMouseEnabled(x=False, y=False)  # a click means a population
        self._image = pg.ImageItem(axisOrder="col-major")
        colours = Colormap("colorbrewer:RdBu" if is_signed else "viridis").to_pyqtgraph()
        self._bar = pg.ColorBarItem(values=(0, 1), colorMap=colours, interactive=False, width=14)
        self._bar.setImageItem(self._image)
        self.addItem(self._bar, row=1, col=1)
        self.plot.getAxis("bottom").setHeight(with_text(_AXIS_HEIGHT))
        self._marker = pg.ScatterPlotItem(symbol="crosshair", size=20, pxMode=True, brush=None)
        for item in (self._image, self._marker):
            self.plot.addItem(item, ignoreBounds=True)
        self.set_theme(LIGHT)
        self.say_missing(self.plot, "the map follows")
        self._bar.setVisible(False)
        self.value_at = self._words_at
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._clicked)

    def show_map(self, log_age: FloatArray, metallicity: FloatArray, values: FloatArray, title: str) -> None:
        """Show a map.

        Parameters
        ----------
        log_age, metallicity : ndarray, shape (n_age,), (n_met,)
        values : ndarray, shape (n_age, n_met)
            NaN where there is none.
        title : str
        """
        self._nodes = log_age, metallicity, values
        rows = np.linspace(metallicity[0], metallicity[-1], _ROWS)
        nearest = np.abs(rows[:, np.newaxis] - metallicity).argmin(axis=1)
        finite = values[np.isfinite(values)]
        top = float(np.quantile(np.abs(finite), 0.98)) if finite.size else 1.0
        top = max(top, 1e-3)
        levels = (-top, top) if self._is_signed else (0.0, top)
        self._image.setImage(values[:, nearest], autoLevels=False, levels=levels)
        self._bar.setLevels(levels)
        half_age = (log_age[1] - log_age[0]) / 2
        half_row = (rows[1] - rows[0]) / 2
        left, right = log_age[0] - half_age, log_age[-1] + half_age
        low, high = rows[0] - half_row, rows[-1] + half_row
        self._image.setRect(QRectF(left, low, right - left, high - low))
        self.plot.setXRange(left, right, padding=0)
        self.plot.setYRange(low, high, padding=0)
        self._stamp.set_text(title)
        self.say_missing(self.plot, "")
        self._bar.setVisible(True)
        # The bar ends where the map does; what was hidden has forgotten its height.
        self._bar.getAxis("bottom").setHeight(with_text(_AXIS_HEIGHT))

    def show_population(self, log_age: float, metallicity: float) -> None:
        """Mark a population."""
        self._marker.setData([log_age], [metallicity])

    def show_nothing(self, title: str) -> None:
        """Show this line instead of a map."""
        self._nodes = None
        self._image.clear()
        self._marker.setData([], [])
        self._stamp.set_text("")
        self.say_missing(self.plot, title)
        self._bar.setVisible(False)

    def _mouse_moved(self, position: QPointF) -> None:
        self.setToolTip(self._words_at(position))

    def _words_at(self, position: QPointF) -> str:
        text = ""
        if self._nodes is not None and self.plot.vb.sceneBoundingRect().contains(position):
            log_age, metallicity, values = self._nodes
            point = self.plot.vb.mapSceneToView(position)
            i, j = np.abs(log_age - point.x()).argmin(), np.abs(metallicity - point.y()).argmin()
            text = f"log age {log_age[i]:.2f}, [M/H] {metallicity[j]:+.2f}: {values[i, j]:.3f}"
        return text

    def _clicked(self, event: object) -> None:
        position = event.scenePos()
        if event.button() == Qt.MouseButton.LeftButton and self.plot.vb.sceneBoundingRect().contains(position):
            point = self.plot.vb.mapSceneToView(position)
            self.picked.emit(point.x(), point.y())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().set_theme(theme)
        self._stamp.set_colour(theme.foreground)
        self._marker.setPen(pg.mkPen(theme.accent, width=2))
        self._bar.axis.setPen(theme.muted)
        self._bar.axis.setTextPen(theme.foreground)
