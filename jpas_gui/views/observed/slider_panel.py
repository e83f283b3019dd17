"""The sliders of the population, those of the explorer, in another tab."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from jpas_gui.app.frame import age_text
from jpas_gui.app.state import ExplorerState
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.populations import LIMITS
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.views.explore.slider_row import SliderRow


class SliderPanel(QWidget):
    """log age, [M/H] and E(B−V); where a galaxy does not decide them, redshift and magnitude too.

    Parameters
    ----------
    names : sequence of str
        The parameters that have sliders.

    Signals
    -------
    moved(str, float)
        Name of the parameter, and the value that the user wants.
    released()
        A drag is over.
    """

    moved = Signal(str, float)
    released = Signal()

    def __init__(self, names: Sequence[str] = PARAMETERS) -> None:
        super().__init__()
        self.rows = {name: SliderRow(*_ROWS[name]) for name in names}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 4)
        for name, row in self.rows.items():
            row.set_limits(*LIMITS[name])
            row.moved.connect(lambda value, name=name: self.moved.emit(name, value))
            row.released.connect(self.released)
            layout.addWidget(row)

    def show_state(self, state: ExplorerState, library: SSPLibrary) -> None:
        """Show what the sliders say, within what the library has."""
        for name, nodes in (("log_age", library.log_age), ("metallicity", library.metallicity)):
            self.rows[name].set_range(float(nodes[0]), float(nodes[-1]))
        for name, row in self.rows.items():
            value = getattr(state.model.population, name)
            row.set_value(value, age_text(value) if name == "log_age" else "")


_ROWS = {
    "log_age": ("log age", "yr", 2, 0.01, 0.1, "log10 of the age in years"),
    "metallicity": ("[M/H]", "dex", 2, 0.01, 0.1, "Metallicity relative to the Sun"),
    "ebv": ("E(B−V)", "mag", 2, 0.01, 0.1, "Colour excess of the dust screen"),
    "redshift": ("Redshift", "", 3, 0.001, 0.01, "Redshift of the galaxy"),
    "magnitude": ("Magnitude", "AB", 2, 0.01, 0.5, "AB magnitude in the reference band, iSDSS"),
}
