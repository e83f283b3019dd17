"""Files like those of public bug reports: the same three galaxies, in every form in which people have them."""

from pathlib import Path

import numpy as np
import pytest

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue

PLAIN = OpeningOptions(redshift=0, unit="nanomaggy")
SAID = OpeningOptions(redshift=0)
U, J0378 = (3.5716, 4.1333)
"""Nanomaggies of the first galaxy in uJAVA and J0378."""

FILES = {
    "csv-decimal-comma/catalogue.csv": (PLAIN, 56),
    "csv-fortran-d/catalogue.csv": (PLAIN, 56),
    "csv-hash-header/catalogue.csv": (PLAIN, 56),
    "csv-numpy-arrays/catalogue.csv": (PLAIN, 56),
    "fits-filter-extension/catalogue.fits": (PLAIN, 56),
    "fits-ztable/catalogue.fits.fz": (PLAIN, 56),
    "ivar-columns/catalogue.fits": (PLAIN, 56),
    "sentinel-9999/flux.fits": (SAID, 54),
    "sentinel-9999/mag.fits": (SAID, 54),
    "unit-words/ergs.fits": (SAID, 56),
    "unit-words/maggies.fits": (SAID, 56),
    "unit-words/microJy.fits": (SAID, 56),
    "unit-words/mmag-errors.fits": (SAID, 56),
    "votable-prefix/catalogue.vot": (PLAIN, 56),
    "wide-table/catalogue.csv": (PLAIN, 56),
    "id-uint64/catalogue.fits": (SAID, 56),
    "id-uint64/catalogue.npy": (PLAIN, 56),
    "id-uint64/catalogue.parquet": (PLAIN, 56),
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_galaxies(real_data: Path, name: str) -> None:
    options, n_bands = FILES[name]
    found = open_catalogue(real_data / "field" / name, options).galaxies(0, 9)
    assert found.mask[:, :56].sum(axis=1).tolist() == ([56, 55, 56] if "ztable" in name else [n_bands] * 3)
    np.testing.assert_allclose(found.flux_nu[0, :2], (U, J0378), rtol=1e-4)
    np.testing.assert_allclose(found.flux_nu_error[0, :2], (0.03 * U, 0.03 * J0378), rtol=1e-3)
    assert found.problem == ("",) * 3


def test_words_of_truth(real_data: Path) -> None:
    folder = real_data / "field" / "csv-true-false"
    found = open_catalogue(folder / "catalogue.csv", OpeningOptions(read_column_map(folder / "map.toml"))).galaxies(
        0, 9
    )
    assert found.mask[:, :56].sum(axis=1).tolist() == [55] * 3
    np.testing.assert_allclose(found.flux_nu[0, :2], (U, J0378), rtol=1e-4)


def test_ids_of_64_bits(real_data: Path) -> None:
    for name, options in (("catalogue.fits", SAID), ("catalogue.npy", PLAIN), ("catalogue.parquet", PLAIN)):
        (ids,) = open_catalogue(real_data / "field" / "id-uint64" / name, options).ids(0, 3).values()
        assert ids.tolist() == [18446744073709551610, 9223372036854775815, 12345678901234567890]
