"""A galaxy's answer does not depend on the galaxies that are answered with it."""

from dataclasses import fields

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mock_galaxies import write_column_map

from jpas_gui.app.galaxy_answers import ask_model
from jpas_gui.app.model_shelf import ModelShelf
from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.inference.band_grid import band_grid
from jpas_gui.core.inference.catalogue_run import predict_catalogue
from jpas_gui.core.inference.mocks import draw_parameters
from jpas_gui.core.inference.predictor import Photometry, Prediction, Predictor
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.ssp.readers.popstar import read_popstar

MODELS = "paper-popstar", "posterior-popstar", "posterior-mixture"
N = 150
_TOLERANCE = 1e-4
"""Of the width of the posterior."""


@pytest.fixture(scope="module")
def galaxies() -> Photometry:
    """Sums of two populations at a signal-to-noise ratio of 5 to 500: what no single population fits."""
    random = np.random.default_rng(5)
    grid = band_grid(read_popstar(), embedded_filters(), 0.0)
    first, second = (np.exp(grid.log_fluxes(draw_parameters(grid, N, random))[:, :N_SURVEY_BANDS]) for _ in range(2))
    part = random.uniform(size=(N, 1))
    flux = 100 * (part * first + (1 - part) * second)
    error = np.median(flux, axis=1, keepdims=True) / np.exp(random.uniform(np.log(5), np.log(500), (N, 1)))
    noisy = flux + error * random.standard_normal(flux.shape)
    mask = random.uniform(size=flux.shape) > 0.1
    mask[::2] = True  # the paper's networks answer no other
    return Photometry(noisy, np.broadcast_to(error, flux.shape).copy(), mask, np.zeros(N))


def assert_same(found: Prediction, expected: Prediction) -> None:
    width = np.nan_to_num(np.ptp(expected.percentiles, axis=2) / 2, nan=1.0)[..., np.newaxis]
    for one, other in (
        (found.point[..., np.newaxis], expected.point[..., np.newaxis]),
        (found.percentiles, expected.percentiles),
    ):
        np.testing.assert_allclose(one / width, other / width, rtol=0, atol=_TOLERANCE)
    np.testing.assert_allclose(found.chi2, expected.chi2, rtol=1e-6)
    np.testing.assert_array_equal(found.flag, expected.flag)


@pytest.mark.parametrize("model", MODELS)
def test_split_shuffled_and_repeated_rows_have_the_same_answers(model: str, galaxies: Photometry) -> None:
    predictor = Predictor.load(model)
    expected = predictor.predict(galaxies)
    split = [predictor.predict(galaxies.rows(slice(start, start + 7))) for start in range(0, N, 7)]
    joined = Prediction(
        *(np.concatenate([getattr(part, field.name) for part in split]) for field in fields(Prediction))
    )
    assert_same(joined, expected)
    order = np.random.default_rng(1).integers(0, N, 2 * N)
    picked = Prediction(*(getattr(expected, field.name)[order] for field in fields(Prediction)))
    assert_same(predictor.predict(galaxies.rows(order)), picked)
    for row in range(0, N, 15):
        alone = Prediction(*(getattr(expected, field.name)[[row]] for field in fields(Prediction)))
        assert_same(predictor.predict(galaxies.rows(slice(row, row + 1))), alone)


def test_the_window_and_a_run_in_other_parts_give_the_same_answers(tmp_path, galaxies: Photometry) -> None:
    names = [band.name for band in all_bands()[:N_SURVEY_BANDS]]
    columns = {"TILE_ID": np.ones(N, dtype=np.int32), "NUMBER": np.arange(N)}
    columns |= {f"FLUX_{name}": galaxies.flux_nu[:, band] for band, name in enumerate(names)}
    columns |= {f"ERR_{name}": galaxies.flux_nu_error[:, band] for band, name in enumerate(names)}
    pq.write_table(pa.table(columns), tmp_path / "galaxies.parquet")
    options = OpeningOptions(columns=read_column_map(write_column_map(tmp_path)), redshift=0.0)
    catalogue = open_catalogue(tmp_path / "galaxies.parquet", options)
    predictor, library, filters, shelf = Predictor.load(MODELS[1]), read_popstar(), embedded_filters(), ModelShelf()
    tables = []
    for chunk in (N, 77, 10):
        predict_catalogue(catalogue, predictor, tmp_path / f"{chunk}.parquet", chunk=chunk)
        tables.append(pq.read_table(tmp_path / f"{chunk}.parquet"))
    for name in ("log_age", "metallicity", "ebv"):
        width = (tables[0][f"{name}_p84"].to_numpy() - tables[0][f"{name}_p16"].to_numpy()) / 2
        for end in ("", "_p16", "_p50", "_p84"):
            one, *others = (table[name + end].to_numpy() for table in tables)
            assert all(np.nanmax(np.abs(other - one) / width) < _TOLERANCE for other in others)
    for row in range(0, N, 15):
        answer = ask_model(catalogue.galaxies(row, row + 1), MODELS[1], shelf, library, filters)
        for place, name in enumerate(("log_age", "metallicity", "ebv")):
            low, high = (float(tables[0][f"{name}_{end}"][row].as_py()) for end in ("p16", "p84"))
            assert np.allclose(
                answer.percentiles[place, [0, 2]], [low, high], rtol=0, atol=_TOLERANCE * (high - low) / 2
            )
