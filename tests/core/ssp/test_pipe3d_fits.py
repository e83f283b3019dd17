from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from library_files import Sample

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.reading import read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air


def write_pipe3d(path: Path, sample: Sample, old: bool = False, factor: float = 1.0) -> None:
    rows, header = [], fits.Header({"CRVAL1": 3500.0, "CDELT1": 5.0, "CRPIX1": 1})
    for row, (metallicity, log_age, luminosity) in enumerate(sample.models()):
        norm = float(np.interp(5500, sample.wavelength, luminosity))
        age, z = 10 ** (log_age - 9), f"{0.02 * 10**metallicity:.7f}"[2:]
        young = f"{age * 1e3:.3f}Myr" if age < 1 else f"{age:.3f}Gyr"
        header[f"NAME{row}"] = f"spec_ssp_{age:07.4f}_z{z}.spec" if old else f"spec_ssp_{young}_z{z}.dat"
        header[f"NORM{row}"] = norm * factor
        rows.append(luminosity / norm)
    fits.PrimaryHDU(np.array(rows, dtype=np.float32), header).writeto(path)


@pytest.mark.parametrize("old", [False, True])
def test_all_models_in_one_image(tmp_path: Path, sample: Sample, old: bool) -> None:
    path = tmp_path / "MaStar_CB19.fits.gz"
    write_pipe3d(path, sample, old)
    library = read_library(path)
    np.testing.assert_allclose(library.log_age, [8.0, 9.0, 10.0], atol=1e-5)
    np.testing.assert_allclose(library.metallicity, [-0.4, 0.0], atol=1e-4)
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-6)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
    assert (library.name, library.title) == ("mastar_cb19", "MaStar_CB19 (Pipe3D)")
    assert library.source.assumed == ("the solar Z is 0.02",)


def test_a_logarithmic_axis(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "x.fits"
    axis = 3.55 + 1e-3 * np.arange(400)
    write_pipe3d(path, sample.on(10**axis))
    with fits.open(path, mode="update") as hdus:
        hdus[0].header.update({"CRVAL1": 3.55, "CDELT1": 1e-3, "CTYPE1": "WAVE-LOG"})
    np.testing.assert_allclose(read_library(path).wavelength, 10**axis, rtol=1e-9)


def change(**cards: object):
    def apply(header: fits.Header) -> None:
        for key, value in cards.items():
            if value is None:
                del header[key]
            else:
                header[key] = value

    return apply


@pytest.mark.parametrize(
    ("apply", "said"),
    [
        (change(NAME3="template"), "NAME3 = 'template' does not say age and metallicity, as spec_ssp_1.122Gyr_z00756"),
        (change(NORM1=0.0), "its spectra are normalised by NORM1 = 0.0, from which no mass follows"),
        (change(**{f"NORM{i}": None for i in range(6)}), "they look normalised, from which no mass follows"),
        (change(CRVAL1=None), "its header does not give the wavelengths (CRVAL1, CDELT1)"),
        (change(NAME0="spec_ssp_0Gyr_z02.dat"), "an age of 0 yr: not a positive number"),
    ],
)
def test_what_is_refused(tmp_path: Path, sample: Sample, apply, said: str) -> None:
    path = tmp_path / "x.fits"
    write_pipe3d(path, sample)
    with fits.open(path, mode="update") as hdus:
        apply(hdus[0].header)
    with pytest.raises(InputError) as error:
        read_library(path)
    assert said in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
