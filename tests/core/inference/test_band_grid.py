"""Colours of populations between the nodes of a library."""

import numpy as np
import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.band_grid import BandGrid, GridSettings, band_grid, node_spectra
from jpas_gui.core.inference.mocks import draw_parameters
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary


def test_colours_between_nodes_are_those_of_the_explorer(grid: BandGrid, popstar: SSPLibrary) -> None:
    parameters = draw_parameters(grid, 60, np.random.default_rng(1))
    own = grid.log_fluxes(parameters)
    for (log_age, metallicity, ebv), row in zip(parameters, own, strict=True):
        sed = synthesize(StellarPopulation(log_age, metallicity, ebv, 0.1, 19.0), popstar, embedded_filters())
        reference = sed.flux_nu[embedded_filters().index(sed.reference_band)]
        difference = 1.0857 * (row - np.log(sed.flux_nu / reference))
        assert np.abs(difference).max() < 5e-3
        assert np.sqrt(np.mean(difference**2)) < 1e-3


def test_the_nodes_of_the_library_are_exact(grid: BandGrid, popstar: SSPLibrary) -> None:
    for name, own in (("log_age", popstar.log_age), ("metallicity", popstar.metallicity)):
        inside = own[(own >= 6.5) & (own <= 10.15)] if name == "log_age" else own
        assert np.isin(inside, getattr(grid, name)).all()
    assert grid.log_age[[0, -1]].tolist() == [6.5, 10.15]
    assert grid.ebv[[0, -1]].tolist() == [0.0, 1.0]


def test_spectra_at_hand_give_the_same_grid(popstar: SSPLibrary) -> None:
    hole, filters = with_hole(popstar), embedded_filters()
    spectra = node_spectra(hole)
    for redshift in (0.0, 0.3):
        whole, quick = band_grid(hole, filters, redshift), band_grid(hole, filters, redshift, spectra=spectra)
        np.testing.assert_allclose(quick.log_flux, whole.log_flux, rtol=0, atol=1e-5)  # 0.01 mmag
        np.testing.assert_array_equal(quick.mask, whole.mask)


def with_hole(library: SSPLibrary) -> SSPLibrary:
    """Return the library without its youngest models of the lowest metallicity."""
    luminosity = library.luminosity.copy()
    luminosity[0, library.log_age < 8] = np.nan
    return SSPLibrary("hole", "", library.wavelength, library.log_age, library.metallicity, luminosity, library.source)


def test_a_hole_of_the_library_has_no_colours_and_nothing_is_drawn_from_it(popstar: SSPLibrary) -> None:
    grid = band_grid(with_hole(popstar), embedded_filters(), 0.0)
    missing = np.array([[7.0, -2.2, 0.5], [7.9, -1.8, 0.1]])
    assert not grid.contains(missing).any()
    parameters = draw_parameters(grid, 3000, np.random.default_rng(2))
    assert np.isfinite(grid.log_fluxes(parameters)).all()
    in_hole = (parameters[:, 0] < 8) & (parameters[:, 1] < popstar.metallicity[1])
    assert not in_hole.any()
    # The rest is uniform: as many above as below the middle of a part without holes.
    rest = parameters[parameters[:, 1] > -0.7]
    assert abs(np.mean(rest[:, 0] < 8.325) - 0.5) < 4 * 0.5 / np.sqrt(len(rest))


def test_a_library_of_one_metallicity_is_refused(popstar: SSPLibrary) -> None:
    source = LibrarySource("x")
    one = SSPLibrary(
        "one", "", popstar.wavelength, popstar.log_age, popstar.metallicity[:1], popstar.luminosity[:1], source
    )
    with pytest.raises(InputError, match=r"one: 1 metallicities and 106 ages .* inference needs two or more of each"):
        band_grid(one, embedded_filters(), 0.0)


def test_a_library_that_covers_no_band_is_refused(popstar: SSPLibrary) -> None:
    ultraviolet = popstar.wavelength < 2500
    part = SSPLibrary(
        "uv",
        "",
        popstar.wavelength[ultraviolet],
        popstar.log_age,
        popstar.metallicity,
        popstar.luminosity[..., ultraviolet],
        popstar.source,
    )
    with pytest.raises(InputError, match="uv covers no band at redshift 0"):
        band_grid(part, embedded_filters(), 0.0, GridSettings())
