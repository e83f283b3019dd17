"""SSPLibrary: the spectra of simple stellar populations over age and metallicity."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray
from jpas_gui.core.errors import InputError


@dataclass(frozen=True)
class SourceFile:
    """A file that a library was read from: its name and the SHA-256 of its content."""

    name: str
    sha256: str


@dataclass(frozen=True)
class LibrarySource:
    """Where a library comes from.

    Parameters
    ----------
    format : str
        Name of the reader.
    files : tuple of SourceFile
    variant : str
        Which of the choices that the files offer was read, "" where there is only one.
    imf, isochrones : str
        As the files or their names say; "" where they do not.
    solar_metallicity : float
        The solar Z that turns Z into [M/H] = log10(Z / Z_sun).
    medium : str
        "air" or "vacuum": how the files give wavelengths. The library's own are in vacuum.
    citation, licence : str
        What to cite and under which terms the data may be used.
    skipped : tuple of str
        Places, within the folder or archive that was read, of the files that could not be used and were left out.
    assumed : tuple of str
        What the files do not say, and was taken to be so.
    """

    format: str
    files: tuple[SourceFile, ...] = ()
    variant: str = ""
    imf: str = ""
    isochrones: str = ""
    solar_metallicity: float = 0.02
    medium: str = "vacuum"
    citation: str = ""
    licence: str = ""
    skipped: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class LibrarySpectrum:
    """A spectrum taken from a library.

    Parameters
    ----------
    wavelength : ndarray, shape (n_wave,)
        Rest-frame vacuum wavelength, Angstrom.
    luminosity : ndarray, shape (n_wave,), float32
        Lsun / Angstrom / Msun.
    log_age, metallicity : float
        What it was made for, after clipping.
    clipped : tuple of str
        One sentence for each parameter that lay outside the library.
    """

    wavelength: FloatArray
    luminosity: Float32Array
    log_age: float
    metallicity: float
    clipped: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SSPLibrary:
    """Spectra of simple stellar populations on a grid of age and metallicity.

    Parameters
    ----------
    name : str
        Short name, e.g. ``"popstar"``.
    title : str
        Name for people.
    wavelength : ndarray, shape (n_wave,)
        Vacuum wavelength, Angstrom, increasing.
    log_age : ndarray, shape (n_age,)
        log10(age / yr), increasing.
    metallicity : ndarray, shape (n_met,)
        [M/H] in dex, increasing.
    luminosity : ndarray, shape (n_met, n_age, n_wave), float32
        Lsun / Angstrom per solar mass formed; NaN where the library has no model. Some libraries hold tiny negative
        values, which stay as they are.
    source : LibrarySource

    Raises
    ------
    InputError
        If the arrays do not fit together, are not increasing, a model has values that are not numbers, or no model
        has any positive luminosity.
    """

    name: str
    title: str
    wavelength: FloatArray
    log_age: FloatArray
    metallicity: FloatArray
    luminosity: Float32Array
    source: LibrarySource
    has_model: BoolArray = field(init=False)
    """shape (n_met, n_age): where the library has a model."""

    def __post_init__(self) -> None:
        shape = (self.metallicity.size, self.log_age.size, self.wavelength.size)
        if self.luminosity.shape != shape:
            raise InputError(f"{self.name}: luminosity has shape {self.luminosity.shape} instead of {shape}")
        for name in ("wavelength", "log_age", "metallicity"):
            axis = getattr(self, name)
            if axis.ndim != 1 or axis.size == 0 or not np.isfinite(axis).all() or (np.diff(axis) <= 0).any():
                raise InputError(f"{self.name}: {name} must be numbers that increase")
        missing = np.isnan(self.luminosity)
        has_model = ~missing.all(axis=-1)
        bad = np.argwhere(has_model & ~np.isfinite(self.luminosity).all(axis=-1))
        if bad.size:
            met, age = bad[0]
            raise InputError(
                f"{self.name}: the model with log age {self.log_age[age]:.2f} and [M/H] {self.metallicity[met]:+.2f} "
                "contains values that are not numbers"
            )
        if not has_model.any():
            raise InputError(f"{self.name}: no model")
        if not (self.luminosity > 0).any():
            raise InputError(f"{self.name}: no model has any positive luminosity")
        object.__setattr__(self, "has_model", has_model)

    @property
    def n_models(self) -> int:
        """Number of models."""
        return int(self.has_model.sum())

    @property
    def nodes(self) -> FloatArray:
        """log_age and metallicity of every model, shape (n_models, 2)."""
        met, age = np.nonzero(self.has_model)
        return np.column_stack([self.log_age[age], self.metallicity[met]])

    @cached_property
    def numbers_sha256(self) -> str:
        """SHA-256 of the numbers: the same for the same spectra, however they were stored."""
        digest = hashlib.sha256()
        for array in (self.wavelength, self.log_age, self.metallicity, self.luminosity):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def spectrum(self, log_age: float, metallicity: float) -> LibrarySpectrum:
        """Return the spectrum of a population.

        log-luminosity is interpolated linearly in log age and [M/H] between the four models around; nothing is
        extrapolated: outside the grid the nearest edge is taken, and beside a hole of the grid the nearest model.
        """
        clipped: list[str] = []
        log_age = _clip("log age", log_age, self.log_age, clipped)
        metallicity = _clip("[M/H]", metallicity, self.metallicity, clipped)
        age, age_weight = _bracket(self.log_age, log_age)
        met, met_weight = _bracket(self.metallicity, metallicity)
        corners = [
            (m, a, w * v) for m, w in zip(met, met_weight, strict=True) for a, v in zip(age, age_weight, strict=True)
        ]
        corners = [corner for corner in corners if corner[2] > 0]
        if not all(self.has_model[m, a] for m, a, _ in corners):
            m, a = self._nearest_model(log_age, metallicity)
            corners = [(m, a, 1.0)]
            log_age, metallicity = float(self.log_age[a]), float(self.metallicity[m])
            clipped.append(
                f"the library has no models around; the nearest is log age {log_age:.2f}, [M/H] {metallicity:+.2f}"
            )
        rows = np.stack([self.luminosity[m, a] for m, a, _ in corners])
        weights = np.array([weight for *_, weight in corners], dtype=np.float32)
        return LibrarySpectrum(self.wavelength, _interpolate_log(rows, weights), log_age, metallicity, tuple(clipped))

    def _nearest_model(self, log_age: float, metallicity: float) -> tuple[int, int]:
        distance = np.hypot(self.metallicity[:, np.newaxis] - metallicity, self.log_age[np.newaxis] - log_age)
        distance[~self.has_model] = np.inf
        met, age = np.unravel_index(int(np.argmin(distance)), distance.shape)
        return int(met), int(age)


def _clip(label: str, value: float, axis: FloatArray, clipped: list[str]) -> float:
    low, high = float(axis[0]), float(axis[-1])
    inside = min(max(value, low), high)
    # Half a unit of the last digit shown on a slider is rounding, not a request to leave the library.
    if abs(inside - value) > 0.005:
        clipped.append(f"{label} {value:.2f} is outside the library: {inside:.2f} is shown")
    return inside


def _bracket(axis: FloatArray, value: float) -> tuple[tuple[int, int], tuple[float, float]]:
    if axis.size == 1:
        return (0, 0), (1.0, 0.0)
    low = int(np.clip(np.searchsorted(axis, value, side="right") - 1, 0, axis.size - 2))
    part = float((value - axis[low]) / (axis[low + 1] - axis[low]))
    return (low, low + 1), (1.0 - part, part)


def _interpolate_log(rows: Float32Array, weights: Float32Array) -> Float32Array:
    """Weighted mean of the logarithms of rows, shape (n, n_wave); of the values where one is not positive."""
    positive = (rows > 0).all(axis=0)
    if positive.all():
        return np.asarray(np.exp(weights @ np.log(rows)))
    result: Float32Array = weights @ rows
    result[positive] = np.exp(weights @ np.log(rows[:, positive]))
    return result
