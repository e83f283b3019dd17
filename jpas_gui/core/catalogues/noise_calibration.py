"""Errors of the bands measured from a catalogue: the recipe of Dominguez Sanchez et al. (2025)."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from astropy.table import Column, Table

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.catalogues.bands import find_band_values, missing_quantities
from jpas_gui.core.catalogues.conversion import LARGEST_ERROR
from jpas_gui.core.catalogues.reading import read_catalogue
from jpas_gui.core.catalogues.sentinels import no_magnitudes
from jpas_gui.core.catalogues.table import BandValues, CatalogueTable
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import file_hash

BIN_WIDTHS = (0.01, 5.0)
"""mag: the narrowest and the widest bins that say something of the errors."""

_MAGNITUDE, _ERROR = "MAG_AUTO", "MAG_ERR_AUTO"
_FLAGS = ("FLAGS", "MASK_FLAGS")


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


def calibrate_catalogue(path: Path, settings: CalibrationSettings | None = None) -> Table:
    """Return the mean MAG_ERR_AUTO of each band in bins of that band's MAG_AUTO.

    Parameters
    ----------
    path : Path
        A catalogue with MAG_AUTO and MAG_ERR_AUTO. Where it has FLAGS or MASK_FLAGS, photometry with one that is
        not zero is left out.
    settings : CalibrationSettings, optional

    Returns
    -------
    Table
        Columns ``band``, ``magnitude`` (centre of the bin), ``magnitude_error`` and ``n``, for `noise_model`;
        ``meta`` says what they come from, and in ``notes`` what a user should know.

    Raises
    ------
    InputError
        If the catalogue cannot be read, lacks a column, or has no bin with enough sources.
    """
    settings = settings or CalibrationSettings()
    catalogue = read_catalogue(path)
    magnitude, error = _photometry(catalogue)
    flagged = None if settings.keep_flagged else _flagged(catalogue, magnitude.bands)
    table = calibrate_noise(magnitude.bands, magnitude.values, error.values, flagged, settings)
    if not len(table):
        raise InputError(
            f"{path}: no band has {settings.min_count} good sources in one bin of {settings.bin_width:g} mag "
            f"({catalogue.n_rows} rows): take a larger catalogue, a wider --bin or a smaller --min-count"
        )
    table.meta = {
        "recipe": "mean MAG_ERR_AUTO per band in bins of its MAG_AUTO (Dominguez Sanchez et al. 2025)",
        "catalogue": {"name": path.name, "sha256": file_hash(path), "rows": catalogue.n_rows},
        "settings": asdict(settings),
        "notes": _notes(table, magnitude.bands, settings, flags_missing=flagged is None),
    }
    return table


def calibrate_noise(
    bands: tuple[str, ...],
    magnitude: FloatArray,
    magnitude_error: FloatArray,
    flagged: BoolArray | None,
    settings: CalibrationSettings,
) -> Table:
    """Return the mean error per band and bin; see `calibrate_catalogue`.

    Parameters
    ----------
    bands : tuple of str
    magnitude, magnitude_error : ndarray, shape (n_rows, n_bands)
        NaN and what stands for no magnitude (99, -99, 99.99 ...) are no detections, and so are errors of zero or
        less, or above 1 mag.
    flagged : ndarray of bool, shape (n_rows, n_bands), optional
        True where the photometry is not used.
    settings : CalibrationSettings
    """
    with np.errstate(invalid="ignore"):
        used = np.isfinite(magnitude) & (magnitude_error > 0) & (magnitude_error <= LARGEST_ERROR)
    used &= ~no_magnitudes(magnitude)
    if flagged is not None:
        used &= ~flagged
    names: list[str] = []
    centres, means, counts = [], [], []
    for position, band in enumerate(bands):
        rows = used[:, position]
        bins, mean, count = _binned(magnitude[rows, position], magnitude_error[rows, position], settings)
        names += [band] * bins.size
        centres.append(np.round(bins * settings.bin_width, 6))
        means.append(mean)
        counts.append(count)
    table = Table()
    table["band"] = Column(names, dtype=str, description="band of J-PAS")
    table["magnitude"] = Column(np.concatenate(centres), unit="mag", description="AB, centre of the bin")
    table["magnitude_error"] = Column(np.concatenate(means), unit="mag", description="mean error of the sources")
    table["n"] = Column(np.concatenate(counts), description="number of sources")
    return table


def _binned(
    magnitude: FloatArray, error: FloatArray, settings: CalibrationSettings
) -> tuple[IndexArray, FloatArray, IndexArray]:
    """Return the bins with enough sources, as multiples of the width, with mean error and number of sources."""
    number = np.floor(magnitude / settings.bin_width + 0.5).astype(np.intp)
    bins, members, count = np.unique(number, return_inverse=True, return_counts=True)
    mean = np.bincount(members, error, minlength=bins.size) / np.maximum(count, 1)
    enough = count >= max(settings.min_count, 1)
    return bins[enough], mean[enough], count[enough]


def _photometry(catalogue: CatalogueTable) -> tuple[BandValues, BandValues]:
    magnitude, error = (find_band_values(catalogue, quantity) for quantity in (_MAGNITUDE, _ERROR))
    if magnitude is None or error is None:
        pairs = ((_MAGNITUDE, magnitude), (_ERROR, error))
        raise missing_quantities(catalogue, [quantity for quantity, found in pairs if found is None])
    if magnitude.bands != error.bands:
        alone = sorted(set(magnitude.bands) ^ set(error.bands))
        raise InputError(
            f"{catalogue.origin}: {_MAGNITUDE} and {_ERROR} are not of the same bands: {', '.join(alone)} only in one"
        )
    return magnitude, error


def _flagged(catalogue: CatalogueTable, bands: tuple[str, ...]) -> BoolArray | None:
    """Return where a flag is set, shape (n_rows, n_bands), or None where the catalogue has no flags."""
    flagged: BoolArray | None = None
    for quantity in _FLAGS:
        flags = find_band_values(catalogue, quantity)
        if flags is None:
            continue
        if flagged is None:
            flagged = np.zeros((catalogue.n_rows, len(bands)), dtype=bool)
        for position, band in enumerate(bands):
            if band in flags.bands:
                flagged[:, position] |= flags.values[:, flags.bands.index(band)] != 0  # NaN: not known to be clean
    return flagged


def _notes(table: Table, bands: tuple[str, ...], settings: CalibrationSettings, flags_missing: bool) -> list[str]:
    notes = []
    if flags_missing and not settings.keep_flagged:
        notes.append("the catalogue has no FLAGS and no MASK_FLAGS: flagged photometry could not be left out")
    measured = set(table["band"])
    without = [band for band in bands if band not in measured]
    if without:
        notes.append(f"no bin with {settings.min_count} sources in {', '.join(without)}")
    return notes
