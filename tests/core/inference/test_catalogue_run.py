"""Whole catalogues: every row in its order, whatever comes between."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from mock_galaxies import assert_same_rows, mock_table, write_column_map, write_mocks

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.predictions.arrow import provenance_of
from jpas_gui.core.catalogues.predictions.parts import Existing, PartsFolder, parts_folder
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import file_hash
from jpas_gui.core.flags import Flag
from jpas_gui.core.inference.catalogue_files import catalogue_files, open_catalogues
from jpas_gui.core.inference.catalogue_run import Progress, photometry_for, predict_catalogue
from jpas_gui.core.inference.predictor import Predictor

N, CHUNK = 300, 64


@pytest.fixture(scope="session")
def paper() -> Predictor:
    return Predictor.load("paper-popstar")


@pytest.fixture(scope="session")
def posterior() -> Predictor:
    return Predictor.load("posterior-popstar")


def options(folder: Path, **changes: Any) -> OpeningOptions:
    return OpeningOptions(columns=read_column_map(write_column_map(folder)), **({"redshift": 0.0} | changes))


@pytest.fixture
def catalogue(tmp_path: Path) -> ObservedCatalogue:
    return open_catalogue(write_mocks(tmp_path / "mocks.parquet", N), options(tmp_path))


def test_each_row_has_the_answer_that_it_has_alone(
    tmp_path: Path, catalogue: ObservedCatalogue, posterior: Predictor
) -> None:
    result = predict_catalogue(catalogue, posterior, tmp_path / "out.parquet", chunk=CHUNK)
    table = pq.read_table(tmp_path / "out.parquet")
    expected = posterior.predict(photometry_for(posterior, catalogue.galaxies(0, N)))
    assert table.column_names[:3] == ["TILE_ID", "NUMBER", "redshift"]
    np.testing.assert_array_equal(table["NUMBER"], np.arange(N))
    np.testing.assert_allclose(table["log_age"], expected.point[:, 0], atol=1e-4)
    np.testing.assert_allclose(table["ebv_p84"], expected.percentiles[:, 2, 2], atol=1e-4)
    np.testing.assert_array_equal(table["n_bands"], 56)
    np.testing.assert_array_equal(table["flag"], expected.flag)
    assert result.counts is not None
    assert (result.n_rows, result.n_done, result.counts.n_answered) == (N, N, N)


@pytest.mark.bit_exact
def test_threads_change_nothing(tmp_path: Path, catalogue: ObservedCatalogue, paper: Predictor) -> None:
    tables = []
    for threads in (1, 3):
        path = tmp_path / f"{threads}.parquet"
        predict_catalogue(catalogue, paper, path, chunk=CHUNK, threads=threads)
        tables.append(pq.read_table(path))
    assert_same_rows(*tables)


@pytest.mark.bit_exact
def test_a_run_that_is_cut_off_goes_on_to_the_same_result(
    tmp_path: Path, catalogue: ObservedCatalogue, paper: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / "whole.parquet", tmp_path / "cut.parquet"
    predict_catalogue(catalogue, paper, whole, chunk=CHUNK)

    def power_cut(progress: Progress) -> None:
        if progress.done >= 2 * CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        predict_catalogue(catalogue, paper, cut, chunk=CHUNK, progress=power_cut)
    assert not cut.exists()
    finished = sorted(path.name for path in parts_folder(cut).glob("part-*"))
    assert len(finished) >= 2
    written: list[int] = []
    write = PartsFolder.write
    monkeypatch.setattr(
        PartsFolder, "write", lambda self, number, table: (written.append(number), write(self, number, table))
    )
    told: list[Progress] = []
    predict_catalogue(catalogue, paper, cut, chunk=CHUNK, existing=Existing.RESUME, progress=told.append)
    assert written == list(range(len(finished), 5))
    assert told[0].done == CHUNK * len(finished)
    assert_same_rows(pq.read_table(whole), pq.read_table(cut))
    assert not parts_folder(cut).exists()


def test_a_run_that_is_stopped_keeps_what_is_finished(
    tmp_path: Path, catalogue: ObservedCatalogue, paper: Predictor
) -> None:
    asked = iter([False, False, True])
    path = tmp_path / "out.fits"
    result = predict_catalogue(catalogue, paper, path, chunk=CHUNK, stop=lambda: next(asked))
    assert result.stopped
    assert (result.n_done, result.n_rows) == (2 * CHUNK, N)
    assert not path.exists()
    assert not predict_catalogue(catalogue, paper, path, chunk=CHUNK, existing=Existing.RESUME).stopped


def test_progress_tells_rate_and_remaining_time(tmp_path: Path, catalogue: ObservedCatalogue, paper: Predictor) -> None:
    told: list[Progress] = []
    predict_catalogue(catalogue, paper, tmp_path / "out.csv", chunk=CHUNK, progress=told.append)
    assert [progress.done for progress in told if progress.stage == "predict"] == [0, 64, 128, 192, 256, 300]
    assert [progress.stage for progress in told[-2:]] == ["predict", "write"]
    assert np.isnan(told[0].remaining)
    middle = told[2]
    assert middle.rate > 0
    assert middle.remaining == pytest.approx((N - middle.done) / middle.rate)


def test_a_change_of_what_decides_on_the_answers_is_no_resumption(
    tmp_path: Path, catalogue: ObservedCatalogue, paper: Predictor, posterior: Predictor
) -> None:
    path = tmp_path / "out.fits"
    predict_catalogue(catalogue, paper, path, chunk=CHUNK, stop=lambda: True)
    again = {"chunk": CHUNK, "existing": Existing.RESUME}
    with pytest.raises(InputError, match="another model"):
        predict_catalogue(catalogue, posterior, path, **again)
    with pytest.raises(InputError, match="another chunk"):
        predict_catalogue(catalogue, paper, path, chunk=50, existing=Existing.RESUME)
    write_mocks(catalogue.path, N, seed=2)
    with pytest.raises(InputError, match="another catalogue"):
        predict_catalogue(open_catalogue(catalogue.path, catalogue.options), paper, path, **again)


def test_provenance_says_what_made_the_predictions(
    tmp_path: Path, catalogue: ObservedCatalogue, paper: Predictor
) -> None:
    path = tmp_path / "out.parquet"
    predict_catalogue(catalogue, paper, path, chunk=CHUNK, command_line=["jpas-gui", "predict", "a file"])
    provenance = provenance_of(pq.read_schema(path))
    assert provenance["command"] == "jpas-gui predict 'a file'"
    assert provenance["model"]["name"] == "paper-popstar"
    assert provenance["model"]["libraries"] == ["popstar"]
    assert provenance["catalogue"]["sha256"] == file_hash(catalogue.path)
    assert provenance["catalogue"]["rows"] == N
    assert provenance["reading"]["unit"] == catalogue.unit
    assert provenance["reading"]["redshift"] == 0.0
    assert "redshift=None" in provenance["reading"]["columns"]
    assert {"python", "numpy", "torch", "pyarrow", "astropy"} == set(provenance["versions"])


def test_the_models_hash_is_that_of_its_file(paper: Predictor) -> None:
    from jpas_gui.core.inference.shipped import shipped_models

    assert paper.sha256 == file_hash(shipped_models()["paper-popstar"] / "weights.safetensors")


def test_a_row_that_cannot_be_read_is_flagged_and_none_is_lost(tmp_path: Path, posterior: Predictor) -> None:
    path = tmp_path / "mocks.csv"
    pyarrow.csv.write_csv(mock_table(20), path)
    lines = path.read_text().splitlines()
    lines[7] += ",1,2,3"
    path.write_text("\n".join(lines) + "\n")
    catalogue = open_catalogue(path, options(tmp_path))
    result = predict_catalogue(catalogue, posterior, tmp_path / "out.parquet", chunk=8)
    table = pq.read_table(tmp_path / "out.parquet")
    assert len(table) == 20
    assert result.counts is not None
    assert (result.counts.n_answered, result.counts.n_unreadable) == (19, 1)
    bad = table.slice(6, 1).to_pylist()[0]
    assert "line 8" in bad["problem"]
    assert bad["flag"] & Flag.BANDS
    assert np.isnan(bad["log_age"])
    assert bad["n_bands"] == 0


def test_galaxies_that_no_band_of_can_be_used(tmp_path: Path, posterior: Predictor) -> None:
    table = mock_table(20)
    for name in table.column_names:
        if name.startswith("ERR_"):
            table = table.set_column(table.column_names.index(name), name, pa.array(np.zeros(20, dtype=np.float32)))
    pq.write_table(table, tmp_path / "mocks.parquet")
    catalogue = open_catalogue(tmp_path / "mocks.parquet", options(tmp_path))
    with pytest.raises(InputError, match=r"mocks\.parquet: no galaxy has a usable band: look at its unit, its errors"):
        predict_catalogue(catalogue, posterior, tmp_path / "out.fits")
    assert sorted(path.name for path in tmp_path.iterdir() if "out" in path.name) == []


def test_galaxies_beyond_the_model(tmp_path: Path, paper: Predictor) -> None:
    table = mock_table(20).append_column("Z", pa.array(np.full(20, 0.3)))
    pq.write_table(table, tmp_path / "mocks.parquet")
    catalogue = open_catalogue(tmp_path / "mocks.parquet", options(tmp_path, redshift="Z"))
    with pytest.raises(InputError, match=r"paper-popstar has no answer for any of its 20 galaxies .* 20 lie outside"):
        predict_catalogue(catalogue, paper, tmp_path / "out.fits")
    at_one = open_catalogue(tmp_path / "mocks.parquet", options(tmp_path, redshift=0.3))
    with pytest.raises(InputError, match=r"trained on redshifts 0 to 0, not on 0\.3"):
        predict_catalogue(at_one, paper, tmp_path / "out.fits")


def test_bands_that_the_model_needs(tmp_path: Path, paper: Predictor) -> None:
    pq.write_table(mock_table(20).drop(["FLUX_J0390", "ERR_J0390"]), tmp_path / "mocks.parquet")
    catalogue = open_catalogue(tmp_path / "mocks.parquet", options(tmp_path))
    with pytest.raises(InputError, match="paper-popstar needs 56 bands or more; there is no J0390"):
        predict_catalogue(catalogue, paper, tmp_path / "out.fits")


def test_a_catalogue_that_changes_meanwhile(tmp_path: Path, catalogue: ObservedCatalogue, paper: Predictor) -> None:
    def rewrite(progress: Progress) -> None:
        os.utime(catalogue.path, ns=(1, 1))

    with pytest.raises(InputError, match=r"mocks\.parquet: .*changed"):
        predict_catalogue(catalogue, paper, tmp_path / "out.fits", chunk=CHUNK, progress=rewrite)
    assert not (tmp_path / "out.fits").exists()


@pytest.mark.bit_exact
def test_a_folder_of_files_is_one_catalogue(tmp_path: Path, paper: Predictor) -> None:
    folder = tmp_path / "mocks"
    folder.mkdir()
    for number, n in enumerate((70, 0, 50)):
        write_mocks(folder / f"part{number}.parquet", n, seed=number + 1)
    (folder / "_metadata.parquet").write_text("")
    catalogues = open_catalogues(folder, options(tmp_path))
    predict_catalogue(catalogues, paper, tmp_path / "out", chunk=CHUNK)
    assert len(list((tmp_path / "out").glob("part-*"))) == 3
    table = pq.read_table(tmp_path / "out")
    assert table["NUMBER"].to_pylist() == [*range(70), *range(50)]
    predict_catalogue(catalogues[0], paper, tmp_path / "first.parquet", chunk=CHUNK)
    assert_same_rows(table.slice(0, 70), pq.read_table(tmp_path / "first.parquet"))


def test_a_folder_without_a_catalogue(tmp_path: Path) -> None:
    write_mocks(tmp_path / "empty.parquet", 0)
    with pytest.raises(InputError, match="a folder without Parquet files that have rows"):
        catalogue_files(tmp_path)
    (tmp_path / "damaged.parquet").write_text("PAR1")
    assert catalogue_files(tmp_path) == (tmp_path / "damaged.parquet",)
