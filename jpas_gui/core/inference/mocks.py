"""Mock galaxies at continuous values of all parameters: the prior of the posterior networks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from jpas_gui.core.arrays import AnyArray, BoolArray, Float32Array, FloatArray, IndexArray
from jpas_gui.core.inference.band_grid import BandGrid, NodeSpectra, band_grid, node_spectra
from jpas_gui.core.photometry.attenuation import AttenuationLaw
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.ssp.library import SSPLibrary


@dataclass(frozen=True, eq=False)
class Mocks:
    """Populations through the bands, without noise and of no magnitude yet.

    Parameters
    ----------
    log_flux : ndarray, shape (n, n_bands), float32
        ln flux_nu relative to the reference band; zero where `mask` is False.
    mask : ndarray of bool, shape (n, n_bands)
        True where the library covers the band.
    parameters : ndarray, shape (n, 3), float32
        log_age, metallicity and ebv.
    redshift : ndarray, shape (n,), float32
    library : ndarray of int, shape (n,)
        Which of the libraries.
    """

    log_flux: Float32Array
    mask: BoolArray
    parameters: Float32Array
    redshift: Float32Array
    library: IndexArray

    def arrays(self, prefix: str = "") -> dict[str, AnyArray]:
        """Return all of it by name, the mask in bits."""
        own = {field.name: getattr(self, field.name) for field in fields(self)} | {
            "mask": np.packbits(self.mask, axis=1)
        }
        return {f"{prefix}{name}": array for name, array in own.items()}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, AnyArray], prefix: str = "") -> "Mocks":
        """Return the mocks of `arrays`, among which there may be others."""
        own = {field.name: arrays[f"{prefix}{field.name}"] for field in fields(cls)}
        n_bands = own["log_flux"].shape[1]
        return cls(**own | {"mask": np.unpackbits(own["mask"], axis=1, count=n_bands).astype(bool)})


@dataclass(frozen=True, eq=False)
class MockPrior:
    """What mocks are drawn from: uniform in log_age, metallicity and ebv over what a library has, uniform in redshift.

    Parameters
    ----------
    libraries : tuple of SSPLibrary
    weights : tuple of float
        Part of each library, of any sum.
    filters : FilterSet
        All bands, the reference band among them.
    law : AttenuationLaw
    n_bands : int
        The first bands of the set are kept.
    redshift_range : tuple of float
    """

    libraries: tuple[SSPLibrary, ...]
    weights: tuple[float, ...]
    filters: FilterSet
    law: AttenuationLaw
    n_bands: int
    redshift_range: tuple[float, float]

    def grid(self, library: int, redshift: float) -> BandGrid:
        """Return the bands of one of the libraries."""
        own = self.libraries[library]
        return band_grid(own, self.filters, redshift, law=self.law, spectra=self._spectra[library])

    @cached_property
    def _spectra(self) -> tuple[NodeSpectra, ...]:
        return tuple(node_spectra(library) for library in self.libraries)

    def draw(self, n_redshifts: int, n_per_redshift: int, random: np.random.Generator) -> Mocks:
        """Return mocks: some at each of a number of redshifts, one in each equal part of the range.

        All mocks of a redshift are of one library. Libraries take turns so that each has its part.

        Raises
        ------
        InputError
            If a library covers no band at a redshift.
        """
        low, high = self.redshift_range
        redshift = low + (high - low) * (np.arange(n_redshifts) + random.random(n_redshifts)) / n_redshifts
        library = random.permutation(_shared_out(self.weights, n_redshifts))
        n = n_redshifts * n_per_redshift
        mocks = Mocks(
            log_flux=np.empty((n, self.n_bands), dtype=np.float32),
            mask=np.empty((n, self.n_bands), dtype=bool),
            parameters=np.empty((n, 3), dtype=np.float32),
            redshift=np.repeat(redshift, n_per_redshift).astype(np.float32),
            library=np.repeat(library, n_per_redshift),
        )
        for number, (own, z) in enumerate(zip(library, redshift, strict=True)):
            rows = slice(number * n_per_redshift, (number + 1) * n_per_redshift)
            grid = self.grid(int(own), float(z))
            parameters = draw_parameters(grid, n_per_redshift, random)
            mocks.parameters[rows] = parameters
            mocks.log_flux[rows] = grid.log_fluxes(parameters)[:, : self.n_bands]
            mocks.mask[rows] = grid.mask[: self.n_bands]
        return mocks


def draw_parameters(grid: BandGrid, n: int, random: np.random.Generator) -> FloatArray:
    """Return populations, shape (n, 3), uniform over the cells of a grid that have models."""
    low, high = (np.array([nodes[end] for nodes in grid.axes]) for end in (0, -1))
    parameters = low + (high - low) * random.random((n, 3))
    outside = ~grid.contains(parameters)
    while outside.any():
        parameters[outside] = low + (high - low) * random.random((int(outside.sum()), 3))
        outside = ~grid.contains(parameters)
    return np.asarray(parameters)


def _shared_out(weights: Sequence[float], n: int) -> IndexArray:
    """Return n indices, of which each has its part to within one."""
    ends = np.round(np.cumsum(weights) / np.sum(weights) * n).astype(int)
    return np.searchsorted(ends, np.arange(n), side="right")
