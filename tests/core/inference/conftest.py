"""Fixtures for the tests of inference."""

import pytest
import torch

from jpas_gui.core.inference.band_grid import BandGrid, band_grid
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.readers.popstar import read_popstar


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Small products are faster on one thread, and the machine may be shared."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def popstar() -> SSPLibrary:
    return read_popstar()


@pytest.fixture(scope="session")
def grid(popstar: SSPLibrary) -> BandGrid:
    """PopStar at redshift 0.1."""
    return band_grid(popstar, embedded_filters(), 0.1)
