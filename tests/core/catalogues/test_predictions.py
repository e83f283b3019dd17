"""Predictions in each format: the same numbers, units and provenance, whole or not at all."""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from astropy.io import fits, votable
from astropy.io.votable.ucd import check_ucd
from astropy.table import Table
from numpy.typing import NDArray

from jpas_gui.core.catalogues.predictions.arrow import prediction_table
from jpas_gui.core.catalogues.predictions.columns import PREDICTION_COLUMNS
from jpas_gui.core.catalogues.predictions.parts import RUN, Existing, PartsFolder, alone_with, open_parts, parts_folder
from jpas_gui.core.catalogues.predictions.survey import survey
from jpas_gui.core.catalogues.predictions.writing import check_predictions_output, write_predictions
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.predictor import Prediction

SUFFIXES = [".fits", ".ecsv", ".csv", ".parquet", ".vot", ".xml"]
PROVENANCE = {"program": "jpas-gui", "model": {"name": "Mollá <1>", "libraries": ["a", "b"]}, "redshift": None}
N = 7


def made_ids() -> dict[str, NDArray[Any]]:
    return {
        "TILE_ID": np.arange(2470, 2470 + N, dtype=np.int32),
        "NUMBER": np.arange(N, dtype=np.int64) + 2**53 + 1,
        "NAME": np.array(["a", "", "a,b", 'say "c"', "Mollá", "x" * 30, "no. 7"]),
        "LARGE": np.arange(N, dtype=np.uint64) + 2**63,
        "flag": np.arange(N, dtype=np.int16),
    }


def made_prediction() -> Prediction:
    rng = np.random.default_rng(1)
    point = rng.normal(size=(N, 3))
    point[2] = np.nan
    percentiles = point[..., None] + np.array([-0.1, 0.0, 0.1])
    n_bands, flag = np.array([56, 56, 0, 56, 56, 40, 56]), np.array([0, 0, 3, 8, 0, 0, 24])
    return Prediction(point, percentiles, n_bands, rng.random(N), rng.random(N), flag)


PROBLEM = ("", "", "cat.csv, line 4: 3 cells, not 5", "", "", "", "")


def made_parts(output: Path, existing: Existing = Existing.REFUSE) -> PartsFolder:
    """Return a run of two parts."""
    parts = open_parts(output, {"model": "a"}, PROVENANCE, existing)
    table = prediction_table(made_ids(), np.full(N, 0.05), made_prediction(), PROBLEM)
    parts.write(0, table.slice(0, 4))
    parts.write(1, table.slice(4))
    return parts


def write(output: Path) -> None:
    parts = made_parts(output)
    write_predictions(parts, survey(parts), output)


def read(path: Path) -> Table:
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return Table({name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names})
    if path.suffix == ".csv":
        return Table.read(path, format="ascii.csv", converters={"LARGE": str})
    kind = {".ecsv": "ascii.ecsv", ".fits": "fits"}.get(path.suffix, "votable")
    return Table.read(path, format=kind)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_row_comes_back_in_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    write(path)
    table, prediction = read(path), made_prediction()
    names = ["TILE_ID", "NUMBER", "NAME", "LARGE", "catalogue_flag"]
    assert table.colnames == names + [column.name for column in PREDICTION_COLUMNS]
    np.testing.assert_array_equal(table["NUMBER"], made_ids()["NUMBER"])
    assert [int(value) for value in table["LARGE"]] == made_ids()["LARGE"].tolist()
    if suffix in (".fits", ".ecsv", ".parquet"):  # VOTables have no such numbers, and CSV no types
        assert table["LARGE"].dtype == np.uint64
    texts = ["" if value is np.ma.masked else str(value).replace("\\xe1", "á") for value in table["NAME"]]
    assert texts == list(made_ids()["NAME"])
    problems = ["" if value is np.ma.masked else str(value) for value in table["problem"]]
    assert problems == list(PROBLEM)
    for number, name in enumerate(("log_age", "metallicity", "ebv")):
        expected = prediction.point[:, number].astype(np.float32)
        np.testing.assert_array_equal(np.ma.filled(table[name], np.nan).astype(np.float32), expected)
    np.testing.assert_array_equal(table["n_bands"], prediction.n_bands)
    np.testing.assert_array_equal(table["flag"], prediction.flag)
    np.testing.assert_array_equal(table["catalogue_flag"], made_ids()["flag"])
    assert not parts_folder(path).exists()


def test_each_column_has_a_description_and_a_valid_ucd() -> None:
    for column in PREDICTION_COLUMNS:
        assert column.description
        assert check_ucd(column.ucd, check_controlled_vocabulary=True), column.ucd


def test_fits_has_units_ucds_descriptions_and_provenance(tmp_path: Path) -> None:
    path = tmp_path / "out.fits"
    write(path)
    with fits.open(path) as file:
        file.verify("exception")
        header = file[1].header
        number = file[1].columns.names.index("log_age") + 1
    assert path.stat().st_size % 2880 == 0
    assert f"TUNIT{number}" not in header  # the standard does not have dex
    assert header[f"TUNIT{number + 8}"] == "mag"
    assert header[f"TUCD{number}"] == "time.age;meta.main"
    assert header[f"TCOMM{number}"].startswith("log10 of the age in years")
    assert {"program: jpas-gui", "model.name: Moll\\xe1 <1>", "model.libraries.2: b"} <= set(header["COMMENT"])


def test_ecsv_has_units_ucds_and_provenance(tmp_path: Path) -> None:
    write(tmp_path / "out.ecsv")
    table = Table.read(tmp_path / "out.ecsv", format="ascii.ecsv")
    assert str(table["ebv_p16"].unit) == "mag"
    assert str(table["log_age"].unit) == "dex"
    assert table["ebv_p16"].meta["ucd"] == "phot.color.excess"
    assert table.meta["provenance"] == PROVENANCE
    assert table["log_age"].dtype == np.float32


def test_votable_is_valid_and_has_provenance(tmp_path: Path) -> None:
    path = tmp_path / "out.vot"
    write(path)
    document = votable.parse(path)
    infos = {info.name: info.value for info in document.resources[0].infos}
    assert infos["model.name"] == "Mollá <1>"
    field = document.get_first_table().get_field_by_id_or_name("metallicity_p84")
    assert (field.ucd, field.datatype) == ("phys.abund.Z", "float")
    assert str(document.get_first_table().get_field_by_id_or_name("ebv").unit) == "mag"


def test_parquet_has_provenance_and_a_row_group_for_each_part(tmp_path: Path) -> None:
    write(tmp_path / "out.parquet")
    file = pq.ParquetFile(tmp_path / "out.parquet")
    assert json.loads(file.schema_arrow.metadata[b"jpas_gui"]) == PROVENANCE
    assert file.schema_arrow.field("ebv").metadata[b"unit"] == b"mag"
    assert file.num_row_groups == 2


def test_csv_has_its_provenance_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().startswith("TILE_ID,NUMBER,NAME,")
    assert json.loads((tmp_path / "out.csv.json").read_text()) == PROVENANCE


def test_a_name_without_suffix_becomes_a_folder_of_parquet_files(tmp_path: Path) -> None:
    path = tmp_path / "out"
    write(path)
    assert sorted(file.name for file in path.iterdir()) == [RUN, "part-0000000.parquet", "part-0000001.parquet"]
    assert len(pq.read_table(path)) == N
    parts = made_parts(path, Existing.OVERWRITE)
    write_predictions(parts, survey(parts), path)
    assert len(pq.read_table(path)) == N
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_the_survey_counts(tmp_path: Path) -> None:
    counts = survey(made_parts(tmp_path / "out.fits"))
    assert (counts.n_rows, counts.n_answered, counts.n_unreadable, counts.without_bands) == (N, N - 1, 1, 1)
    assert counts.flagged == {1: 1, 2: 1, 8: 2, 16: 1}
    assert counts.widths["NAME"] == 30


def test_ids_that_are_numbers_in_one_part_and_text_in_another(tmp_path: Path) -> None:
    parts = open_parts(tmp_path / "out", {}, {}, Existing.REFUSE)
    for number, ids in enumerate((np.arange(N), np.array(["x"] * N))):
        table = prediction_table({"ID": ids}, np.full(N, 0.05), made_prediction(), PROBLEM)
        parts.write(number, table)
    parts.unify()
    assert [value for table in parts.tables(["ID"]) for value in table["ID"].to_pylist()] == [*"0123456", *"xxxxxxx"]


def test_ids_with_a_sign_in_one_part_and_without_in_another(tmp_path: Path) -> None:
    parts = open_parts(tmp_path / "out", {}, {}, Existing.REFUSE)
    for number, ids in enumerate((np.arange(N) - 3, np.arange(N, dtype=np.uint64) + 2**63)):
        table = prediction_table({"ID": ids}, np.full(N, 0.05), made_prediction(), PROBLEM)
        parts.write(number, table)
    parts.unify()
    found = [value for table in parts.tables(["ID"]) for value in table["ID"].to_pylist()]
    assert found == [str(number) for number in (*range(-3, N - 3), *range(2**63, 2**63 + N))]


@contextmanager
def largest_file(n_bytes: int) -> Iterator[None]:
    """Let writing fail behind so many bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_disk_that_fills_up_leaves_the_old_file_and_the_parts(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    path.write_text("older")
    parts = made_parts(path, Existing.OVERWRITE)
    counts = survey(parts)
    with largest_file(500), pytest.raises(InputError, match="cannot be written"):
        write_predictions(parts, counts, path)
    assert path.read_text() == "older"
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name, f"{path.name}.parts"]
    write_predictions(parts, counts, path)
    assert len(read(path) if suffix not in (".fits", ".vot", ".xml") else survey_rows(path)) == N


def survey_rows(path: Path) -> range:
    """Return as many numbers as the table has rows, without a look at its units."""
    if path.suffix == ".fits":
        return range(fits.getheader(path, 1)["NAXIS2"])
    return range(int(path.read_text().partition('nrows="')[2].partition('"')[0]))


def test_a_part_that_cannot_be_written(tmp_path: Path) -> None:
    parts = open_parts(tmp_path / "out.fits", {}, {}, Existing.REFUSE)
    table = prediction_table(made_ids(), np.full(N, 0.05), made_prediction(), PROBLEM)
    with largest_file(500), pytest.raises(InputError, match=r"part-0000000\.parquet: cannot be written"):
        parts.write(0, table)
    assert not parts.holds(0, N)
    parts.write(0, table)
    assert parts.holds(0, N)
    assert not parts.holds(0, N + 1)


def test_what_is_there_already(tmp_path: Path) -> None:
    path = tmp_path / "out.fits"
    made_parts(path)
    with pytest.raises(InputError, match=r"out\.fits\.parts: an unfinished run: --resume .* --overwrite"):
        open_parts(path, {"model": "a"}, {}, Existing.REFUSE)
    with pytest.raises(InputError, match="had another model: run it as before, choose another name, or --overwrite"):
        open_parts(path, {"model": "b"}, {}, Existing.RESUME)
    resumed = open_parts(path, {"model": "a"}, {"created": "later"}, Existing.RESUME)
    assert resumed.provenance == PROVENANCE
    assert resumed.holds(1, 3)
    assert not open_parts(path, {"model": "b"}, {}, Existing.OVERWRITE).holds(1, 3)
    parts_folder(path).joinpath(RUN).write_text("{")
    with pytest.raises(InputError, match=r"_run\.json: cannot be read: --overwrite starts anew"):
        open_parts(path, {"model": "a"}, {}, Existing.RESUME)


def test_an_output_is_not_lost_by_accident(tmp_path: Path) -> None:
    path = tmp_path / "out.fits"
    path.write_text("older")
    for existing in (Existing.REFUSE, Existing.RESUME):
        with pytest.raises(InputError, match=r"out\.fits: exists already: .* --overwrite"):
            open_parts(path, {}, {}, existing)
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.tex").write_text("")
    with pytest.raises(InputError, match="thesis: a folder with something else in it"):
        open_parts(folder, {}, {}, Existing.OVERWRITE)
    folder.rename(tmp_path / "new.fits.parts")
    with pytest.raises(InputError, match=r"new\.fits\.parts: in the way"):
        open_parts(tmp_path / "new.fits", {}, {}, Existing.OVERWRITE)


def test_names_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name, message in (
        ("out.txt", r"give it a name that ends in \.fits or"),
        ("nowhere/out.fits", "does not exist: make it first"),
        ("nowhere/out", "does not exist: make it first"),
        ("file", "this is a file"),
    ):
        with pytest.raises(InputError, match=message):
            check_predictions_output(tmp_path / name)
    with pytest.raises(InputError, match="cannot be made"):
        open_parts(Path("/proc/out.fits"), {}, {}, Existing.REFUSE)


def test_an_output_is_made_by_one_program_at_a_time(tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    told = pytest.raises(InputError, match=r"out\.parquet: another program is making it: wait")
    with alone_with(output), told, alone_with(output):
        pass
    with alone_with(output):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "left", [(), ("part-0000003.parquet",), ("part-0000003.parquet", ".part-0000004.77.part.parquet")]
)
def test_what_a_run_leaves_that_was_killed_as_it_tidied_up_is_in_nobodys_way(
    tmp_path: Path, left: tuple[str, ...]
) -> None:
    output = tmp_path / "out.fits"
    output.write_bytes(b"finished")
    folder = parts_folder(output)
    folder.mkdir()
    for name in left:
        (folder / name).write_bytes(b"")
    (tmp_path / f".{folder.name}.removed").mkdir()
    with pytest.raises(InputError, match=r"out\.fits: exists already"):
        open_parts(output, {}, {}, Existing.RESUME)
    parts = open_parts(output, {}, {}, Existing.OVERWRITE)
    assert {path.name for path in parts.folder.iterdir()} == {RUN}
    parts.remove()
    assert list(tmp_path.iterdir()) == [output]
