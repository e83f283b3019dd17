"""HATS catalogues through LSDB: the same answers as of the same galaxies in one file."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mock_galaxies import mock_table, write_column_map

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.predictions.parts import RUN, Existing, parts_folder
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference import hats
from jpas_gui.core.inference.catalogue_files import is_hats
from jpas_gui.core.inference.catalogue_model import EXACT, ModelChoice
from jpas_gui.core.inference.catalogue_run import photometry_for, predict_catalogue
from jpas_gui.core.inference.hats import partition_job, predict_hats

lsdb = pytest.importorskip("lsdb", reason="LSDB is not installed: pip install 'jpas-gui[scale]'")
pytestmark = pytest.mark.filterwarnings("ignore")  # LSDB and what it stands on warn of one another

N = 200
MODEL = ModelChoice("paper-popstar")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a HATS catalogue and a Parquet file of the same galaxies."""
    folder = tmp_path_factory.mktemp("hats")
    random = np.random.default_rng(3)
    table = mock_table(N)
    table = table.append_column("ra", pa.array(random.uniform(0, 360, N)))
    table = table.append_column("dec", pa.array(np.degrees(np.arcsin(random.uniform(-1, 1, N)))))
    pq.write_table(table, folder / "mocks.parquet")
    catalogue = lsdb.from_dataframe(
        table.to_pandas(), ra_column="ra", dec_column="dec", lowest_order=0, highest_order=0, partition_rows=40
    )
    catalogue.write_catalog(folder / "mocks", catalog_name="mocks", as_collection=False, progress_bar=False)
    return folder / "mocks", folder / "mocks.parquet"


def options(folder: Path, **changes: Any) -> OpeningOptions:
    return OpeningOptions(columns=read_column_map(write_column_map(folder)), **({"redshift": 0.0} | changes))


def test_each_galaxy_has_the_answer_that_it_has_in_a_file(tmp_path: Path, made: tuple[Path, Path]) -> None:
    catalogue, file = made
    predictor, output = MODEL.load(), tmp_path / "out"
    assert predict_hats(catalogue, options(tmp_path), predictor, MODEL, output, show_progress=False) == N
    predict_catalogue(open_catalogue(file, options(tmp_path)), predictor, tmp_path / "out.parquet")
    expected = pq.read_table(tmp_path / "out.parquet").to_pandas().set_index("NUMBER")
    answer = lsdb.open_catalog(output, columns="all")
    assert len(answer.get_healpix_pixels()) >= 8
    frame = answer.compute()
    assert sorted(frame["NUMBER"]) == list(range(N))
    own = frame.set_index("NUMBER").sort_index()
    np.testing.assert_allclose(own["log_age"].astype(float), expected["log_age"], atol=1e-4)
    np.testing.assert_array_equal(own["flag"], expected["flag"])
    positions = pq.read_table(file, columns=["ra"]).to_pandas()
    np.testing.assert_array_equal(own["ra"].astype(float), positions["ra"])
    assert is_hats(output)
    assert (output / RUN).is_file()
    assert "jpas_gui.model.name" in (output / "hats.properties").read_text()
    assert not parts_folder(output).exists()


def test_a_run_that_is_cut_off_goes_on_with_the_other_partitions(
    tmp_path: Path, made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    predictor, output = MODEL.load(), tmp_path / "out"
    answers, calls = hats.answers, []

    def dying(*arguments: Any) -> pa.Table:
        calls.append(1)
        if len(calls) > 5:
            raise MemoryError("no room")
        return answers(*arguments)

    monkeypatch.setattr(hats, "answers", dying)
    with pytest.raises(InputError, match=r"not all partitions were written \(MemoryError: no room\): .* --resume"):
        predict_hats(made[0], options(tmp_path), predictor, MODEL, output, show_progress=False)
    assert not output.exists()
    monkeypatch.setattr(hats, "answers", lambda *arguments: calls.append(1) or answers(*arguments))
    with pytest.raises(InputError, match="an unfinished run"):
        predict_hats(made[0], options(tmp_path), predictor, MODEL, output, show_progress=False)
    calls.clear()
    again = Existing.RESUME
    predict_hats(made[0], options(tmp_path), predictor, MODEL, output, existing=again, show_progress=False)
    answer = lsdb.open_catalog(output, columns="all")
    assert sorted(answer.compute()["NUMBER"]) == list(range(N))
    assert len(calls) - 1 < len(answer.get_healpix_pixels())


def test_empty_partitions_have_the_same_columns(tmp_path: Path, made: tuple[Path, Path]) -> None:
    catalogue = lsdb.open_catalog(made[0], columns="all")
    job = partition_job(catalogue, made[0], options(tmp_path), MODEL.load(), MODEL)
    frame = catalogue.head(5)
    whole, empty = job(frame), job(frame.iloc[:0])
    assert len(empty) == 0
    assert list(empty.dtypes) == list(whole.dtypes)
    assert list(empty.columns) == list(whole.columns)


def test_the_exact_posterior_answers_for_partitions_too(tmp_path: Path, made: tuple[Path, Path]) -> None:
    catalogue, model = lsdb.open_catalog(made[0], columns="all"), ModelChoice(EXACT)
    exact, frame = model.load(), catalogue.head(3)
    found = partition_job(catalogue, made[0], options(tmp_path), exact, model)(frame)
    rows = [int(number) for number in frame["NUMBER"]]
    galaxies = open_catalogue(made[1], options(tmp_path)).galaxies(0, N).rows(np.array(rows))
    expected = exact.predict(photometry_for(exact, galaxies)).point[:, 0]
    np.testing.assert_allclose(found["log_age"].astype(float), expected, rtol=1e-5)


def test_what_cannot_be_predicted_is_told_before_work_begins(tmp_path: Path, made: tuple[Path, Path]) -> None:
    catalogue, _ = made
    predictor, output = MODEL.load(), tmp_path / "out"
    with pytest.raises(InputError, match="give it a name without a suffix"):
        predict_hats(catalogue, options(tmp_path), predictor, MODEL, tmp_path / "out.fits")
    with pytest.raises(InputError, match=r"mocks: no column Z for redshift"):
        predict_hats(catalogue, options(tmp_path, redshift="Z"), predictor, MODEL, output)
    with pytest.raises(InputError, match=r"trained on redshifts 0 to 0, not on 0\.3"):
        predict_hats(catalogue, options(tmp_path, redshift=0.3), predictor, MODEL, output)
    assert not output.exists()
    assert not parts_folder(output).exists()
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "hats.properties").write_text("")
    with pytest.raises(InputError, match="broken: this HATS catalogue cannot be read"):
        predict_hats(broken, options(tmp_path), predictor, MODEL, output)
