"""What can be told at all: errors against magnitude, and over the whole library. Computed part by part."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.app.degeneracy_frame import DegeneracyFrame
from jpas_gui.app.degeneracy_scene import Scene
from jpas_gui.app.exact_shelf import ExactModel, ExactShelf
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.ssp.library import SSPLibrary

if TYPE_CHECKING:
    from jpas_gui.core.inference.limits import LibraryMap, Survey

MAGNITUDES = np.arange(15.0, 24.01, 0.5)
"""At which errors are computed."""

_EARLY = np.array([*range(0, MAGNITUDES.size, 4), *(i for i in range(MAGNITUDES.size) if i % 4)])
"""Their order: coarse first."""

_PART = 5
"""Posteriors that are computed at once: what waits behind them waits for a few hundredths of a second."""


@dataclass(frozen=True, eq=False)
class ErrorCurve:
    """The error of each parameter against magnitude, for one population.

    Parameters
    ----------
    fisher : ndarray, shape (n_magnitudes, 3)
        Standard deviations by Fisher information, at `MAGNITUDES`.
    exact : ndarray, shape (n_magnitudes, 3)
        Half the 16 to 84 % width of exact posteriors; NaN where they are still to come.
    n_known : int
    """

    fisher: FloatArray
    exact: FloatArray
    n_known: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all of it is known."""
        return self.n_known >= MAGNITUDES.size


@dataclass(frozen=True, eq=False)
class MapFrame:
    """A map over a library, and what it belongs to.

    Parameters
    ----------
    scene : Scene
    ebv, magnitude : float
        Of all its populations.
    answering : SSPLibrary
        Under which the posteriors are.
    grid : LibraryMap, optional
        None before it is begun.
    """

    scene: Scene
    ebv: float
    magnitude: float
    answering: SSPLibrary
    grid: "LibraryMap | None" = None

    @property
    def is_whole(self) -> bool:
        """Whether all of it is known."""
        return self.grid is not None and self.grid.is_whole

    def maps_the_same(self, other: "MapFrame") -> bool:
        """Return whether another map has the same values: that of another age or metallicity has."""
        ours, theirs = (
            (
                one.answering,
                round(one.ebv, 4),
                round(one.magnitude, 4),
                one.scene.library,
                one.scene.filters,
                one.scene.dust,
                one.scene.redshift,
                one.scene.options,
                one.scene.noise_settings,
            )
            for one in (self, other)
        )
        return ours == theirs


def begun_curve(frame: DegeneracyFrame, shelf: ExactShelf) -> ErrorCurve:
    """Return the errors against magnitude as far as they are known at once."""
    from jpas_gui.core.inference.information import expected_errors

    model, survey = _model(frame.scene, frame.scene.library, shelf), _survey(frame.scene)
    place = np.tile(frame.centre, (MAGNITUDES.size, 1))
    sed = [survey.observe(model.grid, frame.centre[np.newaxis], float(magnitude)) for magnitude in MAGNITUDES]
    flux, error = (np.concatenate(parts) for parts in zip(*sed, strict=True))
    fisher = expected_errors(model.grid, place, flux, error, survey.mask)
    return ErrorCurve(fisher, np.full((MAGNITUDES.size, len(PARAMETERS)), np.nan))


def grown_curve(curve: ErrorCurve, frame: DegeneracyFrame, shelf: ExactShelf) -> ErrorCurve:
    """Return the errors against magnitude with some more posteriors."""
    from jpas_gui.core.inference.limits import expected

    model, survey, exact = _model(frame.scene, frame.scene.library, shelf), _survey(frame.scene), curve.exact.copy()
    stop = min(curve.n_known + _PART, MAGNITUDES.size)
    for place in _EARLY[curve.n_known : stop]:
        found = expected(model.exact, model.grid, survey, frame.centre[np.newaxis], float(MAGNITUDES[place]))
        exact[place] = found.error[0]
    return replace(curve, exact=exact, n_known=stop)


def grown_map(shown: MapFrame, shelf: ExactShelf) -> MapFrame:
    """Return a map with some more nodes."""
    from jpas_gui.core.inference.limits import LibraryMap, grown

    scene = shown.scene
    own, answering = _model(scene, scene.library, shelf), _model(scene, shown.answering, shelf)
    known = shown.grid or LibraryMap.empty(own.grid)
    more = grown(known, answering.exact, own.grid, _survey(scene), shown.ebv, shown.magnitude, _PART)
    return replace(shown, grid=more)


def _model(scene: Scene, library: SSPLibrary, shelf: ExactShelf) -> ExactModel:
    return shelf.model(library, scene.filters, scene.dust, scene.redshift)


def _survey(scene: Scene) -> "Survey":
    from jpas_gui.core.inference.limits import Survey

    return Survey(scene.noise, scene.mask, scene.noise_settings.one_magnitude)
