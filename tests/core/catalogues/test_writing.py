"""Tables in each format, with units and provenance, whole or not at all."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits, votable
from astropy.table import Column, Table

from jpas_gui.core.catalogues.writing import check_output, write_table, write_tables
from jpas_gui.core.errors import InputError


@pytest.fixture
def table() -> Table:
    table = Table()
    table["band"] = ["uJAVA", "J0378"]
    table["flux_nu"] = Column([1.5, np.nan], unit="nmgy", description="flux density")
    table["mask"] = [True, False]
    table.meta = {"program": "jpas-gui", "library": {"name": "Mollá", "files": ["a", "b"]}, "dust": {"r_v": None}}
    return table


@pytest.mark.filterwarnings("ignore:.*nanomaggy")  # FITS has no such unit
@pytest.mark.parametrize(("suffix", "kind"), [("ecsv", "ascii.ecsv"), ("csv", "ascii.csv"), ("fits", "fits")])
def test_values_come_back(tmp_path: Path, table: Table, suffix: str, kind: str) -> None:
    path = tmp_path / f"t.{suffix}"
    write_table(table, path)
    again = Table.read(path, format=kind)
    assert [str(band) for band in again["band"]] == ["uJAVA", "J0378"]
    np.testing.assert_array_equal(np.ma.filled(again["flux_nu"], np.nan), [1.5, np.nan])
    assert [str(value) for value in again["mask"]] == ["True", "False"]


def test_ecsv_keeps_units_and_provenance(tmp_path: Path, table: Table) -> None:
    write_table(table, tmp_path / "t.ecsv")
    again = Table.read(tmp_path / "t.ecsv", format="ascii.ecsv")
    assert str(again["flux_nu"].unit) == "nmgy"
    assert again.meta["library"] == {"name": "Mollá", "files": ["a", "b"]}


def test_fits_keeps_units_and_provenance(tmp_path: Path, table: Table) -> None:
    write_table(table, tmp_path / "t.fits")
    header = fits.getheader(tmp_path / "t.fits", 1)
    assert header["TUNIT2"] == "nanomaggy"
    assert header["TCOMM2"] == "flux density"
    assert list(header["COMMENT"]) == [
        "program: jpas-gui",
        "library.name: Moll\\xe1",
        "library.files.1: a",
        "library.files.2: b",
        "dust.r_v:",
    ]


@pytest.mark.filterwarnings("ignore")  # the unit is not in the standard
@pytest.mark.parametrize("suffix", ["vot", "xml"])
def test_votable_keeps_units_and_provenance(tmp_path: Path, table: Table, suffix: str) -> None:
    path = tmp_path / f"t.{suffix}"
    write_table(table, path)
    document = votable.parse(path)
    assert {info.name: info.value for info in document.resources[0].infos}["library.name"] == "Mollá"
    again = document.get_first_table().to_table()
    assert str(again["flux_nu"].unit) == "nmgy"
    assert again["flux_nu"].description.strip() == "flux density"
    np.testing.assert_array_equal(np.ma.filled(again["flux_nu"], np.nan), [1.5, np.nan])


def test_the_table_itself_stays_as_it_was(tmp_path: Path, table: Table) -> None:
    for suffix in ("fits", "vot", "ecsv", "csv"):
        write_table(table, tmp_path / f"t.{suffix}")
    assert str(table["flux_nu"].unit) == "nmgy"
    assert table["flux_nu"].description == "flux density"
    assert list(table.meta) == ["program", "library", "dust"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("t.xlsx", "give it a name that ends in .ecsv or .fits"),
        ("t", "give it a name"),
        ("missing/t.ecsv", "the folder .*missing does not exist: make it first"),
        ("folder.ecsv", "this is a folder: choose the name of a file"),
    ],
)
def test_names_that_cannot_be_written(tmp_path: Path, table: Table, name: str, message: str) -> None:
    (tmp_path / "folder.ecsv").mkdir()
    with pytest.raises(InputError, match=message):
        check_output(tmp_path / name)
    with pytest.raises(InputError, match=message):
        write_table(table, tmp_path / name)


def test_an_older_file_stays_when_writing_fails(tmp_path: Path, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.ecsv"
    path.write_text("old")

    def full(self: Table, path: Path, **_: object) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Table, "write", full)
    with pytest.raises(InputError, match=r"t.ecsv: cannot be written \(No space left on device\)"):
        write_table(table, path)
    assert path.read_text() == "old"
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [path]


@pytest.fixture
def answers() -> Table:
    answers = Table()
    answers["model"] = ["exact", "paper"]
    answers["ebv"] = Column([0.1, np.nan], unit="mag", description="E(B-V)")
    return answers


def test_ecsv_keeps_a_second_table_in_its_header(tmp_path: Path, table: Table, answers: Table) -> None:
    assert write_tables({"BANDS": table, "ANSWERS": answers}, tmp_path / "t.ecsv") == ()
    again = Table.read(tmp_path / "t.ecsv").meta["answers"]
    assert again["columns"] == {"model": {}, "ebv": {"unit": "mag", "description": "E(B-V)"}}
    assert again["rows"][0] == {"model": "exact", "ebv": 0.1}
    assert np.isnan(again["rows"][1]["ebv"])
    assert "answers" not in table.meta


def test_letters_that_fits_does_not_have_are_escaped(tmp_path: Path, answers: Table) -> None:
    answers["line"] = Column(["Hα", "[O II]"], description="λ")
    write_tables({"ANSWERS": answers}, tmp_path / "t.fits")
    assert list(Table.read(tmp_path / "t.fits")["line"]) == ["H\\u03b1", "[O II]"]
    assert answers["line"][0] == "Hα"


def test_fits_has_an_extension_for_each_table(tmp_path: Path, table: Table, answers: Table) -> None:
    assert write_tables({"BANDS": table, "ANSWERS": answers}, tmp_path / "t.fits") == ()
    with fits.open(tmp_path / "t.fits") as hdus:
        assert [hdu.name for hdu in hdus] == ["PRIMARY", "BANDS", "ANSWERS"]
    again = Table.read(tmp_path / "t.fits", hdu="ANSWERS")
    assert list(again["model"]) == ["exact", "paper"]
    assert str(again["ebv"].unit) == "mag"


@pytest.mark.filterwarnings("ignore")  # the unit is not in the standard
def test_votable_has_a_table_for_each(tmp_path: Path, table: Table, answers: Table) -> None:
    assert write_tables({"BANDS": table, "ANSWERS": answers}, tmp_path / "t.vot") == ()
    document = votable.parse(tmp_path / "t.vot")
    assert [one.name for one in document.iter_tables()] == ["BANDS", "ANSWERS"]
    assert document.get_table_by_id("ANSWERS").to_table()["ebv"][0] == 0.1


def test_what_csv_has_no_place_for_is_said(tmp_path: Path, table: Table, answers: Table) -> None:
    left_out = write_tables({"BANDS": table, "ANSWERS": answers}, tmp_path / "t.csv")
    assert left_out == ("answers", "units", "provenance")
    assert len(Table.read(tmp_path / "t.csv")) == 2
