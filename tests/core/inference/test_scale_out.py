"""Catalogues on a Dask cluster: the same answers as on one machine, whatever happens to workers."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from mock_galaxies import assert_same_rows, write_column_map, write_mocks

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.predictions.parts import Existing, parts_folder
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.catalogue_model import EXACT, ModelChoice
from jpas_gui.core.inference.catalogue_run import Progress, predict_catalogue
from jpas_gui.core.inference.run_plan import begin_run
from jpas_gui.core.inference.scale_out import connected, run_on_cluster

distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'jpas-gui[scale]'")

N, CHUNK = 2000, 64
MODEL = ModelChoice("paper-popstar")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    )
    with cluster:
        yield cluster.scheduler_address


@pytest.fixture
def catalogue(tmp_path: Path) -> ObservedCatalogue:
    options = OpeningOptions(columns=read_column_map(write_column_map(tmp_path)), redshift=0.0)
    return open_catalogue(write_mocks(tmp_path / "mocks.parquet", N), options)


@pytest.mark.bit_exact
def test_a_worker_that_is_killed_half_way_changes_nothing(
    tmp_path: Path, address: str, catalogue: ObservedCatalogue
) -> None:
    predictor = MODEL.load()
    predict_catalogue(catalogue, predictor, tmp_path / "here.parquet", chunk=CHUNK)
    run = begin_run([catalogue], predictor, tmp_path / "there", chunk=CHUNK)
    with connected(address) as client:
        victims = list(client.run(os.getpid).values())[:1]

        def kill_one(progress: Progress) -> None:
            if victims and progress.done:
                os.kill(victims.pop(), signal.SIGKILL)

        result = run_on_cluster(run, MODEL, client, progress=kill_one)
    assert not victims
    assert result.n_done == N
    assert_same_rows(pq.read_table(tmp_path / "there"), pq.read_table(tmp_path / "here.parquet"))


def test_a_run_on_a_cluster_is_stopped_and_goes_on_here(
    tmp_path: Path, address: str, catalogue: ObservedCatalogue
) -> None:
    predictor, path = MODEL.load(), tmp_path / "out.parquet"
    asked = iter([False, True])
    run = begin_run([catalogue], predictor, path, chunk=CHUNK)
    with connected(address) as client:
        result = run_on_cluster(run, MODEL, client, stop=lambda: next(asked))
    assert result.stopped
    assert list(parts_folder(path).glob("part-*"))
    predict_catalogue(catalogue, predictor, path, chunk=CHUNK, existing=Existing.RESUME)
    assert pq.read_table(path)["NUMBER"].to_pylist() == list(range(N))


def test_work_that_the_scheduler_drops_is_told(tmp_path: Path, address: str, catalogue: ObservedCatalogue) -> None:
    path = tmp_path / "out.parquet"
    run = begin_run([catalogue], MODEL.load(), path, chunk=CHUNK)
    with connected(address) as client:

        def drop(progress: Progress) -> None:
            if progress.done:
                client.cancel([distributed.Future(key, client) for key in client.futures])

        with pytest.raises(InputError, match=r"the Dask scheduler has ended or dropped the work: .* --resume"):
            run_on_cluster(run, MODEL, client, progress=drop)
    assert list(parts_folder(path).glob("part-*"))


def test_what_goes_wrong_on_a_worker_is_told(tmp_path: Path, address: str, catalogue: ObservedCatalogue) -> None:
    run = begin_run([catalogue], MODEL.load(), tmp_path / "out.parquet", chunk=CHUNK)
    os.utime(catalogue.path, ns=(1, 1))
    with connected(address) as client, pytest.raises(InputError, match=r"mocks\.parquet: .*changed"):
        run_on_cluster(run, MODEL, client)


def test_a_worker_with_another_model_is_told(tmp_path: Path, address: str, catalogue: ObservedCatalogue) -> None:
    run = begin_run([catalogue], MODEL.load(), tmp_path / "out.parquet", chunk=CHUNK)
    with connected(address) as client, pytest.raises(InputError, match="the worker has another model of this name"):
        run_on_cluster(run, ModelChoice("posterior-popstar"), client)


def test_a_scheduler_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jpas_gui.core.inference.scale_out._PATIENCE", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense://"):
        with pytest.raises(InputError, match="no Dask scheduler answers there"), connected(address):
            pass


@pytest.mark.bit_exact
def test_the_exact_posterior_is_shared_out_as_models_are(
    tmp_path: Path, address: str, catalogue: ObservedCatalogue
) -> None:
    model, few = ModelChoice(EXACT), open_catalogue(write_mocks(tmp_path / "few.parquet", 12), catalogue.options)
    exact = model.load()
    predict_catalogue(few, exact, tmp_path / "here.parquet", chunk=4)
    run = begin_run([few], exact, tmp_path / "there", chunk=4)
    with connected(address) as client:
        run_on_cluster(run, model, client)
    assert_same_rows(pq.read_table(tmp_path / "there"), pq.read_table(tmp_path / "here.parquet"))
