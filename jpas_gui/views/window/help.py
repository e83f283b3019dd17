"""What the menu Help says."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from jpas_gui import __version__
from jpas_gui.app.explorer import Explorer
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.views.dialogs import Dialogs


class Help:
    """Shows keys, citations and what the program is.

    Parameters
    ----------
    window : QWidget
        Its actions are explained.
    explorer : Explorer
    dialogs : Dialogs
    """

    def __init__(self, window: QWidget, explorer: Explorer, dialogs: Dialogs) -> None:
        self._window, self._explorer, self._dialogs = window, explorer, dialogs

    def show_shortcuts(self) -> None:
        """List the keyboard shortcuts, from the actions that have them."""
        rows = [
            f"<tr><td><b>{action.shortcut().toString()}</b></td><td>&nbsp;{action.text().replace('&', '')}</td></tr>"
            for action in self._window.findChildren(QAction)
            if not action.shortcut().isEmpty()
        ]
        rows.append("<tr><td><b>← → PgUp PgDn</b></td><td>&nbsp;Step the slider that has the focus</td></tr>")
        self._dialogs.tell(self._window, "Keyboard shortcuts", f"<table>{''.join(rows)}</table>")

    def show_citations(self) -> None:
        """Say what to cite."""
        lines = [f"<p><b>Method</b><br>{citation_of('paper').text}</p>"]
        lines += [f"<p><b>{lib.title}</b><br>{lib.source.citation}</p>" for lib in self._explorer.shelf.loaded]
        self._dialogs.tell(self._window, "Citing", "".join(lines))

    def show_about(self) -> None:
        """Say what the program is."""
        text = f"<p><b>jpas-gui {__version__}</b></p><p>Stellar populations through the 56 bands of J-PAS.</p>"
        self._dialogs.tell(self._window, "About jpas-gui", f"{text}<p>Filters: {self._explorer.filters.source}</p>")
