"""The example catalogue: mocks that say so, read without a question, with the truth beside them."""

import numpy as np
import pytest
from astropy.io import fits

from jpas_gui.core.catalogues.observed import MaskReason
from jpas_gui.core.catalogues.opening import open_catalogue
from jpas_gui.core.example_catalogue import N_MOCKS, example_populations, write_example
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.bands import all_bands


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("example") / "mocks.fits"
    write_example(path)
    return path


def test_it_opens_without_a_question_with_redshift_and_unit(path):
    catalogue = open_catalogue(path)
    assert (catalogue.n_rows, catalogue.unit, catalogue.redshift) == (N_MOCKS, "nanomaggy", "z_spec")
    galaxies = catalogue.galaxies(0, N_MOCKS)
    assert galaxies.name[0] == "mock-01"
    np.testing.assert_allclose(galaxies.redshift, [population.redshift for population in example_populations()])


def test_its_photometry_is_that_of_the_true_populations_with_noise(path):
    galaxies, truth = open_catalogue(path).galaxies(0, N_MOCKS), fits.getdata(path)
    place = [band.name for band in all_bands()].index("iSDSS")
    bright = truth["true_magnitude"] < 19
    magnitude = magnitude_of_flux(galaxies.flux_nu[:, place])
    np.testing.assert_allclose(magnitude[bright], truth["true_magnitude"][bright], atol=0.1)
    pull = (galaxies.flux_nu[:, place] - 10 ** (-0.4 * (truth["true_magnitude"] - 22.5))) / galaxies.flux_nu_error[
        :, place
    ]
    assert 0.7 < np.std(pull) < 1.3


def test_some_galaxies_have_flagged_bands(path):
    flagged = open_catalogue(path).galaxies(0, N_MOCKS).reason == MaskReason.FLAGS
    assert 15 <= flagged.any(axis=1).sum() <= N_MOCKS // 2
    assert flagged.sum(axis=1).max() <= 8


def test_it_says_that_it_holds_mocks_and_is_always_the_same(path, tmp_path):
    header = fits.getheader(path, 1)
    assert "content: mocks made by jpas-gui to try it on: no observed galaxies" in str(header["COMMENT"])
    assert "Moll" in str(header["COMMENT"])
    write_example(tmp_path / "again.fits")
    assert (tmp_path / "again.fits").read_bytes() == path.read_bytes()
