"""Strong nebular emission lines, and the bands that they reach."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.resources import resource_rows

_REACHED = 0.1
"""Throughput at the line, over its peak, from which on a line counts in a band."""

_TOO_NEAR = 40.0
"""Angstrom."""


@dataclass(frozen=True)
class EmissionLine:
    """A line: its label, and its rest-frame vacuum wavelength in Angstrom."""

    label: str
    wavelength: float


@cache
def emission_lines() -> tuple[EmissionLine, ...]:
    """Return the lines that change the flux of a narrow band, in order of wavelength."""
    return tuple(EmissionLine(row["label"], float(row["wavelength"])) for row in resource_rows("emission_lines.ecsv"))


@cache
def line_groups() -> tuple[EmissionLine, ...]:
    """Return the lines as marks for a plot: those too near to be told apart are one, at their mean wavelength."""
    groups: list[list[EmissionLine]] = []
    for line in emission_lines():
        if groups and line.wavelength - groups[-1][-1].wavelength < _TOO_NEAR:
            groups[-1].append(line)
        else:
            groups.append([line])
    return tuple(
        EmissionLine(
            " ".join(dict.fromkeys(line.label for line in group)), float(np.mean([line.wavelength for line in group]))
        )
        for group in groups
    )


def lines_in_bands(filters: FilterSet, redshift: float) -> tuple[tuple[str, ...], ...]:
    """Return the labels of the lines that reach each band at a redshift, n_bands tuples."""
    observed = np.array([line.wavelength for line in emission_lines()]) * (1 + redshift)
    found = []
    for curve in filters.curves:
        seen = np.interp(observed, curve.wavelength, curve.transmission, left=0, right=0)
        reached = seen > _REACHED * curve.transmission.max()
        labels = [line.label for line, is_in in zip(emission_lines(), reached, strict=True) if is_in]
        found.append(tuple(dict.fromkeys(labels)))
    return tuple(found)
