from dataclasses import replace

import numpy as np
import pytest

from jpas_gui.app.frame import age_text, resolve
from jpas_gui.app.plot_values import SHOWN_WAVELENGTHS
from jpas_gui.app.state import ExplorerState, Frame, Model, Pin, Quantity, ViewOptions
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.ssp.readers.popstar import read_popstar

FILTERS = embedded_filters()
PIVOT = np.array([curve.pivot for curve in FILTERS.curves])


@pytest.fixture(scope="module")
def popstar():
    return read_popstar()


@pytest.fixture
def frame_of(popstar):
    def make(state=None, **view):
        state = state or ExplorerState()
        return resolve(
            state,
            ViewOptions(**view),
            FILTERS.bands,
            PIVOT,
            noise_model(state.noise, FILTERS.names),
            lambda model: synthesize(model.population, popstar, FILTERS),
            lambda name: popstar.title,
        )

    return make


def of(**population):
    return ExplorerState(model=Model(population=replace(StellarPopulation(), **population)))


def test_the_difference_is_the_noise_in_sigmas(frame_of):
    frame = frame_of()
    np.testing.assert_allclose(frame.difference, (frame.flux_nu_noisy - frame.flux_nu) / frame.flux_nu_error)
    assert 0.6 < frame.difference.std() < 1.4


def test_the_bars_reach_one_sigma_around_the_noisy_draw(frame_of):
    frame = frame_of()
    np.testing.assert_allclose(frame.noisy.high - frame.noisy.low, 2 * frame.flux_nu_error, rtol=1e-6)
    np.testing.assert_allclose((frame.noisy.high + frame.noisy.low) / 2, frame.flux_nu_noisy)


def test_magnitudes_are_those_of_the_fluxes(frame_of):
    frame = frame_of(quantity=Quantity.MAGNITUDE)
    np.testing.assert_allclose(frame.synthetic, magnitude_of_flux(frame.flux_nu))
    assert frame.synthetic[FILTERS.index("iSDSS")] == pytest.approx(19.0)


def test_the_rest_frame_axis_divides_by_one_plus_redshift(frame_of):
    observed = frame_of(of(redshift=0.5))
    rest = frame_of(of(redshift=0.5), frame=Frame.REST)
    np.testing.assert_allclose(observed.x, PIVOT)
    np.testing.assert_allclose(rest.x, PIVOT / 1.5)
    # A rest-frame feature stands at its own wavelength, or at 1.5 times it.
    assert (rest.shift, observed.shift) == pytest.approx((1.0, 1.5))
    np.testing.assert_allclose(rest.spectrum.x * 1.5, observed.spectrum.x)


def test_broad_bands_are_drawn_only_when_asked_for(frame_of):
    assert frame_of().shown.sum() == 56
    assert frame_of(broad_bands=True).shown.sum() == 60


def test_the_noise_of_the_56_does_not_depend_on_what_is_drawn(frame_of):
    np.testing.assert_array_equal(frame_of().flux_nu_noisy, frame_of(broad_bands=True).flux_nu_noisy)


def test_a_pin_shows_its_difference_in_sigmas_of_the_present_noise(frame_of):
    present = of(ebv=0.0)
    pinned = of(ebv=0.3).model
    frame = frame_of(replace(present, pins=(Pin(1, pinned),)))
    alone = frame_of(ExplorerState(model=pinned))
    expected = (alone.flux_nu - frame.flux_nu) / frame.flux_nu_error
    np.testing.assert_allclose(frame.pins[0].difference, expected)
    assert "E(B−V) 0.30" in frame.pins[0].label


def test_the_fan_shows_the_noise_growing_at_the_present_flux(frame_of):
    fan = frame_of(fan=True).fan
    assert [member.magnitude for member in fan] == [16, 18, 20, 21, 22]
    bars = [np.median(member.series.high - member.series.low) for member in fan]
    # Sky-limited: the relative error grows as 10^(0.4 m).
    np.testing.assert_allclose(np.array(bars[1:]) / bars[:-1], 10 ** (0.4 * np.diff([16, 18, 20, 21, 22])), rtol=1e-6)


def test_the_fan_in_magnitudes_stands_at_its_magnitudes(frame_of):
    frame = frame_of(fan=True, quantity=Quantity.MAGNITUDE)
    reference = FILTERS.index("iSDSS")
    assert frame.fan[0].series.y[reference] == pytest.approx(16.0, abs=0.01)


def test_one_magnitude_gives_every_band_the_error_of_the_reference(frame_of):
    settings = NoiseSettings(one_magnitude=True)
    frame = frame_of(replace(ExplorerState(), noise=settings))
    depth_error = noise_model(NoiseSettings(), FILTERS.names).flux_nu_error(np.full(60, 10 ** (0.4 * 3.5)))
    np.testing.assert_allclose(frame.flux_nu_error / frame.flux_nu, depth_error / 10 ** (0.4 * 3.5), rtol=1e-6)


def test_the_spectrum_stays_within_what_is_shown_and_passes_through_the_bands(frame_of):
    frame = frame_of(quantity=Quantity.MAGNITUDE)
    assert frame.spectrum.x.min() >= SHOWN_WAVELENGTHS[0]
    assert frame.spectrum.x.max() <= SHOWN_WAVELENGTHS[1]
    at_bands = np.interp(frame.x, frame.spectrum.x, frame.spectrum.y)
    # Features within a band make them differ by some hundredths; a wrong unit or shift by far more.
    assert np.median(np.abs(at_bands - frame.synthetic)[:56]) < 0.03


def test_the_stamp_says_library_and_parameters(frame_of):
    stamp = frame_of(of(log_age=8.0, redshift=0.123)).stamp
    for part in (
        "PopStar",
        "100 Myr",
        "[M/H] +0.00",
        "E(B−V) 0.10 (Calzetti 2000)",
        "z 0.123",
        "iSDSS = 19.00",
        "mini-JPAS",
    ):
        assert part in stamp


@pytest.mark.parametrize(("log_age", "text"), [(9.7, "5.01 Gyr"), (10.0, "10 Gyr"), (6.5, "3.16 Myr"), (9.0, "1 Gyr")])
def test_ages_are_told_in_the_unit_that_people_use(log_age, text):
    assert age_text(log_age) == text


def test_in_magnitudes_the_bar_of_a_faint_band_has_no_faint_end(frame_of):
    frame = frame_of(of(magnitude=24.0, ebv=1.5), quantity=Quantity.MAGNITUDE)
    faint = frame.flux_nu_noisy < frame.flux_nu_error
    seen = frame.flux_nu_noisy + frame.flux_nu_error > 0
    assert faint.sum() > 10
    assert np.isfinite(frame.noisy.high[seen]).all()
    assert (frame.noisy.low - frame.noisy.high)[faint & seen].min() > 20
    assert np.isnan(frame.noisy.high[~seen]).all()
