"""The paper's mock sample: every model of some libraries, at some E(B-V) and magnitudes.

Dominguez Sanchez et al. 2025, Highlights of Spanish Astrophysics XII.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jpas_gui.core.arrays import Float32Array, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.settings import PaperData
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.attenuation import AttenuationLaw, attenuation_law
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.noise import NoiseModel
from jpas_gui.core.photometry.synthesis import reference_index
from jpas_gui.core.ssp.library import SSPLibrary

TRAIN, VALIDATION, TEST = range(3)
"""Values of `PaperSample.split`."""

_TRAIN_PART, _VALIDATION_PART = 0.64, 0.16

_TOLERANCE = 1e-6
"""dex: rounding of the ages of libraries."""

Int8Array = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class PaperSample:
    """Mocks without noise, and the errors that their noise is drawn from.

    An SED is an SSP model behind some dust. It is kept once; every magnitude makes a mock of it: mock number
    ``n_magnitudes * i + j`` is SED i at magnitude j. All fluxes are in units of the flux in the reference band.

    Parameters
    ----------
    flux_nu : ndarray, shape (n_seds, n_bands), float32
    flux_nu_error : ndarray, shape (n_seds, n_magnitudes, n_bands), float32
        1 sigma.
    parameters : ndarray, shape (n_seds, 3), float32
        In the order of `PARAMETERS`.
    library : ndarray, shape (n_seds,)
        Number of the library in the mixture.
    model : ndarray, shape (n_seds,)
        Number of the SSP model, counted through all libraries.
    magnitude : ndarray, shape (n_magnitudes,)
        AB magnitudes in the reference band.
    split : ndarray, shape (n_seds * n_magnitudes,), int8
        What each mock is for: `TRAIN`, `VALIDATION` or `TEST`.
    """

    flux_nu: Float32Array
    flux_nu_error: Float32Array
    parameters: Float32Array
    library: IndexArray
    model: IndexArray
    magnitude: FloatArray
    split: Int8Array

    def __len__(self) -> int:
        """Return the number of mocks."""
        return self.split.size

    def mocks(self, part: int) -> IndexArray:
        """Return the numbers of the mocks that are for one purpose."""
        return np.flatnonzero(self.split == part)

    def seds_and_magnitudes(self, mocks: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Return the numbers of SED and magnitude of some mocks."""
        seds, magnitudes = np.divmod(mocks, self.magnitude.size)
        return seds, magnitudes

    def noisy_flux_nu(self, mocks: IndexArray, random: np.random.Generator) -> Float32Array:
        """Return the fluxes of some mocks with a draw of their noise, shape (n, n_bands)."""
        seds, magnitudes = self.seds_and_magnitudes(mocks)
        flux_nu = random.standard_normal((mocks.size, self.flux_nu.shape[1]), dtype=np.float32)
        flux_nu *= self.flux_nu_error[seds, magnitudes]
        flux_nu += self.flux_nu[seds]
        return flux_nu


def paper_sample(
    data: PaperData, seed: int, libraries: Sequence[SSPLibrary], filters: FilterSet, noise: NoiseModel
) -> PaperSample:
    """Return the mock sample of some libraries.

    Parameters
    ----------
    data : PaperData
    seed : int
        Decides which mocks are for what.
    libraries : sequence of SSPLibrary
    filters : FilterSet
        All bands, the reference band among them.
    noise : NoiseModel
        Of the bands of `filters`.

    Raises
    ------
    InputError
        If a library does not cover all bands of the survey or has no age that is asked for, or the noise model knows
        no error of a band.
    """
    law = attenuation_law(data.dust_law)
    magnitude = np.array(data.magnitudes)
    parts = list(_parts(data, libraries, filters, law))
    flux_nu = np.concatenate([part.flux_nu for part in parts])
    n_models = [len(part.flux_nu) // len(data.ebv) for part in parts]
    model = np.repeat(np.arange(sum(n_models)), len(data.ebv))
    return PaperSample(
        flux_nu=flux_nu[:, :N_SURVEY_BANDS],
        flux_nu_error=_errors(flux_nu, magnitude, filters, noise, data.one_magnitude),
        parameters=np.concatenate([part.parameters for part in parts]),
        library=np.repeat(np.arange(len(parts)), np.array(n_models) * len(data.ebv)),
        model=model,
        magnitude=magnitude,
        split=_split(np.repeat(model, magnitude.size), data.split, seed),
    )


@dataclass(frozen=True, eq=False)
class _Part:
    """The SEDs of one library, each model with all of its dust together."""

    flux_nu: Float32Array
    parameters: Float32Array


def _parts(
    data: PaperData, libraries: Sequence[SSPLibrary], filters: FilterSet, law: AttenuationLaw
) -> Iterator[_Part]:
    low, high = data.log_age_range
    for library in libraries:
        matrix = filters.matrix(library.wavelength)
        uncovered = [name for name, covered in zip(filters.names, matrix.mask, strict=True) if not covered]
        if not matrix.mask[:N_SURVEY_BANDS].all():
            raise InputError(
                f"{library.name} does not cover {', '.join(uncovered)}: the paper's networks need all bands; "
                "use the preset posterior, or another library"
            )
        met, age = np.nonzero(library.has_model)
        taken = (library.log_age[age] >= low - _TOLERANCE) & (library.log_age[age] <= high + _TOLERANCE)
        met, age = met[taken], age[taken]
        if not taken.any():
            raise InputError(f"{library.name} has no model of log age {low:g} to {high:g}: see data.log_age_range")
        reference = reference_index(filters, matrix.mask)
        flux_nu = np.empty((age.size, len(data.ebv), len(filters.names)), dtype=np.float32)
        parameters = np.empty((age.size, len(data.ebv), len(PARAMETERS)), dtype=np.float32)
        luminosity = library.luminosity[met, age]
        for number, ebv in enumerate(data.ebv):
            dust = law.transmission(library.wavelength, ebv).astype(np.float32)
            fluxes = matrix.band_fluxes(luminosity * dust)
            flux_nu[:, number] = fluxes / fluxes[:, reference, np.newaxis]
            parameters[:, number] = np.column_stack(
                [library.log_age[age], library.metallicity[met], np.full(age.size, ebv)]
            )
        yield _Part(flux_nu.reshape(-1, len(filters.names)), parameters.reshape(-1, len(PARAMETERS)))


def _errors(
    flux_nu: Float32Array, magnitude: FloatArray, filters: FilterSet, noise: NoiseModel, one_magnitude: bool
) -> Float32Array:
    """Return the errors of the survey's bands, shape (n_seds, n_magnitudes, n_bands); units as in `PaperSample`."""
    errors = np.empty((len(flux_nu), magnitude.size, N_SURVEY_BANDS), dtype=np.float32)
    for number, value in enumerate(magnitude.tolist()):
        scale = flux_of_magnitude(value)
        error = noise.flux_nu_error(scale * flux_nu.astype(float), value if one_magnitude else None)
        errors[:, number] = error[:, :N_SURVEY_BANDS] / scale
    unknown = [filters.names[band] for band in np.flatnonzero(~np.isfinite(errors).all(axis=(0, 1)))]
    if unknown:
        raise InputError(f"{noise.name} has no error of {', '.join(unknown)}: the paper's networks need all bands")
    return errors


def _split(model: IndexArray, by: str, seed: int) -> Int8Array:
    """Return what each mock is for, given the SSP model of each."""
    unit = model if by == "model" else np.arange(model.size)
    n = int(unit.max()) + 1
    purpose = np.full(n, TEST, dtype=np.int8)
    order = np.random.default_rng(seed).permutation(n)
    n_train = round(_TRAIN_PART * n)
    n_validation = round(_VALIDATION_PART * n)
    purpose[order[:n_train]] = TRAIN
    purpose[order[n_train : n_train + n_validation]] = VALIDATION
    if min(np.bincount(purpose, minlength=3)) == 0:
        raise InputError(f"{n} {by}s are too few to be split into training, validation and test")
    return purpose[unit]
