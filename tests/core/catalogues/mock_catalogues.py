"""The same galaxies in files of every dialect, in the exact structure of the archive's."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from astropy.table import Table

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.magnitudes import MAGNITUDE_PER_RELATIVE_ERROR, NANOMAGGY, magnitude_of_flux
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.photometry.filter_files import embedded_filters

NAMES = [band.name for band in all_bands()]
OLD_NAMES = [band.aliases[1] if band.name == "uJAVA" else band.aliases[0] for band in all_bands()]
PIVOT = np.array([curve.pivot for curve in embedded_filters().curves])
LIGHT_SPEED = 2.99792458e18
"""Angstrom / s."""


@dataclass(frozen=True, eq=False)
class Galaxies:
    """Nanomaggies in 60 bands; `lost` is True where there are no data, and `flagged` where FLAGS are set."""

    number: np.ndarray
    flux: FloatArray
    error: FloatArray
    lost: BoolArray
    flagged: BoolArray
    redshift: FloatArray

    @property
    def f_nu(self) -> tuple[FloatArray, FloatArray]:
        """In 1e-30 erg s-1 cm-2 Hz-1."""
        return self.flux * NANOMAGGY / 1e-30, self.error * NANOMAGGY / 1e-30

    @property
    def f_lambda(self) -> tuple[FloatArray, FloatArray]:
        """In 1e-19 erg s-1 cm-2 A-1."""
        factor = NANOMAGGY * LIGHT_SPEED / PIVOT**2 / 1e-19
        return self.flux * factor, self.error * factor

    @property
    def magnitude(self) -> tuple[FloatArray, FloatArray]:
        return magnitude_of_flux(self.flux), MAGNITUDE_PER_RELATIVE_ERROR * self.error / self.flux


def make_galaxies(n: int = 5, seed: int = 3) -> Galaxies:
    random = np.random.default_rng(seed)
    flux = random.uniform(5, 500, (n, 60))
    lost = random.random(flux.shape) < 0.1
    return Galaxies(
        number=np.arange(1, n + 1),
        flux=flux,
        error=flux * random.uniform(0.01, 0.3, flux.shape),
        lost=lost,
        flagged=(random.random(flux.shape) < 0.1) & ~lost,
        redshift=random.uniform(0.01, 0.3, n),
    )


def _archive_columns(galaxies: Galaxies, values: Iterable[tuple[str, FloatArray]]) -> dict[str, np.ndarray]:
    n = len(galaxies.number)
    columns = {"TILE_ID": np.full(n, 2470), "NUMBER": galaxies.number}
    columns |= {name: array.astype(np.float32) for name, array in values}
    columns |= {"FLAGS": galaxies.flagged.astype(np.int32), "MASK_FLAGS": np.zeros((n, 60), dtype=np.int32)}
    return columns | {"PHOTOZ": galaxies.redshift}


def write_portal_fits(path: Path, galaxies: Galaxies, length: int = 60) -> Path:
    """F_lambda with relative errors, as arrays; the prefix of the table tells the unit."""
    flux, error = galaxies.f_lambda
    flux = np.where(galaxies.lost, np.nan, flux)
    columns = _archive_columns(galaxies, [("FLUX_PSFCOR", flux), ("FLUX_RELERR_PSFCOR", error / flux)])
    arrays = {name: values[:, :length] if values.ndim == 2 else values for name, values in columns.items()}
    Table({f"FLambdaDualObj.{name}": values for name, values in arrays.items()}).write(path, format="fits")
    return path


def write_tap_votable(path: Path, galaxies: Galaxies) -> Path:
    """Magnitudes, all names behind the schema's, arrays as objects."""
    magnitude, error = (np.where(galaxies.lost, 99.0, values) for values in galaxies.magnitude)
    columns = _archive_columns(galaxies, [("mag_aper_cor_3_0", magnitude), ("mag_err_aper_cor_3_0", error)])
    table = Table()
    for name, values in columns.items():
        objects = np.empty(len(values), dtype=object)
        objects[:] = list(values)
        table[f"minijpas.{name.lower()}"] = objects if values.ndim == 2 else values
    table.write(path, format="votable")
    return path


def write_portal_csv(path: Path, galaxies: Galaxies) -> Path:
    """F_nu, the query in front, the header in quotes, arrays as numbers between spaces."""
    flux, error = galaxies.f_nu
    columns = _archive_columns(galaxies, [("FLUX_AUTO", flux), ("FLUX_RELERR_AUTO", error / flux)])
    lines = ["#SELECT f.*, z.photoz FROM minijpas.FNuDualObj f", ",".join(f'"{name}"' for name in columns)]
    for row in range(len(flux)):
        cells = []
        for name, values in columns.items():
            words = [repr(value) for value in np.atleast_1d(values[row]).tolist()]
            if name.startswith("FLUX"):
                words = ["None" if lost else word for word, lost in zip(words, galaxies.lost[row], strict=True)]
            cells.append(" ".join(words))
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n")
    return path


def _write_csv(path: Path, columns: dict[str, Sequence[Any]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def _cells(values: FloatArray, lost: BoolArray, empty: str) -> list[str]:
    return [empty if gone else repr(float(value)) for value, gone in zip(values, lost, strict=True)]


def write_alias_csv(path: Path, galaxies: Galaxies) -> Path:
    """Magnitudes, one column per band with the names of a query: ``mag_j0660_cor``."""
    magnitude, error = galaxies.magnitude
    columns: dict[str, Sequence[Any]] = {"tile_id": [2470] * len(error), "number": galaxies.number.tolist()}
    for band, name in enumerate(NAMES):
        columns[f"mag_{name.lower()}_cor"] = _cells(magnitude[:, band], galaxies.lost[:, band], "99.0")
        columns[f"err_{name.lower()}_cor"] = _cells(error[:, band], galaxies.lost[:, band], "99.0")
        columns[f"flags_{name.lower()}"] = galaxies.flagged[:, band].astype(int).tolist()
    return _write_csv(path, columns | {"photoz": galaxies.redshift.tolist()})


def write_flattened_csv(path: Path, galaxies: Galaxies) -> Path:
    """F_lambda, one column per band, missing values empty, among many other columns."""
    flux, error = galaxies.f_lambda
    n = len(flux)
    columns: dict[str, Sequence[Any]] = {"TILE_ID": [2470] * n, "NUMBER": galaxies.number.tolist(), "R_EFF": [3.1] * n}
    for band, name in enumerate(NAMES):
        columns[f"APER_COR_3_0_{name}"] = _cells(flux[:, band], galaxies.lost[:, band], "")
        columns[f"APER_COR_3_0_{name}_ERR"] = _cells(error[:, band], galaxies.lost[:, band], "")
        columns[f"FLAGS_{name}"] = galaxies.flagged[:, band].astype(int).tolist()
        columns[f"MASK_FLAGS_{name}"] = [0] * n
    others = {"AUTO_iSDSS": [1.0] * n, "MAG_i": [20.0] * n, "MAG_G": [20.5] * n, "MAG_W1": [19.0] * n}
    return _write_csv(path, columns | others | {"PHOTOZ": galaxies.redshift.tolist()})


def write_parquet_columns(path: Path, galaxies: Galaxies, group: int = 3) -> Path:
    """Nanomaggies in one column per band, whose fields have the unit."""
    fields, arrays = [pa.field("TILE_ID", pa.int64()), pa.field("NUMBER", pa.int64())], []
    for prefix, values in (("FLUX", galaxies.flux), ("FLUX_ERR", galaxies.error)):
        for band, name in enumerate(NAMES):
            fields.append(pa.field(f"{prefix}_{name}", pa.float32(), metadata={"unit": "nanomaggy"}))
            arrays.append(pa.array(values[:, band].astype(np.float32), mask=galaxies.lost[:, band]))
    for band, name in enumerate(NAMES):
        fields.append(pa.field(f"FLAGS_{name}", pa.int16()))
        arrays.append(pa.array(galaxies.flagged[:, band].astype(np.int16)))
    fields.append(pa.field("PHOTOZ", pa.float64()))
    ids = [pa.array(np.full(len(galaxies.flux), 2470)), pa.array(galaxies.number)]
    table = pa.Table.from_arrays([*ids, *arrays, pa.array(galaxies.redshift)], schema=pa.schema(fields))
    pq.write_table(table, path, row_group_size=group)
    return path


def write_parquet_lists(path: Path, galaxies: Galaxies) -> Path:
    """Nanomaggies as lists, as astropy writes them, with the units beside."""
    flux = np.where(galaxies.lost, np.nan, galaxies.flux)
    table = Table(_archive_columns(galaxies, [("FLUX_AUTO", flux), ("FLUX_ERR_AUTO", galaxies.error)]))
    for name in ("FLUX_AUTO", "FLUX_ERR_AUTO"):
        table[name].unit = "uJy"
        table[name] *= NANOMAGGY / 1e-29
    table.write(path, format="parquet")
    return path


def write_ecsv(path: Path, galaxies: Galaxies) -> Path:
    """Magnitudes as arrays with units."""
    magnitude, error = (np.where(galaxies.lost, -99.0, values) for values in galaxies.magnitude)
    table = Table(_archive_columns(galaxies, [("MAG_AUTO", magnitude), ("MAG_ERR_AUTO", error)]))
    table["MAG_AUTO"].unit = "mag"
    table.write(path, format="ascii.ecsv")
    return path


def write_npy(path: Path, galaxies: Galaxies) -> Path:
    """A structured array of magnitudes, all bands in one field."""
    magnitude, error = (np.where(galaxies.lost, -99.0, values) for values in galaxies.magnitude)
    table = Table(_archive_columns(galaxies, [("MAG_AUTO", magnitude), ("MAG_ERR_AUTO", error)]))
    np.save(path, table.as_array())
    return path


DIALECTS: dict[str, Callable[[Path, Galaxies], Path]] = {
    "portal.fits": write_portal_fits,
    "tap.vot": write_tap_votable,
    "portal.csv": write_portal_csv,
    "aliases.csv": write_alias_csv,
    "flattened.csv": write_flattened_csv,
    "columns.parquet": write_parquet_columns,
    "lists.parquet": write_parquet_lists,
    "arrays.ecsv": write_ecsv,
    "arrays.npy": write_npy,
}
"""The writer of each dialect, by the name of the file."""


def write_pairs_csv(path: Path, galaxies: Galaxies, names: Sequence[str] = tuple(OLD_NAMES)) -> Path:
    """F_nu in cgs with no word about it: band, error_band with older names, -999 for no data, redshift at the end."""
    flux, error = (values * 1e-30 for values in galaxies.f_nu)
    columns: dict[str, Sequence[Any]] = {"ID": galaxies.number.tolist()}
    for band, name in enumerate(names):
        columns[name] = _cells(flux[:, band], galaxies.lost[:, band], "-999.0")
        columns[f"error_{name}"] = _cells(error[:, band], galaxies.lost[:, band], "-999.0")
    return _write_csv(path, columns | {"redshift": galaxies.redshift.tolist()})
