from jpas_gui.core.emission_lines import emission_lines, lines_in_bands
from jpas_gui.core.photometry.filter_files import embedded_filters


def test_h_alpha_reaches_the_band_that_holds_it_and_moves_with_the_redshift():
    filters = embedded_filters()
    assert "Hα" in lines_in_bands(filters, 0.0)[filters.index("J0660")]
    assert "Hα" not in lines_in_bands(filters, 0.1)[filters.index("J0660")]
    assert "Hα" in lines_in_bands(filters, 0.1)[filters.index("J0720")]


def test_most_narrow_bands_are_free_of_lines():
    reached = [bool(lines) for lines in lines_in_bands(embedded_filters(), 0.0)[:56]]
    assert 8 <= sum(reached) <= 24


def test_a_doublet_is_named_once():
    filters = embedded_filters()
    assert lines_in_bands(filters, 0.0)[filters.index("J0500")] == ("[O III]",)


def test_the_lines_are_in_the_order_of_their_wavelengths():
    wavelengths = [line.wavelength for line in emission_lines()]
    assert wavelengths == sorted(wavelengths)
