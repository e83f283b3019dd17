"""Tables of text as people have them: headers behind #, other delimiters and encodings, numbers in other spellings."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from astropy.io import ascii as astropy_ascii
from astropy.table import Table
from first_table import read_catalogue
from hypothesis import given, settings
from hypothesis import strategies as st
from mock_catalogues import NAMES

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.dialects import csv_table
from jpas_gui.core.catalogues.numbers import read_numbers
from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue
from jpas_gui.core.errors import InputError

PLAIN = OpeningOptions(unit="nanomaggy")
BANDS = NAMES[:56]


def numbers(n: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    flux = random.uniform(0.5, 900, (n, 56)).round(5)
    return flux, (0.03 * flux).round(6) + 0.00001


def make_table(n: int, names: list[str] | None = None) -> Table:
    flux, error = numbers(n)
    columns: dict[str, object] = {"ID": names or [f"{101 + row}" for row in range(n)]}
    for band, name in enumerate(BANDS):
        columns |= {f"FLUX_{name}": flux[:, band], f"FLUX_ERR_{name}": error[:, band]}
    return Table(columns)


def lines(table: Table, delimiter: str, number: Callable[[float], str] = repr, comment: str = "") -> str:
    rows = [[str(cell) if isinstance(cell, str) else number(float(cell)) for cell in row] for row in table.as_array()]
    return "\n".join([comment + delimiter.join(table.colnames), *map(delimiter.join, rows)]) + "\n"


def same(catalogue: ObservedCatalogue, n: int, options_n: int | None = None) -> ObservedGalaxies:
    flux, error = numbers(n)
    assert catalogue.n_rows == n
    found = catalogue.galaxies(0, n)
    assert found.problem == ("",) * n
    np.testing.assert_allclose(found.flux_nu[:, :56], flux, rtol=1e-12)
    np.testing.assert_allclose(found.flux_nu_error[:, :56], error, rtol=1e-12)
    assert found.mask[:, :56].all()
    return found


SOME, MANY = 3, 300
"""Rows that are divided one by one, and by Arrow."""


def topcat(table: Table) -> str:
    """As TOPCAT writes its ascii: a header behind #, columns of one width, text with spaces in quotes."""
    widths = [max(len(name), 12) for name in table.colnames]
    rows = [[str(cell) for cell in row] for row in table.as_array()]
    cells = [[f'"{cell}"' if " " in cell else cell for cell in row] for row in rows]
    text = [" ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    head = " ".join(name.ljust(width) for name, width in zip(table.colnames, widths, strict=True))
    return "\n".join([f"# {head}", *(f"  {row}" for row in text)]) + "\n"


def astropy_text(form: str) -> Callable[[Table], str]:
    def write(table: Table) -> str:
        from io import StringIO

        text = StringIO()
        astropy_ascii.write(table, text, format=form)
        return text.getvalue()

    return write


def psql(table: Table) -> str:
    head, *rows = lines(table, " | ").splitlines()
    return "\n".join([head, "-" * 5 + "+-" * 20, *rows])


FORMS: dict[str, Callable[[Table], str]] = {
    "# header": lambda table: lines(table, ",", comment="#"),
    "## header": lambda table: "## made by hand, see below\n#\n" + lines(table, ",", comment="## "),
    "# before the header": lambda table: "# flux in nanomaggies, error\n" + lines(table, ","),
    "% header": lambda table: lines(table, "\t", comment="% "),
    "tab, # in a cell of its own": lambda table: lines(table, "\t", comment="#\t"),
    "white space, # header (EAZY, LePhare)": lambda table: "# photometry\n" + lines(table, "   ", comment="# "),
    "white space, header": lambda table: " " + lines(table, "  ").rstrip().replace("\n", "\n "),
    "TOPCAT's ascii": topcat,
    "commented_header of astropy": astropy_text("commented_header"),
    "basic of astropy": astropy_text("basic"),
    "fixed_width of astropy": astropy_text("fixed_width"),
    "fixed_width_two_line of astropy": astropy_text("fixed_width_two_line"),
    "tab of astropy": astropy_text("tab"),
    "ipac of astropy": astropy_text("ipac"),
    "two headers (EAZY's translation of filters)": lambda table: (
        "# "
        + " ".join(table.colnames)
        + "\n# id "
        + " ".join(f"F{i} E{i}" for i in range(56))
        + "\n"
        + lines(table, " ").split("\n", 1)[1]
    ),
    "SExtractor": lambda table: (
        "".join(f"# {number:3d} {name:20s} of the source\n" for number, name in enumerate(table.colnames, start=1))
        + lines(table, " ").split("\n", 1)[1]
    ),
    "Excel's line for the delimiter": lambda table: "sep=;\n" + lines(table, ";"),
    "bars": lambda table: lines(table, "|"),
    "bars around all": lambda table: "| " + lines(table, " | ").rstrip().replace("\n", " |\n| ") + " |\n",
    "psql": psql,
    "semicolon": lambda table: lines(table, ";"),
    "semicolon and decimal comma": lambda table: lines(table, ";", lambda x: repr(x).replace(".", ",")),
    "tab and decimal comma": lambda table: lines(table, "\t", lambda x: repr(x).replace(".", ",")),
    "# header and decimal comma": lambda table: lines(table, ";", lambda x: repr(x).replace(".", ","), comment="#"),
    "quotes and decimal comma": lambda table: lines(table, ",", lambda x: f'"{x!r}"'.replace(".", ",")),
    "D exponents": lambda table: lines(table, ",", lambda x: f"{x:.12E}".replace("E", "D")),
    "d exponents": lambda table: lines(table, "  ", lambda x: f"{x:.12e}".replace("e", "d")),
    "decimal comma and D": lambda table: lines(table, ";", lambda x: f"{x:.12E}".replace("E", "D").replace(".", ",")),
    "delimiter at the end of rows": lambda table: lines(table, ",").replace("\n", ",\n").replace(",\n", "\n", 1),
    "delimiter at the end of lines": lambda table: lines(table, ",").replace("\n", ",\n"),
    "CR alone": lambda table: lines(table, ",").replace("\n", "\r"),
    "CR alone, # header": lambda table: "# a\r" + lines(table, ",", comment="#").replace("\n", "\r"),
    "CR and LF": lambda table: lines(table, "\t").replace("\n", "\r\n"),
}


@pytest.mark.parametrize("n", [SOME, MANY])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_galaxies(tmp_path: Path, form: str, n: int) -> None:
    path = tmp_path / "c.txt"
    path.write_text(FORMS[form](make_table(n)), newline="")
    found = same(open_catalogue(path, PLAIN), n)
    assert found.name.tolist() == [str(101 + row) for row in range(n)]


@pytest.mark.parametrize("n", [SOME, MANY])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_every_encoding_gives_the_same_galaxies(tmp_path: Path, encoding: str, packed: bool, n: int) -> None:
    names = [f"Señor {row}" for row in range(n)]
    content = lines(make_table(n, names), ",").encode(encoding)
    path = tmp_path / "c.csv"
    path.write_bytes(gzip.compress(content) if packed else content)
    assert same(open_catalogue(path, PLAIN), n).name.tolist() == names


def test_utf_16_of_either_end_with_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        path.write_bytes(mark + lines(make_table(SOME), "\t").encode(encoding))
        same(open_catalogue(path, PLAIN), SOME)
    path.write_bytes(path.read_bytes()[:1001])
    with pytest.raises(InputError, match="this text in UTF-16 is damaged or cut short"):
        open_catalogue(path, PLAIN)


def test_machine_readable_tables_of_journals(tmp_path: Path) -> None:
    path = tmp_path / "c.mrt"
    make_table(SOME).write(path, format="ascii.mrt")
    assert open_catalogue(path, PLAIN).dialect == "MRT, one column per band"
    same(open_catalogue(path, PLAIN), SOME)
    path.write_text(path.read_text()[:3000])
    with pytest.raises(InputError, match="this table of MRT is damaged"):
        open_catalogue(path, PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        repr,
        str,
        lambda array: repr(array.tolist()),
        lambda array: repr(list(array)),
        lambda array: str(tuple(array.tolist())),
        lambda array: np.array2string(array, separator=", "),
        lambda array: repr(array.astype(np.float32)),
        lambda array: "{" + ",".join(map(str, array)) + "}",
        lambda array: ";".join(map(str, array)),
    ],
)
def test_arrays_as_python_and_data_bases_write_them(tmp_path: Path, text: Callable[[np.ndarray], str]) -> None:
    flux, error = numbers(SOME)
    columns = {"FLUX_AUTO": flux, "FLUX_ERR_AUTO": error}
    frame = pd.DataFrame({name: [text(row) for row in values] for name, values in columns.items()})
    frame.to_csv(tmp_path / "c.csv", index=False)
    found = open_catalogue(tmp_path / "c.csv", PLAIN).galaxies(0, SOME)
    np.testing.assert_allclose(found.flux_nu[:, :56], flux, rtol=1e-6)
    assert found.mask[:, :56].all()


def test_arrays_that_were_shortened_are_shown(tmp_path: Path) -> None:
    flux, _ = numbers(SOME)
    with np.printoptions(threshold=10):
        frame = pd.DataFrame({name: [str(row) for row in flux] for name in ("FLUX_AUTO", "FLUX_ERR_AUTO")})
    frame.to_csv(tmp_path / "c.csv", index=False)
    with pytest.raises(InputError, match=r"column FLUX_AUTO begins with '\[.* \.\.\. .*', which is no array of 56"):
        open_catalogue(tmp_path / "c.csv", PLAIN)


@pytest.mark.parametrize("n", [SOME, MANY])
def test_arrays_as_pandas_writes_them(tmp_path: Path, n: int) -> None:
    flux, error = numbers(n)
    frame = pd.DataFrame({"NUMBER": range(n), "FLUX_AUTO": list(flux), "FLUX_ERR_AUTO": list(error), "PHOTOZ": 0.1})
    path = tmp_path / "c.csv"
    frame.to_csv(path, index=False)
    assert path.read_text().count("\n") > 10 * n  # the arrays break lines
    catalogue = open_catalogue(path, PLAIN)
    found = same(catalogue, n)
    assert found.name.tolist() == [str(row) for row in range(n)]
    np.testing.assert_allclose(catalogue.galaxies(1, 3).flux_nu, found.flux_nu[1:3], rtol=1e-12)


def test_a_lost_quote_among_rows_of_several_lines_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "_HEAD", 1500)
    flux, error = numbers(SOME)
    path = tmp_path / "c.csv"
    frame = pd.DataFrame({"NUMBER": range(SOME), "FLUX_AUTO": list(flux), "FLUX_ERR_AUTO": list(error)})
    frame.to_csv(path, index=False)
    path.write_text(path.read_text().rstrip()[:-1])
    with pytest.raises(InputError, match=r"cells reach over several lines in quotes, and the quote that opens in line"):
        open_catalogue(path, PLAIN)


@pytest.mark.parametrize("words", [("True", "False"), ("true", "false"), ("TRUE", "FALSE"), ("T", "F"), ("yes", "no")])
@pytest.mark.parametrize("n", [SOME, MANY])
def test_words_of_truth_in_columns_of_masks(tmp_path: Path, words: tuple[str, str], n: int) -> None:
    table = make_table(n)
    for band, name in enumerate(BANDS):
        table[f"OK_{name}"] = np.where(np.arange(n) % 2 == 0, words[0] if band != 5 else words[1], words[0])
    path, columns = tmp_path / "c.csv", tmp_path / "map.toml"
    table.write(path, format="ascii.csv")
    columns.write_text(
        'flux = "FLUX_{band}"\nerror = "FLUX_ERR_{band}"\nunit = "nanomaggy"\nmask = "OK_{band}"\nredshift = 0\n'
    )
    found = open_catalogue(path, OpeningOptions(columns=read_column_map(columns))).galaxies(0, n)
    assert found.problem == ("",) * n
    expected = np.where(np.arange(n) % 2 == 0, MaskReason.MASK_FLAGS, MaskReason.USED)
    np.testing.assert_array_equal(found.reason[:, 5], expected)
    assert found.mask[:, :5].all()


def test_words_of_truth_are_no_fluxes(tmp_path: Path) -> None:
    table = make_table(SOME)
    table["FLUX_J0390"] = ["True", "1", "2"]
    path = tmp_path / "c.csv"
    table.write(path, format="ascii.csv")
    problems = open_catalogue(path, PLAIN).galaxies(0, SOME).problem
    assert problems == ("line 2, column FLUX_J0390: 'True' is not a number", "", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("101,3.5,0.1\n102,3.6,0.1\n", r"line 1 has numbers \(101, 3.5, 0.1 \.\.\.\) where the names of the columns"),
        ("# without names of any kind\n\n101 3.5 0.1\n", "line 3 has numbers"),
        ("# only a comment\n", "no line with the names of the columns"),
    ],
)
def test_a_table_without_names(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        open_catalogue(path)


def test_thousands_are_no_decimals(tmp_path: Path) -> None:
    path = tmp_path / "c.tsv"
    table = make_table(SOME)
    path.write_text(lines(table, "\t", lambda x: f"{1000 + int(x):,}"))
    problem = open_catalogue(path, PLAIN).galaxies(0, 1).problem[0]
    assert "line 2, column FLUX_uJAVA: '1,724' is not one number" in problem


def test_a_header_longer_than_the_first_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "_HEAD", 100)
    path = tmp_path / "c.csv"
    path.write_text("# a\n" * 99 + lines(make_table(SOME), ","))
    same(open_catalogue(path, PLAIN), SOME)


PIECES = st.sampled_from(
    [
        *",;|\t \n\r#%\"'[]-=.1",
        "\r\n",
        "ID",
        "FLUX_J0390",
        "nan",
        "1,5",
        "2.5",
        "# a b",
        "--",
        "\xe9",
        "\ufeff",
        "\0",
        "sep=;",
    ]
)


@settings(deadline=None, max_examples=150)  # a file is written and read each time
@given(st.lists(PIECES, max_size=40), st.sampled_from(["utf-8", "utf-16", "latin-1"]))
def test_any_text_is_a_table_or_refused(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], encoding: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "c.csv"
    path.write_bytes("".join(pieces).encode(encoding, "replace"))
    try:
        table = read_catalogue(path)
    except InputError:
        return
    rows = table.read_rows(table.names, 0, table.n_rows)
    assert {len(rows.columns[name]) for name in table.names} == {table.n_rows}


SPELLINGS = [
    lambda x: f"{x!r}",
    lambda x: f"{x:.17E}".replace("E", "D"),
    lambda x: f"{x:.17e}".replace("e", "d"),
    lambda x: f"  {x:+.17E}  ".replace("E", "Q"),
    lambda x: f"{x:.17E}".replace("E+00", "E+000").replace("E-00", "E-000"),
]


@given(st.floats(1e-300, 1e300), st.sampled_from(SPELLINGS))
def test_numbers_in_any_spelling(value: float, spelling: Callable[[float], str]) -> None:
    assert read_numbers([spelling(value)], 1).values[0] == pytest.approx(value, rel=1e-15)


def test_exponents_of_three_digits_without_their_letter() -> None:
    found = read_numbers(["1.25-101", "-1.5+100", "3.0d2", "2020-101"], 1)
    np.testing.assert_allclose(found.values[:3], [1.25e-101, -1.5e100, 300.0])
    assert found.problems == {3: "'2020-101' is not a number"}


@pytest.mark.parametrize(
    "word", ["NA", "<NA>", "N/A", "null", "NULL", "--", "\\N", "None", "nan", "", "INDEF", "missing", "?"]
)
@pytest.mark.parametrize("n", [SOME, MANY])
def test_words_for_no_data(tmp_path: Path, word: str, n: int) -> None:
    text = lines(make_table(n), ",").splitlines()
    cells = text[2].split(",")
    cells[1] = word
    path = tmp_path / "c.csv"
    path.write_text("\n".join([*text[:2], ",".join(cells), *text[3:]]))
    found = open_catalogue(path, PLAIN).galaxies(0, n)
    assert found.problem == ("",) * n
    assert found.reason[1, 0] == MaskReason.NO_DATA
    assert found.mask[:, :56].sum() == 56 * n - 1
