"""Filter curves, and the matrix that turns spectra into band fluxes."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import LIGHT_SPEED, NANOMAGGY
from jpas_gui.core.photometry.bands import Band

MIN_COVERAGE = 0.999
"""Smallest part of INT T dlambda/lambda that a spectrum must cover for the band to be usable (1 mmag)."""

_MAX_SHIFT = 1.5
"""Largest ratio of the pivot of a user's own curve to the band's nominal wavelength, or the other way round."""

_CACHED_MATRICES = 8
_N_BLOCKS = 16
_BLOCK_SPECTRA = 1024

_BAND_OFFSET = 1e6
"""Angstrom, beyond any curve: lets the nodes of all bands be sorted as one array."""


@dataclass(frozen=True, eq=False)
class FilterCurve:
    """Throughput of one band.

    Parameters
    ----------
    band : Band
        The band it belongs to.
    wavelength : ndarray, shape (n,)
        Angstrom, increasing, vacuum.
    transmission : ndarray, shape (n,)
        Photon throughput, 0 to 1.

    Raises
    ------
    InputError
        If the wavelengths do not increase or are not positive, a throughput is negative, above 1, all zero or
        not a number, or the curve lies nowhere near its band (as it does with wavelengths in nm).
    """

    band: Band
    wavelength: FloatArray
    transmission: FloatArray

    def __post_init__(self) -> None:
        wavelength, transmission = self.wavelength, self.transmission
        name = self.band.name
        if wavelength.ndim != 1 or wavelength.shape != transmission.shape or wavelength.size < 3:
            raise InputError(f"the curve of {name} needs two columns of equal length, of three rows or more")
        if not (np.isfinite(wavelength).all() and np.isfinite(transmission).all()):
            raise InputError(f"the curve of {name} contains values that are not numbers")
        if wavelength[0] <= 0:
            raise InputError(f"the curve of {name} has a wavelength that is zero or negative: {wavelength.min():g}")
        if (np.diff(wavelength) <= 0).any():
            row = int(np.argmax(np.diff(wavelength) <= 0)) + 2
            raise InputError(f"the wavelengths of {name} do not increase (row {row})")
        if (transmission < 0).any() or not transmission.any():
            raise InputError(f"the throughput of {name} must be positive somewhere and negative nowhere")
        if transmission.max() > 1:
            raise InputError(f"the throughput of {name} reaches {transmission.max():g}: it must be a part of 1")
        if not 1 / _MAX_SHIFT < self.pivot / self.band.wavelength < _MAX_SHIFT:
            raise InputError(
                f"the curve of {name} lies at {self.pivot:g} A instead of about {self.band.wavelength:g} A: "
                "its wavelengths must be in Angstrom"
            )

    @property
    def pivot(self) -> float:
        """Pivot wavelength in Angstrom, sqrt(INT T lambda dlambda / INT T dlambda/lambda)."""
        x, t = self.wavelength, self.transmission
        energy = np.diff(x) / 6 * (t[:-1] * x[:-1] + (t[:-1] + t[1:]) * (x[:-1] + x[1:]) + t[1:] * x[1:])
        return float(np.sqrt(energy.sum() / self.photons))

    @property
    def fwhm(self) -> float:
        """Full width at half maximum in Angstrom, between the outermost places where T is half its peak."""
        x, t = self.wavelength, self.transmission
        half = t.max() / 2
        above = np.flatnonzero(t >= half)
        start, stop = max(above[0] - 1, 0), min(above[-1] + 1, x.size - 1)
        low = np.interp(half, t[start : above[0] + 1], x[start : above[0] + 1])
        high = np.interp(half, t[above[-1] : stop + 1][::-1], x[above[-1] : stop + 1][::-1])
        return float(high - low)

    @property
    def photons(self) -> float:
        """INT T dlambda/lambda."""
        x, t = self.wavelength, self.transmission
        return float(_photons(x[:-1], x[1:], t[:-1], t[1:]).sum())


def _photons(start: FloatArray, stop: FloatArray, t_start: FloatArray, t_stop: FloatArray) -> FloatArray:
    """INT T dlambda/lambda of pieces in which T is linear, by Simpson's rule.

    The trapezoidal rule is off by a third of step/lambda on the flank of a coarse curve, and would call a band
    uncovered only because the spectrum is sampled more finely than the curve.
    """
    return (stop - start) / 6 * (t_start / start + 4 * (t_start + t_stop) / (start + stop) + t_stop / stop)


@dataclass(frozen=True, eq=False)
class _Segments:
    """Pieces between neighbouring nodes (of curve or spectrum) of all bands, shape (n_segments,) each.

    `sample` is the spectrum's sample at or before the piece; `on_left` and `on_right` are the weights of that
    sample and the next one.
    """

    band: IndexArray
    sample: IndexArray
    on_left: FloatArray
    on_right: FloatArray


@dataclass(frozen=True, eq=False)
class BandMatrix:
    """Weights of a spectrum's samples in each band.

    Parameters
    ----------
    n_wave : int
        Number of samples.
    mask : ndarray of bool, shape (n_bands,)
        True where the samples cover the band.
    """

    n_wave: int
    mask: BoolArray
    _segments: _Segments

    @cached_property
    def weights(self) -> Float32Array:
        """Dense weights, shape (n_bands, n_wave), float32; zero in bands that are not covered.

        ``f_lambda @ weights.T`` is flux_nu in nanomaggies, for f_lambda in erg s-1 cm-2 A-1 at the samples.
        """
        pieces = self._segments
        size = self.mask.size * self.n_wave
        cell = pieces.band * self.n_wave + pieces.sample
        weights = np.bincount(cell, pieces.on_left, minlength=size)
        weights += np.bincount(cell + 1, pieces.on_right, minlength=size)
        return weights.reshape(self.mask.size, self.n_wave).astype(np.float32)

    def band_flux(self, flux_lambda: FloatArray | Float32Array) -> FloatArray:
        """Return flux_nu of one spectrum, shape (n_wave,), in each band; NaN in bands that it does not cover.

        The dense weights are not needed: this is the cheaper way while the redshift is dragged.
        """
        pieces = self._segments
        parts = pieces.on_left * flux_lambda[pieces.sample] + pieces.on_right * flux_lambda[pieces.sample + 1]
        flux_nu = np.asarray(np.bincount(pieces.band, parts, minlength=self.mask.size), dtype=float)
        flux_nu[~self.mask] = np.nan
        return flux_nu

    def band_fluxes(self, flux_lambda: Float32Array) -> Float32Array:
        """Return flux_nu, shape (n, n_bands), of many spectra, shape (n, n_wave).

        ``flux_lambda @ weights.T``, without most of its zeros: in blocks of samples that few bands share, and of
        spectra that fit the processor's cache. NaN in bands that the spectra do not cover.
        """
        flux_nu = np.zeros((len(flux_lambda), self.mask.size), dtype=np.float32)
        for start in range(0, len(flux_lambda), _BLOCK_SPECTRA):
            rows = slice(start, start + _BLOCK_SPECTRA)
            for block in self._blocks:
                flux_nu[rows, block.bands] += flux_lambda[rows, block.samples] @ block.weights
        flux_nu[:, ~self.mask] = np.nan
        return flux_nu

    def screened_fluxes(self, screens: Float32Array, flux_lambda: Float32Array) -> Float32Array:
        """Return flux_nu, shape (n, n_screens, n_bands), of many spectra behind each of several screens.

        Each band reads its own samples alone: this is the cheap way for several screens in front of the same spectra.

        Parameters
        ----------
        screens : ndarray, shape (n_screens, n_wave), float32
            Transmissions at the samples.
        flux_lambda : ndarray, shape (n_wave, n), float32
            One spectrum a column. A NaN in it is a NaN in the bands that it touches, as are those it does not cover.
        """
        flux_nu = np.empty((self.mask.size, len(screens), flux_lambda.shape[1]), dtype=np.float32)
        flux_nu[~self.mask] = np.nan
        for band in np.flatnonzero(self.mask):
            own = self._spans[band]
            np.matmul(screens[:, own] * self.weights[band, own], flux_lambda[own], out=flux_nu[band])
        return np.ascontiguousarray(flux_nu.transpose(2, 1, 0))

    @cached_property
    def _spans(self) -> tuple[slice, ...]:
        """The samples that have a weight in each band."""
        sample = self._segments.sample
        ends = np.searchsorted(self._segments.band, np.arange(self.mask.size + 1))
        return tuple(
            slice(int(sample[first]), int(sample[last - 1]) + 2) if last > first else slice(0)
            for first, last in pairwise(ends)
        )

    @cached_property
    def _blocks(self) -> tuple["_Block", ...]:
        blocks = []
        edges = np.linspace(0, self.n_wave, _N_BLOCKS + 1).astype(int)
        for samples in map(slice, edges[:-1], edges[1:]):
            touched = np.flatnonzero(self.weights[:, samples].any(axis=1))
            if touched.size:
                bands = slice(int(touched[0]), int(touched[-1]) + 1)
                blocks.append(_Block(samples, bands, np.ascontiguousarray(self.weights[bands, samples].T)))
        return tuple(blocks)


@dataclass(frozen=True, eq=False)
class _Block:
    """Weights of some neighbouring samples in some neighbouring bands, shape (n_samples, n_bands)."""

    samples: slice
    bands: slice
    weights: Float32Array


@dataclass(frozen=True, eq=False)
class FilterSet:
    """Filter curves in the order of their filter ids.

    Parameters
    ----------
    curves : tuple of FilterCurve
        One per band.
    source : str
        Where the curves come from, for provenance.
    notes : tuple of str
        What a user should know of the curves.
    """

    curves: tuple[FilterCurve, ...]
    source: str
    notes: tuple[str, ...] = ()
    _matrices: OrderedDict[tuple[str, float], BandMatrix] = field(default_factory=OrderedDict, init=False, repr=False)

    @classmethod
    def from_curves(cls, curves: Iterable[FilterCurve], source: str, notes: Iterable[str] = ()) -> "FilterSet":
        """Return the set of these curves, sorted by filter id.

        Raises
        ------
        InputError
            If there is no curve, or two curves of one band.
        """
        ordered = sorted(curves, key=lambda curve: curve.band.filter_id)
        if not ordered:
            raise InputError(f"no filter curves in {source}")
        for one, other in pairwise(ordered):
            if one.band is other.band:
                raise InputError(f"two curves of the band {one.band.name} in {source}")
        return cls(tuple(ordered), source, tuple(notes))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands, in the order of the curves."""
        return tuple(curve.band for curve in self.curves)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the bands."""
        return tuple(curve.band.name for curve in self.curves)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the numbers of all curves."""
        digest = hashlib.sha256()
        for curve in self.curves:
            digest.update(curve.band.name.encode())
            digest.update(np.ascontiguousarray([curve.wavelength, curve.transmission], dtype=float).tobytes())
        return digest.hexdigest()

    def index(self, name: str) -> int:
        """Return the position of a band.

        Raises
        ------
        ValueError
            If the set has no such band.
        """
        return self.names.index(name)

    def replaced_by(self, curves: Sequence[FilterCurve], source: str, notes: Iterable[str] = ()) -> "FilterSet":
        """Return this set with the curves of some bands replaced by a user's own."""
        own = {curve.band for curve in curves}
        kept = [curve for curve in self.curves if curve.band not in own]
        return FilterSet.from_curves([*kept, *curves], f"{source}; others: {self.source}" if kept else source, notes)

    def matrix(self, wavelength: FloatArray, redshift: float = 0.0) -> BandMatrix:
        """Return the matrix from rest-frame samples to observed band fluxes.

        Between samples the spectrum and the curve are taken as linear, and their product is integrated
        exactly: f_nu = INT f_lambda T lambda dlambda / (c INT T dlambda/lambda) (Bessell & Murphy 2012,
        PASP 124, 140, equation A12, photon counting).

        Parameters
        ----------
        wavelength : ndarray, shape (n_wave,)
            Rest-frame wavelengths of the samples, Angstrom, increasing.
        redshift : float
            The samples are observed at ``wavelength * (1 + redshift)`` with f_lambda divided by (1 + redshift).
        """
        key = (hashlib.sha1(np.ascontiguousarray(wavelength).tobytes()).hexdigest(), float(redshift))
        matrix = self._matrices.get(key)
        if matrix is None:
            matrix = self._compute_matrix(np.asarray(wavelength, dtype=float) * (1 + redshift), 1 / (1 + redshift))
            self._matrices[key] = matrix
            if len(self._matrices) > _CACHED_MATRICES:
                self._matrices.popitem(last=False)
        return matrix

    def _compute_matrix(self, wavelength: FloatArray, factor: float) -> BandMatrix:
        band, nodes, throughput = self._nodes(wavelength)
        piece = np.flatnonzero((band[1:] == band[:-1]) & (nodes[1:] > nodes[:-1]))
        band, start, stop = band[piece], nodes[piece], nodes[piece + 1]
        t_start, t_stop = throughput[piece], throughput[piece + 1]
        width = stop - start
        covered = np.bincount(band, _photons(start, stop, t_start, t_stop), minlength=len(self.curves))
        mask = covered >= MIN_COVERAGE * self._photons
        with np.errstate(divide="ignore"):
            scale = np.where(mask, factor / (LIGHT_SPEED * NANOMAGGY * covered), 0.0)
        # Simpson's rule is exact: throughput, lambda and spectrum are each linear within a piece.
        middle = 0.5 * (start + stop)
        width *= scale[band] / 6
        at_start = t_start * start * width
        at_middle = 2 * (t_start + t_stop) * middle * width
        at_stop = t_stop * stop * width
        # By the middle of the piece: its ends are samples themselves, but for rounding.
        sample = np.clip(np.searchsorted(wavelength, middle, side="right") - 1, 0, wavelength.size - 2)
        origin = wavelength[sample]
        moment = at_start * (start - origin) + at_middle * (middle - origin) + at_stop * (stop - origin)
        on_right = moment / (wavelength[sample + 1] - origin)
        on_left = at_start + at_middle + at_stop - on_right
        return BandMatrix(wavelength.size, mask, _Segments(band, sample, on_left, on_right))

    @cached_property
    def _photons(self) -> FloatArray:
        """INT T dlambda/lambda of each curve, shape (n_bands,)."""
        return np.array([curve.photons for curve in self.curves])

    @cached_property
    def _curve_nodes(self) -> tuple[FloatArray, FloatArray]:
        """Wavelength, offset by band, and throughput of all curves, one after the other."""
        wavelength = [curve.wavelength + _BAND_OFFSET * band for band, curve in enumerate(self.curves)]
        return np.concatenate(wavelength), np.concatenate([curve.transmission for curve in self.curves])

    @cached_property
    def _ends(self) -> FloatArray:
        """First and last wavelength of each curve, shape (n_bands, 2)."""
        return np.array([curve.wavelength[[0, -1]] for curve in self.curves])

    def _nodes(self, wavelength: FloatArray) -> tuple[IndexArray, FloatArray, FloatArray]:
        """Return band index, wavelength and throughput of all nodes of curves and spectrum, sorted by band."""
        own, transmission = self._curve_nodes
        first, last = np.searchsorted(wavelength, self._ends).T
        in_curve = [
            wavelength[start:stop] + _BAND_OFFSET * band
            for band, (start, stop) in enumerate(zip(first, last, strict=True))
        ]
        nodes = np.concatenate([own, *in_curve])
        nodes.sort(kind="stable")  # merges the two sorted runs
        throughput = np.interp(nodes, own, transmission)
        band = (nodes / _BAND_OFFSET).astype(np.intp)
        nodes -= _BAND_OFFSET * band
        covered = (nodes >= wavelength[0]) & (nodes <= wavelength[-1])
        return band[covered], nodes[covered], throughput[covered]
