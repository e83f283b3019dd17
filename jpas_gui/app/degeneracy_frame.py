"""From photometry to what the degeneracy explorer shows of it: pure functions and frozen arrays.

All of it is computed away from the window; torch is imported when the first posterior is made.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.app.corner import Corner, corner_of_posterior, corner_of_samples
from jpas_gui.app.degeneracy_scene import Scene
from jpas_gui.app.degeneracy_words import all_trade_words, width_words
from jpas_gui.app.exact_shelf import ExactModel, ExactShelf
from jpas_gui.app.model_shelf import ModelShelf
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands

if TYPE_CHECKING:
    from jpas_gui.core.inference.exact.posterior import Posterior
    from jpas_gui.core.inference.information import Information
    from jpas_gui.core.inference.twins import Twin

NETWORK = "posterior-popstar"
"""The posterior network that is shown over the exact posterior."""

_COARSE_BINS = 30
"""Of the maps during a drag."""

_DRAWS = 6000
_SEED = 1


@dataclass(frozen=True, eq=False)
class OverlaidPosterior:
    """A posterior to compare with, ready to be drawn."""

    corner: Corner
    point: FloatArray


@dataclass(frozen=True, eq=False)
class DegeneracyFrame:
    """All that is known of the degeneracies of a scene.

    Parameters
    ----------
    scene : Scene
    reference_band : str
        The band that carries magnitudes.
    is_sharp : bool
        False for what is shown during a drag: coarser maps, and nothing of what follows `words`.
    corner : Corner
        The exact posterior.
    percentiles : ndarray, shape (3, 3)
        16, 50 and 84 on the first axis, parameters on the second.
    centre : ndarray, shape (3,)
        The population that all others are compared with: that of the sliders, or the best of the posterior.
    synthetic : ndarray, shape (60,)
        Its fluxes, nanomaggies.
    information : Information
        What each band says, around `centre`.
    words : tuple of str
        The spread of the parameters, then how each pair of them trades.
    twins : tuple of Twin
    whole : OverlaidPosterior, optional
        With the survey's 56 bands and the present exposure time, where the user asks for something else.
    network : OverlaidPosterior, optional
    remarks : tuple of str
        What could not be done.
    """

    scene: Scene
    reference_band: str
    is_sharp: bool
    corner: Corner
    percentiles: FloatArray
    centre: FloatArray
    synthetic: FloatArray
    information: "Information"
    words: tuple[str, ...]
    twins: tuple["Twin", ...] = ()
    whole: OverlaidPosterior | None = None
    network: OverlaidPosterior | None = None
    remarks: tuple[str, ...] = ()

    @property
    def exact_error(self) -> FloatArray:
        """Half the width between the 16 and 84 percentiles, shape (3,): what Fisher information approximates."""
        return np.asarray(self.percentiles[2] - self.percentiles[0]) / 2

    @property
    def magnitude(self) -> float:
        """AB magnitude of the central population in the reference band."""
        names = [band.name for band in all_bands()]
        flux = self.synthetic[names.index(self.reference_band)]
        return float(magnitude_of_flux(np.array(flux)))


def coarse_frame(scene: Scene, shelf: ExactShelf) -> DegeneracyFrame:
    """Return what is shown of a scene during a drag.

    Raises
    ------
    InputError
        If there is no posterior.
    """
    model = _model(scene, shelf, is_coarse=True)
    return _frame(scene, model, _posterior(scene, model), _COARSE_BINS)


def sharp_frame(scene: Scene, shelf: ExactShelf, networks: ModelShelf) -> DegeneracyFrame:
    """Return all that is shown of a scene.

    Raises
    ------
    InputError
        If there is no posterior.
    """
    from jpas_gui.core.inference.twins import find_twins

    model = _model(scene, shelf, is_coarse=False)
    posterior = _posterior(scene, model)
    frame = _frame(scene, model, posterior)
    present = np.where(scene.usable, frame.synthetic, np.nan)
    network, remarks = _network(scene, networks) if scene.options.network else (None, ())
    return replace(
        frame,
        is_sharp=True,
        twins=find_twins(posterior, model.grid, scene.flux_nu, scene.flux_nu_error, scene.mask, compared_with=present),
        whole=_whole(scene, model),
        network=network,
        remarks=remarks,
    )


def _model(scene: Scene, shelf: ExactShelf, is_coarse: bool) -> ExactModel:
    return shelf.model(scene.library, scene.filters, scene.dust, scene.redshift, is_coarse)


def _posterior(scene: Scene, model: ExactModel) -> "Posterior":
    return model.exact(scene.flux_nu, scene.flux_nu_error, scene.mask & model.grid.mask)


def _frame(scene: Scene, model: ExactModel, posterior: "Posterior", bins: int | None = None) -> DegeneracyFrame:
    from jpas_gui.core.inference.degeneracy import trades
    from jpas_gui.core.inference.information import information

    grid = model.grid
    ends = np.array([axis[[0, -1]] for axis in grid.axes])
    centre = posterior.best if scene.truth is None else np.clip(scene.truth, ends[:, 0], ends[:, 1])
    synthetic = _synthetic(scene, model, centre)
    corner = corner_of_posterior(posterior) if bins is None else corner_of_posterior(posterior, bins)
    percentiles = posterior.percentiles()
    return DegeneracyFrame(
        scene=scene,
        reference_band=grid.reference_band,
        is_sharp=False,
        corner=corner,
        percentiles=percentiles,
        centre=centre,
        synthetic=synthetic,
        information=information(grid, centre, synthetic, scene.flux_nu_error, scene.mask),
        words=(width_words(percentiles), *all_trade_words(trades(posterior))),
    )


def _synthetic(scene: Scene, model: ExactModel, centre: FloatArray) -> FloatArray:
    """Return the fluxes of the central population: those of the sliders, or what fits the galaxy."""
    if scene.truth is not None:
        return scene.flux_nu
    flux = np.exp(model.grid.log_fluxes(centre[np.newaxis])[0].astype(float))
    used = scene.mask & model.grid.mask
    weight = np.where(used, flux / scene.flux_nu_error**2, 0)
    scale = np.nansum(weight * np.where(used, scene.flux_nu, 0)) / np.nansum(weight * flux)
    return np.where(model.grid.mask, flux * scale, np.nan)


def _whole(scene: Scene, model: ExactModel) -> OverlaidPosterior | None:
    """Return the posterior of the survey's bands and the present exposure, where the scene is another one."""
    survey = scene.usable & model.grid.mask & (np.arange(len(all_bands())) < N_SURVEY_BANDS)
    if scene.options.exposure == 1 and np.array_equal(survey, scene.mask & model.grid.mask):
        return None
    posterior = model.exact(scene.flux_nu, scene.present_error, survey)
    return OverlaidPosterior(corner_of_posterior(posterior), posterior.percentiles((50.0,))[0])


def _network(scene: Scene, networks: ModelShelf) -> tuple[OverlaidPosterior | None, tuple[str, ...]]:
    """Return what the posterior network says of the same bands, or why it says nothing."""
    from jpas_gui.core.inference.predictor import Photometry

    try:
        predictor = networks.predictor(NETWORK)
    except InputError as error:
        return None, (str(error),)
    names = [band.name for band in all_bands()]
    which = [names.index(name) for name in predictor.bands]
    photometry = Photometry(
        scene.flux_nu[np.newaxis, which],
        scene.flux_nu_error[np.newaxis, which],
        scene.mask[np.newaxis, which],
        np.array([scene.redshift]),
    )
    found = predictor.predict(photometry)
    if not np.isfinite(found.percentiles).all():
        return None, (f"{NETWORK} has no answer: {'; '.join(predictor.why_not(photometry))}",)
    samples = predictor.samples(photometry, _DRAWS, _SEED)
    if samples is None:
        return None, ()
    trained = {library["numbers_sha256"] for library in predictor.bundle.description["libraries"]}
    possible = {
        f"{NETWORK} does not use the broad bands": bool(scene.mask[N_SURVEY_BANDS:].any()),
        f"{NETWORK} was trained on another library": scene.library.numbers_sha256 not in trained,
    }
    remarks = tuple(remark for remark, applies in possible.items() if applies)
    return OverlaidPosterior(corner_of_samples(samples[0]), found.point[0]), remarks
