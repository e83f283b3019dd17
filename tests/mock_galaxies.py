"""Mock galaxies of PopStar in files, for tests of predictions."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jpas_gui.core.arrays import Float32Array
from jpas_gui.core.inference.band_grid import band_grid
from jpas_gui.core.inference.mocks import draw_parameters
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.ssp.readers.popstar import read_popstar

COLUMN_MAP = 'id = ["TILE_ID", "NUMBER"]\nflux = "FLUX_{band}"\nerror = "ERR_{band}"\nunit = "nanomaggy"\n'

_BANDS = [band.name for band in all_bands()[:N_SURVEY_BANDS]]


def mock_table(n: int, redshift: float = 0.0, seed: int = 1) -> pa.Table:
    """Return n galaxies of magnitude 16 to 21 with noise; all fluxes in nanomaggies."""
    random = np.random.default_rng(seed)
    grid = band_grid(read_popstar(), embedded_filters(), redshift)
    flux = np.exp(grid.log_fluxes(draw_parameters(grid, n, random))[:, :N_SURVEY_BANDS])
    flux *= flux_of_magnitude(random.uniform(16, 21, (n, 1)))
    error = noise_model(NoiseSettings(), tuple(_BANDS)).flux_nu_error(flux)
    return _table(flux + error * random.standard_normal(flux.shape), error)


def _table(flux: Float32Array, error: Float32Array) -> pa.Table:
    n = len(flux)
    columns = {"TILE_ID": np.full(n, 2470, dtype=np.int32), "NUMBER": np.arange(n, dtype=np.int64)}
    for prefix, values in (("FLUX", flux), ("ERR", error)):
        for number, band in enumerate(_BANDS):
            columns[f"{prefix}_{band}"] = np.ascontiguousarray(values[:, number], dtype=np.float32)
    return pa.table(columns)


def write_mocks(path: Path, n: int, redshift: float = 0.0, seed: int = 1) -> Path:
    """Write n galaxies as Parquet; `COLUMN_MAP` describes it."""
    pq.write_table(mock_table(n, redshift, seed), path, row_group_size=1000)
    return path


def write_column_map(folder: Path) -> Path:
    """Write `COLUMN_MAP` into a folder."""
    path = folder / "map.toml"
    path.write_text(COLUMN_MAP)
    return path


def assert_same_rows(one: pa.Table, other: pa.Table) -> None:
    """Compare to the last bit; NaN is as NaN."""
    assert one.schema.equals(other.schema)
    for name in one.column_names:
        np.testing.assert_array_equal(one[name].to_numpy(), other[name].to_numpy(), err_msg=name)
