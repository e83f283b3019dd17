"""What trained models and the exact posterior say of one galaxy. All of it is computed away from the window."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.app.corner import Corner, corner_of_posterior, corner_of_samples
from jpas_gui.app.model_shelf import ModelShelf
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.catalogue_model import EXACT
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS, AttenuationLaw
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.comparison import compare
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import LIMITS, StellarPopulation
from jpas_gui.core.ssp.library import SSPLibrary

if TYPE_CHECKING:
    from jpas_gui.core.inference.exact.predictor import ExactPredictor

_DRAWS = 10_000
"""From a posterior network, for its contours."""

_SEED = 1


@dataclass(frozen=True, eq=False)
class FittedSED:
    """The library's SED at the parameters of an answer, scaled to the galaxy.

    Parameters
    ----------
    population : StellarPopulation
        Its magnitude is not that of the galaxy, which `magnitude` is.
    magnitude : float
        AB, in `reference_band`.
    flux_nu : ndarray, shape (60,)
        Nanomaggies; NaN in bands that the library does not cover.
    wavelength, spectrum_nu : ndarray, shape (n_wave,)
        The spectrum behind the bands: observed Angstrom, nanomaggies.
    chi2 : float
        Of the survey's bands.
    n_bands : int
        Number of bands in `chi2`.
    clipped : tuple of str
        What the library could not meet.
    """

    population: StellarPopulation
    magnitude: float
    reference_band: str
    flux_nu: FloatArray
    wavelength: FloatArray
    spectrum_nu: FloatArray
    chi2: float
    n_bands: int
    clipped: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Answer:
    """What one model, or the exact posterior, says of a galaxy.

    Parameters
    ----------
    name : str
        Of the model, or `EXACT`.
    point : ndarray, shape (3,)
        In the order of `PARAMETERS`; NaN where there is no answer.
    percentiles : ndarray, shape (3, 3)
        16, 50 and 84 on the last axis; NaN from a model without a posterior.
    chi2 : float
        Of the nearest SED that the model knows, over `n_bands`; NaN from a model that knows none.
    distance : float
        Of the features from those of mocks, which have about 1; NaN where it is not defined.
    flag : int
        Bits of `core.flags.Flag`.
    fitted : FittedSED, optional
        The library's SED at the most probable population of the posterior, or at `point` without one; None where there
        is no answer.
    at_medians : float
        chi2 of the library's SED at the medians of the parameters; NaN without a posterior.
    corner : Corner, optional
        None without a posterior.
    problem : str
        Why there is no answer, where no flag says it.
    why_not, edges : tuple of str
        What this galaxy lacks, in place of the words of `Flag.BANDS` and `Flag.REDSHIFT`; at which ends of the prior
        it is.
    """

    name: str
    point: FloatArray
    percentiles: FloatArray
    chi2: float = np.nan
    n_bands: int = 0
    distance: float = np.nan
    flag: int = 0
    fitted: FittedSED | None = None
    at_medians: float = np.nan
    corner: Corner | None = None
    problem: str = ""
    why_not: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()


def ask_model(
    galaxy: ObservedGalaxies, model: str, shelf: ModelShelf, library: SSPLibrary, filters: FilterSet
) -> Answer:
    """Return what a model says of a galaxy.

    Parameters
    ----------
    galaxy : ObservedGalaxies
        One row.
    model : str
        Name of a shipped one, or folder.
    library : SSPLibrary
        Gives the SED at the answer's parameters.
    filters : FilterSet
        All 60 bands.
    """
    from jpas_gui.core.inference.catalogue_run import photometry_for

    try:
        predictor = shelf.predictor(model)
    except InputError as error:
        return _no_answer(model, str(error))
    photometry = photometry_for(predictor, galaxy)
    found, draws = predictor.predict_and_sample(photometry, _DRAWS, _SEED)
    point = found.point[0]
    is_answered = bool(np.isfinite(point).all())
    has_posterior = draws is not None and bool(np.isfinite(found.percentiles[0]).all())
    best = draws.best[0] if draws is not None and has_posterior else point
    return Answer(
        model,
        point,
        found.percentiles[0],
        float(found.chi2[0]),
        int(found.n_bands[0]),
        float(found.distance[0]),
        int(found.flag[0]),
        fitted_sed(galaxy, best, library, filters) if is_answered else None,
        _chi2_at(galaxy, point, library, filters) if has_posterior else np.nan,
        corner_of_samples(draws.samples[0]) if draws is not None and has_posterior else None,
        why_not=predictor.why_not(photometry),
        edges=predictor.edges(found),
    )


def _chi2_at(galaxy: ObservedGalaxies, parameters: FloatArray, library: SSPLibrary, filters: FilterSet) -> float:
    fitted = fitted_sed(galaxy, parameters, library, filters)
    return np.nan if fitted is None else fitted.chi2


class ExactAnalyst:
    """Gives the exact posterior of galaxies, and keeps what is slow to make. For one thread.

    Parameters
    ----------
    library : SSPLibrary
    filters : FilterSet
        All 60 bands.
    """

    def __init__(self, library: SSPLibrary, filters: FilterSet) -> None:
        self.library, self.filters = library, filters

    @cached_property
    def _predictor(self) -> "ExactPredictor":
        from jpas_gui.core.inference.exact.predictor import ExactPredictor

        return ExactPredictor(self.library, self.filters)

    def ask(self, galaxy: ObservedGalaxies) -> Answer:
        """Return the exact posterior under the library."""
        from jpas_gui.core.inference.exact.predictor import chi2_flag

        survey = slice(0, N_SURVEY_BANDS)
        try:
            posterior = self._predictor.posterior(
                galaxy.flux_nu[0, survey],
                galaxy.flux_nu_error[0, survey],
                galaxy.mask[0, survey],
                float(galaxy.redshift[0]),
            )
        except InputError as error:
            return _no_answer(EXACT, str(error))
        percentiles = posterior.percentiles().T
        return Answer(
            EXACT,
            percentiles[:, 1],
            percentiles,
            posterior.chi2,
            posterior.n_bands,
            flag=chi2_flag(posterior),
            fitted=fitted_sed(galaxy, posterior.best, self.library, self.filters),
            at_medians=_chi2_at(galaxy, percentiles[:, 1], self.library, self.filters),
            corner=corner_of_posterior(posterior),
            edges=self._predictor.edges(posterior),
        )


def fitted_sed(
    galaxy: ObservedGalaxies,
    parameters: FloatArray,
    library: SSPLibrary,
    filters: FilterSet,
    law: AttenuationLaw = ATTENUATION_LAWS["calzetti"],
    r_v: float | None = None,
) -> FittedSED | None:
    """Return a library's SED at parameters, shape (3,), scaled to the galaxy; None where that cannot be.

    Networks may answer a little outside of what is possible: then the nearest that is.
    """
    redshift = float(np.nan_to_num(galaxy.redshift[0]))
    try:
        log_age, metallicity, ebv = np.clip(parameters, *np.transpose([LIMITS[name] for name in PARAMETERS]))
        population = StellarPopulation(float(log_age), float(metallicity), float(ebv), redshift)
        sed = synthesize(population, library, filters, law, r_v)
    except InputError:
        return None
    used = galaxy.mask[0] & (np.arange(galaxy.mask.shape[1]) < N_SURVEY_BANDS)
    found = compare(galaxy.flux_nu[0], galaxy.flux_nu_error[0], used, sed.flux_nu)
    if not found.scale > 0:
        return None
    return FittedSED(
        population,
        population.magnitude - 2.5 * float(np.log10(found.scale)),
        sed.reference_band,
        sed.flux_nu * found.scale,
        sed.wavelength,
        sed.spectrum_nu * found.scale,
        found.chi2,
        found.n_bands,
        sed.clipped,
    )


def _no_answer(name: str, problem: str) -> Answer:
    n = len(PARAMETERS)
    return Answer(name, np.full(n, np.nan), np.full((n, n), np.nan), problem=problem)
