"""How tables and figures call the parameters."""

from typing import NamedTuple


class Label(NamedTuple):
    """Symbol of a parameter, its unit on an axis, and the unit of a difference."""

    symbol: str
    unit: str
    delta_unit: str

    @property
    def axis(self) -> str:
        """For an axis of values."""
        return f"{self.symbol} ({self.unit})"


LABELS = {
    "log_age": Label("log age", "log10 yr", "dex"),
    "metallicity": Label("[M/H]", "dex", "dex"),
    "ebv": Label("E(B−V)", "mag", "mag"),
}
