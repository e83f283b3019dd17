import csv

import numpy as np
import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import flux_of_magnitude, magnitude_error_of_flux
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.photometry.noise import DepthNoise, MeasuredNoise, draw_noise
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model, survey_names

BANDS = [band.name for band in all_bands()]

# Magnitude errors at 18, 19, 20, 21, 22 from the mean depths of mini-JPAS (minijpas.TileImage), in 3 arcsec.
ERRORS = {
    "uJAVA": (0.001, 0.004, 0.009, 0.024, 0.060),
    "J0410": (0.002, 0.006, 0.014, 0.035, 0.087),
    "J0470": (0.001, 0.004, 0.009, 0.023, 0.057),
    "J0520": (0.004, 0.009, 0.023, 0.058, 0.146),
    "J0600": (0.002, 0.005, 0.012, 0.031, 0.078),
    "J0660": (0.001, 0.003, 0.007, 0.019, 0.047),
    "J0750": (0.003, 0.007, 0.018, 0.046, 0.117),
    "J0800": (0.007, 0.017, 0.042, 0.106, 0.267),
    "J0890": (0.007, 0.018, 0.044, 0.112, 0.281),
    "iSDSS": (0.002, 0.004, 0.011, 0.028, 0.071),
}


def errors_at(model, magnitude, n_bands):
    """Magnitude errors of a source that has this magnitude in all bands."""
    flux_nu = np.full(n_bands, flux_of_magnitude(magnitude))
    return magnitude_error_of_flux(flux_nu, model.flux_nu_error(flux_nu))


@pytest.mark.parametrize("band", ERRORS)
def test_errors_of_mini_jpas(band):
    model = noise_model(NoiseSettings(aperture_factor=1.0), [band])
    found = [errors_at(model, magnitude, 1)[0] for magnitude in (18, 19, 20, 21, 22)]
    np.testing.assert_allclose(found, ERRORS[band], atol=6e-4)


def test_median_signal_to_noise_of_the_56_bands():
    model = noise_model(NoiseSettings(aperture_factor=1.0), BANDS[:56])
    for magnitude, expected in ((18, 372), (19, 148), (20, 59), (21, 23), (22, 9.3), (22.5, 5.9)):
        signal_to_noise = 1.0857 / errors_at(model, magnitude, 56)
        assert np.median(signal_to_noise) == pytest.approx(expected, rel=0.006, abs=0.5)


@pytest.mark.parametrize("survey", survey_names())
def test_the_depth_is_the_magnitude_of_five_sigma(survey):
    model = noise_model(NoiseSettings(survey, aperture_factor=1.0), BANDS)
    known = np.isfinite(model.depth)
    assert known[:56].all()
    flux_nu = flux_of_magnitude(model.depth)
    np.testing.assert_allclose((flux_nu / model.flux_nu_error(flux_nu))[known], 5.0)


def test_a_larger_aperture_has_more_sky():
    small, large = (noise_model(NoiseSettings(aperture_factor=factor), BANDS) for factor in (1.0, 2.5))
    flux_nu = np.ones(60)
    np.testing.assert_allclose(large.flux_nu_error(flux_nu) / small.flux_nu_error(flux_nu), 2.5)


def test_the_error_follows_from_each_band_s_own_flux_or_from_one_magnitude():
    model = DepthNoise("test", np.array([23.0, 23.0]), aperture_factor=1.0)
    flux_nu = flux_of_magnitude(np.array([19.0, 21.0]))
    own = flux_nu / model.flux_nu_error(flux_nu)
    np.testing.assert_allclose(own, 5 * 10 ** (0.4 * (23 - np.array([19.0, 21.0]))))
    one = flux_nu / model.flux_nu_error(flux_nu, magnitude=19.0)
    np.testing.assert_allclose(one, own[0])


def test_one_magnitude_gives_a_negative_flux_a_positive_error():
    model = DepthNoise("test", np.array([23.0]), aperture_factor=1.0)
    assert model.flux_nu_error(np.array([-2.0]), magnitude=20.0)[0] > 0


def test_the_zero_point_error_adds_in_quadrature():
    plain, with_zero_point = (noise_model(NoiseSettings(zero_point=switch), BANDS) for switch in (False, True))
    for magnitude in (12.0, 20.0):
        expected = np.hypot(errors_at(plain, magnitude, 60), 0.04)
        np.testing.assert_allclose(errors_at(with_zero_point, magnitude, 60), expected, rtol=1e-6)
    assert errors_at(with_zero_point, 12.0, 60).max() == pytest.approx(0.04, abs=1e-3)


def test_many_spectra_at_once():
    model = noise_model(NoiseSettings(zero_point=True), BANDS)
    flux_nu = np.random.default_rng(0).uniform(1, 100, (3, 4, 60))
    together = model.flux_nu_error(flux_nu)
    assert together.shape == flux_nu.shape
    np.testing.assert_allclose(together[2, 1], model.flux_nu_error(flux_nu[2, 1]), rtol=1e-12)


def test_bands_come_in_the_order_asked_for_and_unknown_ones_have_no_error():
    model = noise_model(NoiseSettings(), ["iSDSS", "mine", "uJAVA"])
    error = model.flux_nu_error(np.ones(3))
    reference = noise_model(NoiseSettings(), BANDS).flux_nu_error(np.ones(60))
    np.testing.assert_allclose(error, [reference[59], np.nan, reference[0]], rtol=1e-12)


@pytest.mark.parametrize(("factor", "zero_point"), [(0.0, 0.0), (-1.0, 0.0), (np.nan, 0.0), (1.0, -0.1), (1.0, np.nan)])
def test_impossible_settings_are_refused(factor, zero_point):
    with pytest.raises(InputError, match=r"must be positive|must not be negative"):
        DepthNoise("test", np.array([23.0]), factor, zero_point)


def tile_depths(path):
    rows = csv.DictReader(line for line in path.read_text().splitlines() if not line.startswith("#"))
    depths = {}
    for row in rows:
        tile = row["name"].split("-v")[0]
        depths.setdefault(tile, {})[int(row["FILTER_ID"])] = float(row["DEPTH3ARC5S"])
    return depths


def test_the_depths_are_those_of_the_survey(real_data):
    tiles = tile_depths(real_data / "minijpas" / "minijpas.TileImage.csv")
    [jnep] = tile_depths(real_data / "minijpas" / "jnep.TileImage.csv").values()
    assert sorted(tiles) == ["AEGIS001", "AEGIS002", "AEGIS003", "AEGIS004"]
    assert survey_names() == ("mini-JPAS", *sorted(tiles), "J-NEP")
    tiles["J-NEP"] = jnep
    tiles["mini-JPAS"] = {i: np.mean([tiles[f"AEGIS00{n}"][i] for n in range(1, 5)]) for i in range(1, 61)}
    for survey, depths in tiles.items():
        expected = [depths.get(band.filter_id, np.nan) for band in all_bands()]
        np.testing.assert_allclose(noise_model(NoiseSettings(survey), BANDS).depth, expected, atol=6e-5)


MEASURED = MeasuredNoise(
    "test", np.array([18.0, 19.0, 20.0]), np.array([[0.01, 0.02, 0.08], [0.01, np.nan, 0.04], [np.nan] * 3])
)


@pytest.mark.parametrize(
    ("magnitude", "expected"),
    [
        (18.0, (0.01, 0.01)),
        (18.5, (np.sqrt(0.01 * 0.02), 0.01 * 2**0.5)),
        (19.0, (0.02, 0.02)),
        (20.0, (0.08, 0.04)),
        (15.0, (0.01, 0.01)),  # brighter: the error of the first bin
        (22.5, (0.8, 0.4)),  # fainter: 10^(0.4 m)
    ],
)
def test_measured_errors_are_interpolated_in_the_logarithm(magnitude, expected):
    error = errors_at(MEASURED, magnitude, 3)
    np.testing.assert_allclose(error[:2], expected, rtol=1e-9)
    assert np.isnan(error[2])
    flux_nu = flux_of_magnitude(np.array([17.0, 21.0, 19.0]))
    one = magnitude_error_of_flux(flux_nu, MEASURED.flux_nu_error(flux_nu, magnitude=magnitude))
    np.testing.assert_allclose(one, error, rtol=1e-9)


def write_noise(path, rows, columns="band magnitude magnitude_error", types=("string", "float64", "float64")):
    names = columns.split()
    datatypes = "".join(f"# - {{name: {n}, datatype: {t}}}\n" for n, t in zip(names, types, strict=False))
    path.write_text(f"# %ECSV 1.0\n# ---\n# datatype:\n{datatypes}# schema: astropy-2.0\n{columns}\n" + "\n".join(rows))
    return NoiseSettings(str(path))


def test_a_measured_noise_file_is_read_by_band_whatever_the_names_of_its_bands(tmp_path):
    rows = ["JPAS3900 18.0 0.01", "J0390 19.0 0.03", "iSDSS 19.0 0.02", "mine 18.0 0.5"]
    settings = write_noise(tmp_path / "tonight.ecsv", rows)
    model = noise_model(settings, ["iSDSS", "J0390", "J0400"])
    assert model.name == "tonight"
    np.testing.assert_array_equal(model.magnitude, [18.0, 19.0])
    np.testing.assert_array_equal(model.magnitude_error, [[np.nan, 0.02], [0.01, 0.03], [np.nan, np.nan]])


def test_missing_errors_in_a_noise_file_are_unknown(tmp_path):
    settings = write_noise(tmp_path / "gaps.ecsv", ["J0390 18.0 0.01", 'J0390 19.0 ""', "J0390 20.0 nan"])
    model = noise_model(settings, ["J0390"])
    np.testing.assert_array_equal(model.magnitude_error, [[0.01, np.nan, np.nan]])


def test_a_noise_file_takes_the_zero_point_error_as_well(tmp_path):
    path = str(tmp_path / "n.ecsv")
    write_noise(tmp_path / "n.ecsv", ["J0390 18.0 0.03"])
    model = noise_model(NoiseSettings(path, zero_point=True), ["J0390"])
    assert errors_at(model, 18.0, 1)[0] == pytest.approx(0.05)


def test_an_unknown_survey_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"no noise model 'SDSS': choose one of mini-JPAS, AEGIS001.*noise calibrate"):
        noise_model(NoiseSettings("SDSS"), BANDS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an ECSV table"),
        (b"\x00\xff\x01" * 50, "not an ECSV table"),
        (b"band,magnitude\nJ0390,18\n", "not an ECSV table"),
    ],
)
def test_a_file_that_is_no_table_is_named(tmp_path, content, message):
    path = tmp_path / "noise.ecsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        noise_model(NoiseSettings(str(path)), BANDS)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "columns", "types", "message"),
    [
        (["J0390 18"], "band magnitude", ("string", "float64"), "no column 'magnitude_error'; a noise file has band"),
        (["mine 18 0.1"], "band magnitude magnitude_error", ("string", "float64", "float64"), "no error of any of"),
        ([], "band magnitude magnitude_error", ("string", "float64", "float64"), "no error of any of"),
        (
            ["J0390 bright 0.1"],
            "band magnitude magnitude_error",
            ("string", "string", "float64"),
            "the column 'magnitude' must hold numbers",
        ),
        (
            ["J0390 18 small"],
            "band magnitude magnitude_error",
            ("string", "float64", "string"),
            "the column 'magnitude_error' must hold numbers",
        ),
        (
            ["J0390 nan 0.1"],
            "band magnitude magnitude_error",
            ("string", "float64", "float64"),
            "the column 'magnitude' must hold numbers",
        ),
        (
            ["J0390 18 -0.1"],
            "band magnitude magnitude_error",
            ("string", "float64", "float64"),
            "no error of any of",
        ),
    ],
)
def test_a_table_that_is_no_noise_is_named_with_its_fault(tmp_path, rows, columns, types, message):
    settings = write_noise(tmp_path / "noise.ecsv", rows, columns, types)
    with pytest.raises(InputError, match=message) as caught:
        noise_model(settings, BANDS)
    assert str(caught.value).startswith(f"{settings.survey}: ")


def test_draws_scatter_as_their_errors_say():
    error = np.array([0.1, 1.0, 10.0])
    flux_nu = np.array([5.0, -3.0, 100.0])
    pulls = np.array([(draw_noise(flux_nu, error, seed) - flux_nu) / error for seed in range(4000)])
    np.testing.assert_allclose(pulls.mean(axis=0), 0.0, atol=0.06)
    np.testing.assert_allclose(pulls.std(axis=0), 1.0, atol=0.05)
    # The tails are Gaussian: 4.55 % beyond two sigmas; bands are independent.
    assert np.mean(np.abs(pulls) > 2) == pytest.approx(0.0455, abs=0.008)
    assert np.abs(np.corrcoef(pulls.T) - np.eye(3)).max() < 0.06


def test_the_same_seed_gives_the_same_draw_and_another_one_another():
    flux_nu, error = np.ones(60), np.full(60, 0.1)
    np.testing.assert_array_equal(draw_noise(flux_nu, error, 7), draw_noise(flux_nu, error, 7))
    assert (draw_noise(flux_nu, error, 7) != draw_noise(flux_nu, error, 8)).all()
    # The draw keeps its pattern while the errors change, so that dragging a slider does not flicker.
    pattern = (draw_noise(flux_nu, error, 7) - flux_nu) / error
    np.testing.assert_allclose((draw_noise(flux_nu, 3 * error, 7) - flux_nu) / (3 * error), pattern)
