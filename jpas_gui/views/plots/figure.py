"""What all figures of the window have in common."""

import pyqtgraph as pg

_ANY_SIZE = 16777215.0
"""What Qt has for no limit."""


class Figure(pg.GraphicsLayoutWidget):
    """A widget of plots in rows and columns, which fill it at any time.

    Parameters
    ----------
    name, description : str
        For assistive technology.
    """

    def __init__(self, name: str = "", description: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        # Else Qt makes the layout as small as what is visible of it, a line of text while plots are hidden, and does
        # not give it the room of the widget again when they are shown.
        self.ci.setMaximumSize(_ANY_SIZE, _ANY_SIZE)
