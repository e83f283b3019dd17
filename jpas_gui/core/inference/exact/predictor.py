"""The exact posterior asked as a trained model is: galaxies of any redshifts in, answers out."""

import hashlib
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.flags import Flag, is_poor_fit
from jpas_gui.core.inference.band_grid import band_grid, node_spectra
from jpas_gui.core.inference.catalogue_model import EXACT
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.inference.exact.posterior import Posterior
from jpas_gui.core.inference.parameters import PARAMETERS, PRIOR_EBV
from jpas_gui.core.inference.predictor import PERCENTILES, Photometry, Prediction
from jpas_gui.core.inference.prior_edges import edge_words, edges_reached
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.populations import LIMITS
from jpas_gui.core.provenance import library_provenance
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.library import SSPLibrary

_REDSHIFTS = -0.01, LIMITS["redshift"][1]
"""Even galaxies that come towards us are within. Beyond, what lies between the galaxies takes the blue bands away."""

_FEWEST_BANDS = 2

_KEPT_REDSHIFTS = 12
"""Redshifts whose exact posterior stays ready: about 20 MB each."""

_LAW = ATTENUATION_LAWS["calzetti"]


class NoAnswerError(InputError):
    """Why a galaxy has no posterior.

    Parameters
    ----------
    message : str
    flag : Flag
        The same, for tables.
    """

    def __init__(self, message: str, flag: Flag) -> None:
        super().__init__(message)
        self.flag = flag


class ExactPredictor:
    """The exact posterior under one library, at the redshift of each galaxy. Any number of threads may ask.

    Parameters
    ----------
    library : SSPLibrary
    filters : FilterSet
        All 60 bands; the answers are of the survey's.

    Raises
    ------
    InputError
        If the library has one metallicity or age alone, or no four models around a cell of both.
    """

    def __init__(self, library: SSPLibrary, filters: FilterSet) -> None:
        self.library, self.filters = library, filters
        self.name = f"{EXACT} ({library.name})"
        self.bands = filters.names[:N_SURVEY_BANDS]
        self._spectra = node_spectra(library)
        self._at = lru_cache(_KEPT_REDSHIFTS)(self._make)

    @classmethod
    def load(cls, library: str) -> "ExactPredictor":
        """Return the exact posterior under a library, by its name or path, through the official filters.

        Raises
        ------
        InputError
            As `load_library`, and if the library has too few models.
        """
        return cls(load_library(library), embedded_filters())

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of what decides on answers: the numbers of the library and the filters."""
        return hashlib.sha256(f"{EXACT} {self.library.numbers_sha256} {self.filters.sha256}".encode()).hexdigest()

    def provenance(self) -> dict[str, Any]:
        """Return library, prior, dust and filters, as plain data."""
        library = self.library
        return {
            "name": EXACT,
            "preset": EXACT,
            "library": library_provenance(library)
            | {"numbers_sha256": library.numbers_sha256, "solar_metallicity": library.source.solar_metallicity},
            "prior": "uniform in log_age, metallicity and ebv over the grid, and in magnitude",
            "grid": {
                "log_age": _range(self._spectra.log_age),
                "metallicity": _range(self._spectra.metallicity),
                "ebv": list(PRIOR_EBV),
            },
            "dust": _LAW.name,
            "filters": {"source": self.filters.source, "sha256": self.filters.sha256},
        }

    def check_request(self, bands: Sequence[str], redshift: FloatArray) -> None:
        """Refuse what cannot be done for any galaxy, before work begins.

        Parameters
        ----------
        bands : sequence of str
            What the photometry has.
        redshift : ndarray
            Of all galaxies, as far as it is known by now.

        Raises
        ------
        InputError
            If there are too few bands, or no galaxy has a redshift at which the library covers any.
        """
        if len(bands) < _FEWEST_BANDS:
            raise InputError(f"{self.name} needs {_FEWEST_BANDS} of the survey's bands or more; there are {len(bands)}")
        if redshift.size and not _is_possible(redshift).any():
            low, high = _REDSHIFTS
            raise InputError(f"{self.name} knows redshifts {low:g} to {high:g}, not {float(np.nanmin(redshift)):g}")
        if redshift.size == 1:
            self._at(float(redshift[0]))

    def posterior(self, flux_nu: FloatArray, flux_nu_error: FloatArray, mask: BoolArray, redshift: float) -> Posterior:
        """Return the posterior of one galaxy.

        Parameters
        ----------
        flux_nu, flux_nu_error : ndarray, shape (n_bands,)
            Nanomaggies, in `bands`.
        mask : ndarray of bool, shape (n_bands,)
            True where a band is usable.
        redshift : float

        Raises
        ------
        NoAnswerError
            If the redshift is not known or outside of what can be computed, too few bands can be used, or no SED can
            be compared with the numbers.
        """
        if not np.isfinite(redshift):
            raise NoAnswerError("the redshift is not known", Flag.REDSHIFT)
        if not _is_possible(redshift):
            low, high = _REDSHIFTS
            raise NoAnswerError(f"redshift {redshift:g} is outside {low:g} to {high:g}", Flag.REDSHIFT)
        try:
            exact = self._at(float(redshift))
        except InputError as error:
            raise NoAnswerError(str(error), Flag.REDSHIFT) from error
        used = _usable(flux_nu, flux_nu_error, mask) & exact.grid.mask[:N_SURVEY_BANDS]
        if used.sum() < _FEWEST_BANDS:
            raise NoAnswerError(
                f"{int(used.sum())} usable bands that {self.library.name} covers: the posterior needs "
                f"{_FEWEST_BANDS} or more",
                Flag.BANDS,
            )
        try:
            with np.errstate(over="ignore"):  # numbers beyond what can be computed are refused
                return exact(flux_nu, flux_nu_error, used)
        except InputError as error:
            raise NoAnswerError(str(error), Flag.CHI2) from error

    def predict(self, photometry: Photometry) -> Prediction:
        """Return medians and percentiles, and chi2 of the best population; every galaxy gets a row.

        The answer to a galaxy does not depend on the others.
        """
        usable = _usable(photometry.flux_nu, photometry.flux_nu_error, photometry.mask)
        prediction = _no_answers(usable.sum(axis=1))
        # Galaxies of one redshift follow one another: its grid is made once.
        for row in np.argsort(photometry.redshift, kind="stable"):
            flux, error, mask = photometry.flux_nu[row], photometry.flux_nu_error[row], usable[row]
            try:
                posterior = self.posterior(flux, error, mask, photometry.redshift[row])
            except NoAnswerError as why:
                prediction.flag[row] = why.flag
                continue
            prediction.percentiles[row] = percentiles = posterior.percentiles(PERCENTILES).T
            prediction.point[row] = percentiles[:, PERCENTILES.index(50.0)]
            prediction.n_bands[row], prediction.chi2[row] = posterior.n_bands, posterior.chi2
            prediction.flag[row] = chi2_flag(posterior)
        return prediction

    def edges(self, posterior: Posterior) -> tuple[str, ...]:
        """Return at which ends of the prior a posterior piles up, a clause each."""
        ranges = (_range(self._spectra.log_age), _range(self._spectra.metallicity), list(PRIOR_EBV))
        low, high = np.transpose(ranges)
        percentiles = posterior.percentiles(PERCENTILES).T[np.newaxis]
        return edge_words(edges_reached(percentiles, low, high)[0], low, high)

    def why_not(self, photometry: Photometry) -> tuple[str, ...]:
        """Return why there is no answer for one galaxy."""
        try:
            self.posterior(
                photometry.flux_nu[0],
                photometry.flux_nu_error[0],
                photometry.mask[0],
                float(photometry.redshift[0]),
            )
        except NoAnswerError as why:
            return (str(why),)
        return ()

    def _make(self, redshift: float) -> ExactPosterior:
        grid = band_grid(self.library, self.filters, redshift, law=_LAW, spectra=self._spectra)
        return ExactPosterior(grid, slice(0, N_SURVEY_BANDS))


def _is_possible(redshift: FloatArray | float) -> BoolArray:
    low, high = _REDSHIFTS
    return np.asarray((redshift >= low) & (redshift <= high))


def _usable(flux_nu: FloatArray, flux_nu_error: FloatArray, mask: BoolArray) -> BoolArray:
    return np.asarray(mask & np.isfinite(flux_nu) & np.isfinite(flux_nu_error) & (flux_nu_error > 0))


def _range(nodes: FloatArray) -> list[float]:
    return [float(nodes[0]), float(nodes[-1])]


def _no_answers(n_bands: IndexArray) -> Prediction:
    n, n_parameters = len(n_bands), len(PARAMETERS)
    return Prediction(
        point=np.full((n, n_parameters), np.nan),
        percentiles=np.full((n, n_parameters, len(PERCENTILES)), np.nan),
        n_bands=n_bands.astype(np.intp),
        chi2=np.full(n, np.nan),
        distance=np.full(n, np.nan),
        flag=np.zeros(n, dtype=np.intp),
    )


def chi2_flag(posterior: Posterior) -> int:
    """Return `Flag.CHI2` where no population fits, else 0."""
    return int(Flag.CHI2) if is_poor_fit(posterior.chi2, posterior.n_bands) else 0
