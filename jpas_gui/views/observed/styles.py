"""How the models, the exact posterior and the sliders look, in every plot and table of the tab."""

from functools import cache
from typing import NamedTuple

from jpas_gui.app.observed_frame import SLIDERS
from jpas_gui.core.inference.catalogue_model import EXACT
from jpas_gui.core.inference.shipped import shipped_models
from jpas_gui.views.theme import Theme, model_colour, model_symbol


class Style(NamedTuple):
    """Colour and symbol of a series."""

    colour: str
    symbol: str


def style_of(name: str, theme: Theme) -> Style:
    """Return the style of a model, the exact posterior or the sliders."""
    if name == EXACT:
        return Style(theme.foreground, "o")
    if name == SLIDERS:
        return Style(theme.accent, "star")
    shipped = _shipped()
    place = shipped.index(name) if name in shipped else len(shipped)
    return Style(model_colour(place), model_symbol(place))


@cache
def _shipped() -> tuple[str, ...]:
    return tuple(shipped_models())
