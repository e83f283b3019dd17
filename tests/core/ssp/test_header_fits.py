from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from library_files import write_linear_fits

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.reading import read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air


def test_bc03(real_data: Path) -> None:
    folder = real_data / "ssp" / "bc03_mpajhu"
    library = read_library(folder)
    assert library.name == "bc03"
    assert library.source.citation == "Bruzual & Charlot 2003, MNRAS 344, 1000"
    files = sorted(folder.glob("*.fits"))
    assert library.n_models == len(files)
    for path in files[:: len(files) // 5]:
        with fits.open(path) as hdus:
            header, data = hdus[0].header, hdus[0].data
        i = int(np.argmin(np.abs(library.metallicity - np.log10(header["Z"] / 0.02))))
        j = int(np.argmin(np.abs(library.log_age - np.log10(header["AGE"] * 1e9))))
        assert library.log_age[j] == pytest.approx(np.log10(header["AGE"] * 1e9), abs=1e-5)
        np.testing.assert_allclose(library.luminosity[i, j], data, rtol=1e-6)
        air = header["CRVAL1"] + header["CDELT1"] * np.arange(data.size)
        np.testing.assert_allclose(library.wavelength, vacuum_of_air(air), atol=1e-6)


def test_a_redshift_is_no_metallicity(tmp_path: Path) -> None:
    path = tmp_path / "galaxy.fits"
    write_linear_fits(path, np.arange(4000.0, 5000.0), np.ones(1000), Z=0.7, AGE=3.0)
    with pytest.raises(InputError, match=r"galaxy\.fits: a FITS file, but not a library"):
        read_library(path)


def test_one_file_without_its_age(tmp_path: Path) -> None:
    wavelength = np.arange(4000.0, 5000.0)
    for i in range(1, 4):
        write_linear_fits(tmp_path / f"{i}.fits", wavelength, np.ones(1000), Z=0.02, AGE=float(i))
    write_linear_fits(tmp_path / "4.fits", wavelength, np.ones(1000), Z=0.02)
    with pytest.raises(InputError, match=r"1 of 4 files cannot be used: 4\.fits \(its header does not give age"):
        read_library(tmp_path)
    library = read_library(tmp_path, skip_unreadable=True)
    assert library.source.skipped == ("4.fits",)
    assert library.name == tmp_path.name.lower()
