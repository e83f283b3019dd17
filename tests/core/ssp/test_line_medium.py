from pathlib import Path

import numpy as np
import pytest
from library_files import Sample

from jpas_gui.core.ssp.medium import medium_of_lines
from jpas_gui.core.ssp.reading import read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air

LINES = np.array([4861.33, 6562.80, 8498.02, 8542.09, 8662.14])


def spectrum_with(lines: np.ndarray, wavelength: np.ndarray, fwhm: float) -> np.ndarray:
    sigma = fwhm / 2.355
    return 1 - sum(0.3 * np.exp(-0.5 * ((wavelength - line) / sigma) ** 2) for line in lines)


@pytest.mark.parametrize("fwhm", [0.6, 1.5, 2.5, 5.0])
@pytest.mark.parametrize("step", [0.2, 0.9])
def test_lines_say_the_medium(fwhm: float, step: float) -> None:
    wavelength = np.arange(4500.0, 9000.0, step)
    assert medium_of_lines(wavelength, spectrum_with(LINES, wavelength, fwhm)) == "air"
    assert medium_of_lines(wavelength, spectrum_with(vacuum_of_air(LINES), wavelength, fwhm)) == "vacuum"


def test_a_redshifted_or_coarse_spectrum_says_nothing(sample: Sample) -> None:
    wavelength = np.arange(4500.0, 9000.0, 0.9)
    assert medium_of_lines(wavelength, spectrum_with(LINES * 1.0006, wavelength, 2.5)) is None
    assert medium_of_lines(wavelength, np.ones_like(wavelength)) is None
    assert medium_of_lines(sample.wavelength, sample.luminosity[0, 2]) is None


@pytest.mark.parametrize("name", ["miuscat", "emiles_sample", "bc03_mpajhu"])
def test_real_libraries_in_air_are_in_vacuum_once_read(real_data: Path, name: str) -> None:
    library = read_library(real_data / "ssp" / name)
    assert library.source.medium == "air"
    said = [medium_of_lines(library.wavelength, spectrum.astype(float)) for spectrum in library.luminosity[:, -1]]
    assert set(said) == {"vacuum"}
