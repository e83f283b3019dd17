"""The sliders of the population over a galaxy: those of the explorer, without what the galaxy itself decides."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from jpas_gui.app.frame import age_text
from jpas_gui.app.state import ExplorerState
from jpas_gui.core.populations import LIMITS
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.views.explore.slider_row import SliderRow


class SliderPanel(QWidget):
    """log age, [M/H] and E(B−V); redshift and brightness are the galaxy's.

    Signals
    -------
    moved(str, float)
        Name of the parameter, and the value that the user wants.
    released()
        A drag is over.
    """

    moved = Signal(str, float)
    released = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = {
            "log_age": SliderRow("log age", "yr", 2, 0.01, 0.1, "log10 of the age in years"),
            "metallicity": SliderRow("[M/H]", "dex", 2, 0.01, 0.1, "Metallicity relative to the Sun"),
            "ebv": SliderRow("E(B−V)", "mag", 2, 0.01, 0.1, "Colour excess of the dust screen"),
        }
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
