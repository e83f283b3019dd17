"""The bands of every population of a library at one redshift: what mocks and the exact posterior are made from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PRIOR_EBV, PRIOR_LOG_AGE
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS, AttenuationLaw
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.synthesis import reference_index
from jpas_gui.core.ssp.library import SSPLibrary

_TINY = np.float32(1e-30)
"""Lsun / Angstrom / Msun: stands for the zeros and the tiny negative values of some libraries."""


@dataclass(frozen=True)
class GridSettings:
    """How far apart the nodes of a `BandGrid` may be, beside the library's own, which are always nodes.

    By default the colours of populations between the nodes are those of `SSPLibrary.spectrum` to 0.1 mmag (rms).

    Parameters
    ----------
    log_age, metallicity, ebv : float
        Largest step in dex, dex and mag.
    log_age_range : tuple of float
        The part of the library that is taken.
    ebv_range : tuple of float
        mag.
    """

    log_age: float = 0.1
    metallicity: float = 0.25
    ebv: float = 0.1
    log_age_range: tuple[float, float] = PRIOR_LOG_AGE
    ebv_range: tuple[float, float] = PRIOR_EBV


@dataclass(frozen=True, eq=False)
class BandGrid:
    """Colours of the populations of one library at one redshift, on a grid.

    Between the nodes the logarithm of the flux is linear in log_age and metallicity, as the luminosities of a library
    are, and a parabola in E(B-V), which is within 0.002 mmag (rms) of it.

    Parameters
    ----------
    redshift : float
    log_age, metallicity, ebv : ndarray, shape (n_age,), (n_met,), (n_ebv,)
        Nodes; all of the library's are among them.
    log_flux : ndarray, shape (n_age, n_met, n_ebv, n_bands), float32
        Natural logarithm of flux_nu in units of the flux in the reference band. NaN where the library has no model;
        zero in bands that it does not cover.
    mask : ndarray of bool, shape (n_bands,)
        True where the library covers the band.
    reference_band : str
        The band that carries the magnitude.
    """

    redshift: float
    log_age: FloatArray
    metallicity: FloatArray
    ebv: FloatArray
    log_flux: Float32Array
    mask: BoolArray
    reference_band: str

    @property
    def axes(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Nodes of each parameter: the axes of `log_flux`."""
        return self.log_age, self.metallicity, self.ebv

    @cached_property
    def has_cell(self) -> BoolArray:
        """Where a cell has all its eight corners, shape (n_age - 1, n_met - 1, n_ebv - 1)."""
        known = np.isfinite(self.log_flux[..., 0])
        for axis in range(3):
            known = np.take(known, range(1, known.shape[axis]), axis) & np.take(
                known, range(known.shape[axis] - 1), axis
            )
        return known

    def contains(self, parameters: FloatArray) -> BoolArray:
        """Return which populations, shape (n, 3) in the order of `PARAMETERS`, lie in cells with models."""
        index, part = self._locate(parameters)
        inside = ((part >= 0) & (part <= 1)).all(axis=1)
        return np.asarray(inside & self.has_cell[tuple(index.T)])

    def log_fluxes(self, parameters: FloatArray) -> Float32Array:
        """Return ln flux_nu relative to the reference band, shape (n, n_bands).

        Parameters
        ----------
        parameters : ndarray, shape (n, 3)
            Populations within the grid.
        """
        index, part = self._locate(parameters)
        result = np.zeros((len(index), self.mask.size), dtype=np.float32)
        part = part[:, :2].astype(np.float32)
        ebv = parameters[:, 2, np.newaxis].astype(np.float32)
        for corner in np.ndindex(2, 2):
            weight = np.prod(np.where(corner, part, 1 - part), axis=1, dtype=np.float32)
            constant, linear, square = self.dust_parabola[tuple((index[:, :2] + corner).T)].swapaxes(0, 1)
            result += weight[:, np.newaxis] * (constant + ebv * (linear + ebv * square))
        return result

    @cached_property
    def dust_parabola(self) -> Float32Array:
        """Factors of 1, E(B-V) and its square in ln flux, shape (n_age, n_met, 3, n_bands)."""
        powers = np.linalg.pinv(self.ebv[:, np.newaxis] ** np.arange(3)).astype(np.float32)
        return np.asarray(powers @ self.log_flux)

    def _locate(self, parameters: FloatArray) -> tuple[IndexArray, FloatArray]:
        """Return the cell of each population and where in it it lies, 0 to 1, shape (n, 3) each."""
        index = np.empty(parameters.shape, dtype=np.intp)
        part = np.empty(parameters.shape)
        for axis, nodes in enumerate(self.axes):
            value = parameters[:, axis]
            low = np.clip(np.searchsorted(nodes, value, side="right") - 1, 0, nodes.size - 2)
            index[:, axis] = low
            part[:, axis] = (value - nodes[low]) / (nodes[low + 1] - nodes[low])
        return index, part


@dataclass(frozen=True, eq=False)
class NodeSpectra:
    """The spectra of a library at the nodes of a grid: what neither redshift, dust nor filters change.

    Parameters
    ----------
    wavelength : ndarray, shape (n_wave,)
        Rest frame, Angstrom.
    log_age, metallicity : ndarray, shape (n_age,), (n_met,)
        Nodes.
    luminosity : ndarray, shape (n_wave, n_age * n_met), float32
        One spectrum a column, metallicities first; NaN where the library has no model.
    """

    wavelength: FloatArray
    log_age: FloatArray
    metallicity: FloatArray
    luminosity: Float32Array


def node_spectra(library: SSPLibrary, settings: GridSettings | None = None) -> NodeSpectra:
    """Return the spectra of a library at the nodes of a grid.

    Raises
    ------
    InputError
        If the library has one metallicity or age alone, or no four models around a cell of both.
    """
    settings = settings or GridSettings()
    low, high = settings.log_age_range
    log_age = _nodes(library.log_age, max(low, library.log_age[0]), min(high, library.log_age[-1]), settings.log_age)
    metallicity = _nodes(library.metallicity, library.metallicity[0], library.metallicity[-1], settings.metallicity)
    if log_age.size < 2 or metallicity.size < 2:
        raise InputError(
            f"{library.name}: {library.metallicity.size} metallicities and {library.log_age.size} ages (log age "
            f"{low:g} to {high:g}): inference needs two or more of each"
        )
    logarithm = _log_luminosity(library, log_age, metallicity)
    known = np.isfinite(logarithm[..., 0])
    if not (known[1:, 1:] & known[1:, :-1] & known[:-1, 1:] & known[:-1, :-1]).any():
        raise InputError(
            f"{library.name}: no two neighbouring metallicities have models of the same two neighbouring ages: "
            "inference needs such four"
        )
    logarithm = logarithm.reshape(-1, library.wavelength.size)
    return NodeSpectra(library.wavelength, log_age, metallicity, np.exp(logarithm.T, order="C"))


def band_grid(
    library: SSPLibrary,
    filters: FilterSet,
    redshift: float,
    settings: GridSettings | None = None,
    law: AttenuationLaw = ATTENUATION_LAWS["calzetti"],
    r_v: float | None = None,
    spectra: NodeSpectra | None = None,
) -> BandGrid:
    """Return the grid of a library through a set of bands.

    Parameters
    ----------
    filters : FilterSet
        All bands, the reference band among them.
    r_v : float, optional
        R_V of the law; its own value by default.
    spectra : NodeSpectra, optional
        Those of this library with these settings, where they are at hand: a part of the work.

    Raises
    ------
    InputError
        If the library has one metallicity or age alone, or covers no band at this redshift.
    """
    settings = settings or GridSettings()
    spectra = spectra or node_spectra(library, settings)
    ebv = _nodes(np.empty(0), *settings.ebv_range, settings.ebv)
    matrix = filters.matrix(spectra.wavelength, redshift)
    if not matrix.mask.any():
        raise InputError(f"{library.name} covers no band at redshift {redshift:g}")
    dust = np.stack([law.transmission(spectra.wavelength, float(value), r_v) for value in ebv]).astype(np.float32)
    flux = matrix.screened_fluxes(dust, spectra.luminosity)
    reference = reference_index(filters, matrix.mask)
    with np.errstate(invalid="ignore"):
        log_flux = np.log(flux, out=flux)
    log_flux -= log_flux[..., reference, np.newaxis].copy()
    log_flux[..., ~matrix.mask] = np.where(np.isnan(spectra.luminosity[0]), np.nan, 0)[:, np.newaxis, np.newaxis]
    log_flux = log_flux.reshape(spectra.log_age.size, spectra.metallicity.size, *log_flux.shape[1:])
    return BandGrid(
        redshift, spectra.log_age, spectra.metallicity, ebv, log_flux, matrix.mask, filters.names[reference]
    )


def _nodes(own: FloatArray, low: float, high: float, step: float) -> FloatArray:
    """Return low, high, what of `own` lies between, and as many more as the step asks for."""
    if not low < high:
        return np.array([low])
    ends = np.concatenate([[low], own[(own > low) & (own < high)], [high]])
    pieces = np.maximum(1, np.ceil(np.diff(ends) / step - 1e-9).astype(int))
    parts = [np.linspace(a, b, n, endpoint=False) for a, b, n in zip(ends[:-1], ends[1:], pieces, strict=True)]
    return np.concatenate([*parts, [high]])


def _log_luminosity(library: SSPLibrary, log_age: FloatArray, metallicity: FloatArray) -> Float32Array:
    """Return ln luminosity at the nodes, shape (n_age, n_met, n_wave), interpolated as `SSPLibrary.spectrum` does."""
    logarithm = np.log(np.maximum(library.luminosity, _TINY))  # NaN stays NaN
    by_age = _weights(library.log_age, log_age)
    by_metallicity = _weights(library.metallicity, metallicity)
    at_metallicities = _mix(by_metallicity, logarithm)
    return _mix(by_age, at_metallicities.swapaxes(0, 1))


def _weights(own: FloatArray, nodes: FloatArray) -> tuple[IndexArray, Float32Array]:
    """Return the sample of `own` at or before each node and how far to the next one the node lies."""
    if own.size == 1:
        return np.zeros(nodes.size, dtype=np.intp), np.zeros(nodes.size, dtype=np.float32)
    low = np.clip(np.searchsorted(own, nodes, side="right") - 1, 0, own.size - 2)
    return low, ((nodes - own[low]) / (own[low + 1] - own[low])).astype(np.float32)


def _mix(weights: tuple[IndexArray, Float32Array], rows: Float32Array) -> Float32Array:
    """Return rows between rows of the first axis. A row of no weight does not count, not even one of NaN."""
    low, part = weights
    part = part.reshape(-1, *(1,) * (rows.ndim - 1))
    high = np.minimum(low + 1, len(rows) - 1)
    mixed = (1 - part) * rows[low] + part * rows[high]
    mixed = np.where(part == 0, rows[low], mixed)
    return np.asarray(np.where(part == 1, rows[high], mixed), dtype=np.float32)
