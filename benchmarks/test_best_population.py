"""How far the best population of the exact posterior is from the best that a plain scan of a fine grid finds.

`GALAXIES=700 make bench ARGS="-k best_population"` asks for more galaxies than the few of a usual run.
"""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from nasty_galaxies import BANDS, nasty_galaxies
from plain_scan import PlainScan

from jpas_gui.core.inference.band_grid import band_grid
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.ssp.readers.popstar import read_popstar
from jpas_gui.core.ssp.reading import read_library

SSP = Path(__file__).resolve().parents[2] / "shared" / "data" / "ssp"
N_GALAXIES = int(os.environ.get("GALAXIES", "30"))


@pytest.mark.parametrize("redshift", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("name", ["popstar", "miuscat", "bc03_mpajhu", "emiles_padova"])
def test_best_population(name: str, redshift: float) -> None:
    if name != "popstar" and not SSP.is_dir():
        pytest.skip(f"real SSP files are not there: {SSP}")
    torch.set_num_threads(1)
    library = read_popstar() if name == "popstar" else read_library(SSP / name)
    grid = band_grid(library, embedded_filters(), redshift)
    exact, scan = ExactPosterior(grid, BANDS), PlainScan(grid, BANDS)
    rows = []
    for galaxy in nasty_galaxies(grid, N_GALAXIES, 11):
        least, _ = scan.best(*galaxy)
        rows.append((least, exact(*galaxy).chi2 - least))
    least, excess = np.array(rows).T
    fits = least < 1e4
    print(f"\n{name}, redshift {redshift:g}: chi2 at most {excess[fits].max():.3f} above that of a plain scan ", end="")
    print(f"({fits.sum()} galaxies of chi2 below 10,000); of others {(excess - 1e-6 * least).max():.3f} beyond 1e-6")
    assert (excess <= 1e-6 * least + 0.5).all()
