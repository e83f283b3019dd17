"""Saving what is in front: the session, figures and values."""

from collections.abc import Callable
from pathlib import Path

from jpas_gui.app.explorer import Explorer
from jpas_gui.core.errors import InputError
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.plots.figure import Figure
from jpas_gui.views.widgets.window_tab import WindowTab
from jpas_gui.views.window.opening import SESSION_FORMATS

DATA_FORMATS = "ECSV table (*.ecsv);;FITS table (*.fits);;CSV table (*.csv);;VOTable (*.vot)"


class Saving:
    """Asks for names, and saves.

    Parameters
    ----------
    explorer : Explorer
        Its signals `said` and `problem` tell what became of it.
    dialogs : Dialogs
    """

    def __init__(self, explorer: Explorer, dialogs: Dialogs) -> None:
        self._explorer, self._dialogs = explorer, dialogs

    def save_session(self) -> None:
        """Ask for a name, and save the session."""
        path = self._dialogs.save_file("Save the session", "session.json", SESSION_FORMATS)
        self._with(path, self._explorer.save_session)

    def save_figure(self, tab: WindowTab) -> None:
        """Ask for a name, and save the figure of a tab as it is shown."""
        if tab.figure is not None:
            self.save(tab.figure, tab.figure_stem)

    def save(self, figure: Figure, stem: str) -> None:
        """Ask for a name, which is proposed to begin so, and save a figure as it is shown."""
        # Imported when first needed, as are the tabs: together they take as long as the rest of the window.
        from jpas_gui.views.plots.export import FIGURE_FORMATS, export_figure

        def write(path: Path) -> None:
            export_figure(figure, path)
            self._explorer.said.emit(f"Saved: {path.resolve()}")

        self._with(self._dialogs.save_file("Save the figure", f"{stem}.png", FIGURE_FORMATS), write)

    def save_data(self, tab: WindowTab) -> None:
        """Ask for a name, and save the values of a tab."""
        data = tab.data
        if data is not None:
            path = self._dialogs.save_file("Save the values", f"{data.stem}.ecsv", DATA_FORMATS)
            self._with(path, data.write)

    def _with(self, path: Path | None, write: Callable[[Path], object]) -> None:
        """Write to a path, if one was given; say what is wrong."""
        if path is None:
            return
        try:
            write(path)
        except InputError as error:
            self._explorer.problem.emit(str(error))
