"""Fixtures of the libraries' tests."""

import numpy as np
import pytest
from library_files import Sample, popstar_sample

from jpas_gui.core.ssp.library import LibrarySource, SourceFile, SSPLibrary


@pytest.fixture(scope="session")
def sample() -> Sample:
    """Six PopStar spectra on a linear axis: 3 ages x 2 metallicities."""
    return popstar_sample((8.0, 9.0, 10.0), (-0.4, 0.0), np.arange(3500.0, 9500.0, 5.0))


@pytest.fixture
def small_library() -> SSPLibrary:
    """2 metallicities x 3 ages x 4 wavelengths, with a hole at the first age of the second metallicity."""
    luminosity = np.arange(1, 25, dtype=np.float32).reshape(2, 3, 4)
    luminosity[1, 0] = np.nan
    source = LibrarySource(
        format="test",
        files=(SourceFile("a.fits", "0" * 64), SourceFile("Ångström.fits", "f" * 64)),
        variant="x 1",
        imf="Kroupa",
        isochrones="BaSTI",
        solar_metallicity=0.0198,
        medium="air",
        citation="someone 2020, A&A",
        licence="free",
        skipped=("bad.fits",),
        assumed=("AGE is in Gyr (no unit)",),
    )
    return SSPLibrary(
        "small",
        "Small Å",
        np.array([4000.0, 5000.0, 6000.0, 7000.0]),
        np.array([8.0, 9.0, 10.0]),
        np.array([-0.5, 0.0]),
        luminosity,
        source,
    )
