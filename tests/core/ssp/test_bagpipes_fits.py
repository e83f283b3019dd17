from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from library_files import Sample

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.reading import read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air

AGES = np.array([0.0, 1e8, 1e9, 1e10])


def write_bagpipes(path: Path, sample: Sample, n_ages: int = 4) -> None:
    hdus = [fits.PrimaryHDU()]
    for solar_units, spectra in zip((10**-0.4, 1.0), sample.luminosity, strict=True):
        grid = np.concatenate([spectra[:1], spectra])
        hdus.append(fits.ImageHDU(grid, name=f"ZMET_{solar_units:.3f}ZSOL"))
    hdus.append(fits.ImageHDU(np.ones(n_ages), name="LIV_MSTAR_FRAC"))
    hdus.append(fits.ImageHDU(AGES[:n_ages], name="STELLAR_AGE_YR"))
    hdus.append(fits.ImageHDU(sample.wavelength, name="WAVELENGTHS_AA"))
    fits.HDUList(hdus).writeto(path)


def test_grids(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "bc03_miles_stellar_grids.fits"
    write_bagpipes(path, sample)
    library = read_library(path)
    assert library.name == "bagpipes-bc03-miles"
    assert "344, 1000" in library.source.citation
    np.testing.assert_array_equal(library.log_age, [8.0, 9.0, 10.0])
    np.testing.assert_allclose(library.metallicity, [-0.4, 0.0], atol=2e-4)
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-6)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)


def test_a_size_that_leads_back(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "grids.fits"
    write_bagpipes(path, sample)
    content = path.read_bytes()
    # Minus one block of 2880 bytes: after the last HDU comes the last HDU.
    place = content.rindex(b"NAXIS1  =")
    path.write_bytes(content[:place] + f"NAXIS1  = {-360:>20}".encode() + content[place + 30 :])
    with pytest.raises(InputError, match=r"grids\.fits: a FITS file, but not a library"):
        read_library(path)


def test_a_grid_without_metals(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "grids.fits"
    write_bagpipes(path, sample)
    with fits.open(path, mode="update") as hdus:
        hdus[1].name = "ZMET_0.000ZSOL"
    with pytest.raises(InputError) as error:
        read_library(path)
    assert str(error.value) == f"{path}: a metallicity of Z = 0, which has no [M/H]"


def test_a_grid_that_does_not_fit_its_ages(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "grids.fits"
    write_bagpipes(path, sample, n_ages=3)
    with pytest.raises(InputError, match=r"grids\.fits: a grid of shape \(4, 1200\) instead of \(3, 1200\)"):
        read_library(path)


def test_units_of_images_are_believed(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "bc03_miles_stellar_grids.fits"
    write_bagpipes(path, sample)
    with fits.open(path, mode="update") as hdus:
        hdus["WAVELENGTHS_AA"].data /= 10
        hdus["WAVELENGTHS_AA"].header["BUNIT"] = "nm"
        for hdu in hdus[1:3]:
            hdu.data *= 3.828e33
            hdu.header["BUNIT"] = "erg/s/A"
    library = read_library(path)
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-6)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
