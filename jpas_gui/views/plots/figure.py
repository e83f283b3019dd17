"""What all figures of the window have in common."""

from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QTextDocumentFragment, QTextOption
from PySide6.QtWidgets import QGraphicsItem, QGraphicsTextItem, QMenu

from jpas_gui.views.plots.missing_note import MissingNote
from jpas_gui.views.plots.plot_box import PlotBox
from jpas_gui.views.theme import Theme

_ANY_SIZE = 16777215.0
"""What Qt has for no limit."""

_MARGIN = 12.0
_NOWHERE = QPointF(-1e6, -1e6)


class Figure(pg.GraphicsLayoutWidget):
    """A widget of plots in rows and columns, which fill it at any time.

    A double click shows again what the program had shown; the right button offers that, and to copy and to save.

    Parameters
    ----------
    name, description : str
        For assistive technology; the name is the title of a file, too.

    Attributes
    ----------
    caption : callable
        Returns the rich text that a file has above what is seen here: what the screen says beside the figure.
    value_at : callable
        Returns what lies at a place of the scene, in words; empty where nothing does.
    tools : list of QGraphicsItem
        What belongs to the mouse, not to the figure: files do not have it.

    Signals
    -------
    save_wanted(object)
        This figure.
    """

    save_wanted = Signal(object)

    def __init__(self, name: str = "", description: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        # Else Qt makes the layout as small as what is visible of it, a line of text while plots are hidden, and does
        # not give it the room of the widget again when they are shown.
        self.ci.setMaximumSize(_ANY_SIZE, _ANY_SIZE)
        self.addPlot = self._new_plot
        self.caption: Callable[[], str] = str
        self.value_at: Callable[[QPointF], str] = self.coordinates_at
        self.tools: list[QGraphicsItem] = []
        self._notes: dict[pg.PlotItem, MissingNote] = {}
        self._note_of_all = QGraphicsTextItem(self.ci)
        self._note_of_all.document().setDefaultTextOption(QTextOption(Qt.AlignmentFlag.AlignHCenter))
        self.ci.geometryChanged.connect(self._put_note)
        self.scene().sigMouseClicked.connect(self._scene_clicked)

    def _new_plot(self, row: int | None = None, col: int | None = None, **options: Any) -> pg.PlotItem:
        plot = self.ci.addPlot(row=row, col=col, viewBox=PlotBox(), **options)
        self._notes = {one: note for one, note in self._notes.items() if one in self.ci.items}  # others were taken away
        self._notes[plot] = MissingNote(plot)
        return plot

    @property
    def all_plots(self) -> dict[pg.PlotItem, list[tuple[int, int]]]:
        """The plots, each with the cells (row, column) that it takes."""
        items = self.ci.items.items()
        return {item: cells for item, cells in items if isinstance(item, pg.PlotItem) and item in self._notes}

    # -- where there is nothing -------------------------------------------------------------------------------------

    def say_missing(self, plot: pg.PlotItem, why: str) -> None:
        """Show why a plot has nothing to show, in place of its axes; an empty text shows the plot."""
        self._notes[plot].show_text(why)

    def why_missing(self, plot: pg.PlotItem) -> str:
        """Return what a plot shows in place of its axes; empty where it shows something."""
        return self._notes[plot].text

    def is_missing(self, plot: pg.PlotItem) -> bool:
        """Whether a plot has nothing to show."""
        return bool(self.why_missing(plot))

    def say_nothing_to_show(self, why: str) -> None:
        """Show why no plot has anything to show, once; an empty text shows the plots."""
        if why != self._note_of_all.toPlainText():
            self._note_of_all.setPlainText(why)
            self._put_note()
        for item in self.ci.items:
            if item in self._notes:
                self.say_missing(item, " " if why else "")
            else:
                item.setOpacity(0.0 if why else 1.0)

    def _put_note(self) -> None:
        room = self.ci.rect()
        self._note_of_all.setTextWidth(max(room.width() - 2 * _MARGIN, 1.0))
        self._note_of_all.setPos(_MARGIN, (room.height() - self._note_of_all.boundingRect().height()) / 2)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.setBackground(theme.background)
        for text in (self._note_of_all, *self._notes.values()):
            text.setDefaultTextColor(QColor(theme.muted))

    # -- the mouse --------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show again what the program had shown."""
        for plot in self.all_plots:
            plot.vb.go_home()

    def forget_mouse(self) -> None:
        """Take away the marks of what is under the mouse."""
        self.scene().sigMouseMoved.emit(_NOWHERE)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.forget_mouse()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # That of the mouse comes when the button goes down: it may become a drag, which zooms.
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.menu(QPointF(self.viewport().rect().center())).popup(event.globalPos())
        event.accept()

    def _scene_clicked(self, event: Any) -> None:
        if event.double() and event.button() == Qt.MouseButton.LeftButton:
            self.fit()
        elif event.button() == Qt.MouseButton.RightButton:
            self.menu(event.scenePos()).popup(QPoint(*(int(part) for part in event.screenPos())))

    def menu(self, position: QPointF) -> QMenu:
        """Return what the right button offers at a place of the scene."""
        value = self.value_at(position)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy value", lambda: QGuiApplication.clipboard().setText(value)).setEnabled(bool(value))
        menu.addAction("Copy picture", self.copy_picture)
        menu.addAction("Save figure…", lambda: self.save_wanted.emit(self))
        menu.addSeparator()
        menu.addAction("Reset zoom\tF", self.fit)
        return menu

    def copy_picture(self) -> None:
        """Copy the figure, as a file would have it."""
        from jpas_gui.views.plots.export import picture_of

        QGuiApplication.clipboard().setImage(picture_of(self))

    def coordinates_at(self, position: QPointF) -> str:
        """Return the coordinates of a place of the scene, as the axes name them."""
        for plot in self.all_plots:
            if plot.isVisible() and not self.is_missing(plot) and plot.vb.sceneBoundingRect().contains(position):
                point = plot.vb.mapSceneToView(position)
                parts = ((plot.getAxis("bottom"), point.x()), (plot.getAxis("left"), point.y()))
                return ", ".join(_coordinate(axis, value) for axis, value in parts)
        return ""


def _coordinate(axis: pg.AxisItem, value: float) -> str:
    name = QTextDocumentFragment.fromHtml(axis.labelText).toPlainText()
    return f"{name} {10**value if axis.logMode else value:.5g}".strip()
