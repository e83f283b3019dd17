"""Errors of the bands measured from a catalogue: the recipe of Dominguez Sanchez et al. (2025)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from astropy.table import Column, Table

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.catalogues.conversion import LARGEST_ERROR
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import file_hash
from jpas_gui.core.magnitudes import magnitude_error_of_flux, magnitude_of_flux
from jpas_gui.core.photometry.bands import all_bands

BIN_WIDTHS = (0.01, 5.0)
"""mag: the narrowest and the widest bins that say something of the errors."""

_APERTURE = "AUTO"
"""That of the recipe."""

_ROWS = 32_768
"""That are read at once."""

_DIGITS = 12
"""Decimal digits of magnitudes and errors: those behind them come from the way through fluxes and back."""


@dataclass(frozen=True)
class CalibrationSettings:
    """How errors are averaged.

    Parameters
    ----------
    bin_width : float
        mag. Bins are centred on its multiples, so that those of 0.5 mag include the paper's 16, 16.5 ... 22.
    min_count : int
        Bins with fewer sources are left out.
    keep_flagged : bool
        Use flagged photometry, too.

    Raises
    ------
    InputError
        If the width is outside `BIN_WIDTHS`.
    """

    bin_width: float = 0.5
    min_count: int = 5
    keep_flagged: bool = False

    def __post_init__(self) -> None:
        narrowest, widest = BIN_WIDTHS
        if not narrowest <= self.bin_width <= widest:
            raise InputError(f"bins of {self.bin_width:g} mag: the width must be {narrowest:g} to {widest:g} mag")


def calibrate_catalogue(
    paths: Path | Sequence[Path], settings: CalibrationSettings | None = None, options: OpeningOptions | None = None
) -> Table:
    """Return the mean error of each band, in magnitudes, in bins of that band's magnitude.

    Parameters
    ----------
    paths : Path or sequence of Path
        A catalogue of any kind that `open_catalogue` opens, or its files. Where it has FLAGS, MASK_FLAGS or a mask,
        photometry that they speak against is left out.
    settings : CalibrationSettings, optional
    options : OpeningOptions, optional
        How the catalogue is read: columns, aperture (AUTO where it has several), unit, and bands masked by hand.
        Redshift and extinction do not matter.

    Returns
    -------
    Table
        Columns ``band``, ``magnitude`` (centre of the bin), ``magnitude_error`` and ``n``, for `noise_model`;
        ``meta`` says what they come from, and in ``notes`` what a user should know.

    Raises
    ------
    InputError
        If the catalogue cannot be opened, or has no bin with enough sources.
    """
    settings = settings or CalibrationSettings()
    files = (paths,) if isinstance(paths, Path) else tuple(paths)
    catalogues = [_opened(path, settings, options or OpeningOptions()) for path in files]
    means, n_unreadable = _Means(settings.bin_width), 0
    for catalogue in catalogues:
        for galaxies in catalogue.chunks(_ROWS):
            means.add(galaxies)
            n_unreadable += sum(map(bool, galaxies.problem))
    table = means.table(settings.min_count)
    n_rows = sum(catalogue.n_rows for catalogue in catalogues)
    if not len(table):
        raise InputError(
            f"{files[0]}: no band has {settings.min_count} good sources in one bin of {settings.bin_width:g} mag "
            f"({n_rows} rows): take a larger catalogue, a wider --bin or a smaller --min-count"
        )
    first = catalogues[0]
    table.meta = {
        "recipe": "mean error in magnitudes per band in bins of its magnitude (Dominguez Sanchez et al. 2025)",
        "catalogue": _identity(files) | {"rows": n_rows},
        "reading": {"dialect": first.dialect, "aperture": first.aperture, "unit": first.unit},
        "settings": asdict(settings),
        "notes": _notes(first, table, settings, n_unreadable),
    }
    return table


def _opened(path: Path, settings: CalibrationSettings, options: OpeningOptions) -> ObservedCatalogue:
    options = replace(options, redshift=0.0, extinction=None, keep_flagged=settings.keep_flagged)
    catalogue = open_catalogue(path, options)
    if options.aperture is None and _APERTURE in catalogue.apertures and catalogue.aperture != _APERTURE:
        return open_catalogue(path, replace(options, aperture=_APERTURE))
    return catalogue


class _Means:
    """Mean errors of the bands of `all_bands` in bins of magnitude, of which any number of sources are told.

    Parameters
    ----------
    width : float
        mag.
    """

    def __init__(self, width: float) -> None:
        self._width = width
        self._bands = tuple(band.name for band in all_bands())
        self._sums: dict[int, tuple[float, int]] = {}

    def add(self, galaxies: ObservedGalaxies) -> None:
        """Take note of the bands of some sources that are usable, with an error of 1 mag or less."""
        magnitude, error, used = _magnitudes(galaxies)
        bin_of = np.floor(magnitude[used] / self._width + 0.5).astype(np.intp)
        keys, members, counts = np.unique(
            bin_of * len(self._bands) + np.nonzero(used)[1], return_inverse=True, return_counts=True
        )
        totals = np.bincount(members, error[used], keys.size)
        for key, total, count in zip(keys.tolist(), totals.tolist(), counts.tolist(), strict=True):
            before, n = self._sums.get(key, (0.0, 0))
            self._sums[key] = before + total, n + count

    def table(self, min_count: int) -> Table:
        """Return the means of the bins that have enough sources, band by band."""
        n_bands = len(self._bands)
        enough = [key for key, (_, count) in self._sums.items() if count >= max(min_count, 1)]
        keys = np.array(sorted(enough, key=lambda key: (key % n_bands, key)), dtype=np.intp)
        sums = np.array([self._sums[key] for key in keys.tolist()], dtype=float).reshape(-1, 2)
        names = [self._bands[place] for place in keys % n_bands]
        centre, mean = np.round(keys // n_bands * self._width, 6), np.round(sums[:, 0] / sums[:, 1], _DIGITS)
        table = Table()
        table["band"] = Column(names, dtype=str, description="band of J-PAS")
        table["magnitude"] = Column(centre, unit="mag", description="AB, centre of the bin")
        table["magnitude_error"] = Column(mean, unit="mag", description="mean error of the sources")
        table["n"] = Column(sums[:, 1].astype(int), description="number of sources")
        return table


def _magnitudes(galaxies: ObservedGalaxies) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return magnitudes, their errors, and which of them count, each of shape (n_rows, n_bands)."""
    positive = galaxies.mask & (galaxies.flux_nu > 0)
    flux = np.where(positive, galaxies.flux_nu, np.nan)
    magnitude = np.round(magnitude_of_flux(flux), _DIGITS)
    error = magnitude_error_of_flux(flux, galaxies.flux_nu_error)
    with np.errstate(invalid="ignore"):
        used = positive & (np.round(error, _DIGITS) <= LARGEST_ERROR)
    return magnitude, error, used


def _identity(files: Sequence[Path]) -> dict[str, object]:
    described: dict[str, object] = {"name": files[0].name, "sha256": file_hash(files[0])}
    return described if len(files) == 1 else described | {"files": len(files)}


def _notes(catalogue: ObservedCatalogue, table: Table, settings: CalibrationSettings, n_unreadable: int) -> list[str]:
    notes = list(catalogue.notes)
    if n_unreadable:
        notes.append(f"rows that could not be read, and are left out: {n_unreadable}")
    measured = set(table["band"])
    without = [band for band in catalogue.bands if band not in measured]
    if without:
        notes.append(f"no bin with {settings.min_count} sources in {', '.join(without)}")
    return notes
