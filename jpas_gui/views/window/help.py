"""What the menu Help says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from PySide6.QtWidgets import QWidget

from jpas_gui import __version__
from jpas_gui.app.explorer import Explorer
from jpas_gui.core.resources import shipped_folder
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.window.keys import Key
from jpas_gui.views.window.reader import Reader

_GUIDE = "guide.md"


class Help:
    """Shows keys, the user guide, citations and what the program is.

    Parameters
    ----------
    window : QWidget
    explorer : Explorer
    dialogs : Dialogs
    keys : callable
        Returns the title of the tab in front, and what keys do, by where they do it.
    """

    def __init__(
        self,
        window: QWidget,
        explorer: Explorer,
        dialogs: Dialogs,
        keys: Callable[[], tuple[str, Mapping[str, Sequence[Key]]]],
    ) -> None:
        self._window, self._explorer, self._dialogs, self._keys = window, explorer, dialogs, keys
        self._reader: Reader | None = None

    @property
    def reader(self) -> Reader:
        """Where keys and guide are read."""
        if self._reader is None:
            self._reader = Reader(self._window)
        return self._reader

    def show_shortcuts(self) -> None:
        """List what keys and the mouse do, tab by tab, beginning with the tab in front."""
        front, keys = self._keys()
        self.reader.show_html("Keyboard and mouse", _in_html(keys), front)

    def show_guide(self) -> None:
        """Show the user guide."""
        folder = shipped_folder("docs")
        if folder is None or not (folder / _GUIDE).is_file():
            self._dialogs.warn(self._window, "User guide", "The guide is not installed: install jpas-gui again.")
        else:
            self.reader.show_document("User guide", folder / _GUIDE)

    def show_citations(self) -> None:
        """Say what to cite."""
        lines = [f"<p><b>Method</b><br>{citation_of('paper').text}</p>"]
        lines += [f"<p><b>{lib.title}</b><br>{lib.source.citation}</p>" for lib in self._explorer.shelf.loaded]
        self._dialogs.tell(self._window, "Citing", "".join(lines))

    def show_about(self) -> None:
        """Say what the program is."""
        text = f"<p><b>jpas-gui {__version__}</b></p><p>Stellar populations through the 56 bands of J-PAS.</p>"
        self._dialogs.tell(self._window, "About jpas-gui", f"{text}<p>Filters: {self._explorer.filters.source}</p>")

    def close(self) -> None:
        """Close what is being read."""
        if self._reader is not None:
            self._reader.close()


def _in_html(sections: Mapping[str, Sequence[Key]]) -> str:
    return "".join(f'<a name="{title}"></a><h3>{title}</h3>{_table(keys)}' for title, keys in sections.items())


def _table(keys: Iterable[Key]) -> str:
    rows = (f"<tr><td width=260><b>{escape(key.keys)}</b></td><td>{escape(key.what)}</td></tr>" for key in keys)
    return f"<table cellpadding=2>{''.join(rows)}</table>"
