"""Tables of no known dialect, read with a column map."""

from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table
from hypothesis import given
from hypothesis import strategies as st
from mock_catalogues import NAMES, OLD_NAMES, Galaxies, make_galaxies

from jpas_gui.core.catalogues.column_map import ColumnMap, read_column_map, write_column_map
from jpas_gui.core.catalogues.observed import MaskReason
from jpas_gui.core.catalogues.opening import OpeningOptions, RedshiftNeeded, UnitNeeded, open_catalogue
from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import magnitude_of_flux


@pytest.fixture(scope="module")
def galaxies() -> Galaxies:
    return make_galaxies()


def write(path: Path, columns: dict[str, np.ndarray]) -> Path:
    Table(columns).write(path)
    return path


def mapped(folder: Path, text: str) -> OpeningOptions:
    path = folder / "map.toml"
    path.write_text(text)
    return OpeningOptions(columns=read_column_map(path))


def test_one_column_per_band(tmp_path: Path, galaxies: Galaxies) -> None:
    columns = {"OBJ": galaxies.number, "zz": galaxies.redshift}
    for band, name in enumerate(OLD_NAMES[:56]):
        columns |= {f"phot.{name}": galaxies.flux[:, band], f"s({name})": galaxies.error[:, band]}
        columns[f"ok_{name}"] = (band != 7) & ~galaxies.flagged[:, band]
    path = write(tmp_path / "c.fits", columns)
    text = 'id = "OBJ"\nflux = "phot.{band}"\nerror = "s({band})"\nunit = "uJy"\nmask = "ok_{band}"\nredshift = "zz"\n'
    catalogue = open_catalogue(path, mapped(tmp_path, text))
    found = catalogue.galaxies(0, 9)
    np.testing.assert_allclose(found.flux_nu[:, :56], galaxies.flux[:, :56] / 3.631, rtol=1e-9)
    np.testing.assert_allclose(found.flux_nu_error[:, :56], galaxies.error[:, :56] / 3.631, rtol=1e-9)
    expected = np.where(galaxies.flagged, MaskReason.MASK_FLAGS, MaskReason.USED)[:, :56]
    expected[:, 7] = MaskReason.MASK_FLAGS
    np.testing.assert_array_equal(found.reason[:, :56], expected)
    np.testing.assert_array_equal(found.redshift, galaxies.redshift)
    assert found.name.tolist() == ["1", "2", "3", "4", "5"]
    assert (catalogue.dialect, catalogue.unit, catalogue.id_columns) == ("FITS, column map", "uJy", ("OBJ",))


def test_arrays_of_magnitudes_and_flags_of_rows(tmp_path: Path, galaxies: Galaxies) -> None:
    magnitude, error = galaxies.magnitude
    columns = {"A": galaxies.number, "B": galaxies.number, "m": magnitude, "dm": error, "bad": [0, 1, 0, 0, 0]}
    path = write(tmp_path / "c.fits", columns)
    text = 'id = ["A", "B"]\nmagnitude = "m"\nerror = "dm"\nflags = "bad"\nredshift = 0.02\n'
    found = open_catalogue(path, mapped(tmp_path, text)).galaxies(0, 9)
    np.testing.assert_allclose(found.flux_nu, galaxies.flux, rtol=1e-9)
    np.testing.assert_allclose(found.flux_nu_error, galaxies.error, rtol=1e-9)
    assert found.mask.all(axis=1).tolist() == [True, False, True, True, True]
    assert found.redshift.tolist() == [0.02] * 5
    assert found.name.tolist()[:2] == ["1-1", "2-2"]


def test_names_that_are_no_bands_and_relative_errors(tmp_path: Path, galaxies: Galaxies) -> None:
    columns = {f"f{band}": galaxies.flux[:, band] for band in range(56)}
    columns |= {f"rel_f{band}": galaxies.error[:, band] / galaxies.flux[:, band] for band in range(56)}
    bands = "\n".join(f'{name} = "f{band}"' for band, name in enumerate(NAMES[:56]))
    text = f'flux = "{{band}}"\nrelative_error = "rel_{{band}}"\nunit = "nanomaggy"\n[bands]\n{bands}\n'
    found = open_catalogue(write(tmp_path / "c.fits", columns), mapped(tmp_path, text)).galaxies(0, 9)
    np.testing.assert_allclose(found.flux_nu_error[:, :56], galaxies.error[:, :56], rtol=1e-9)
    np.testing.assert_allclose(found.magnitude, magnitude_of_flux(galaxies.flux[:, NAMES.index("J0770")]))


def test_what_the_map_does_not_say_is_asked(tmp_path: Path, galaxies: Galaxies) -> None:
    columns = {"f": galaxies.flux, "e": galaxies.error, "z_spec": galaxies.redshift}
    path = write(tmp_path / "c.fits", columns)
    with pytest.raises(UnitNeeded):
        open_catalogue(path, mapped(tmp_path, 'flux = "f"\nerror = "e"\n'))
    with pytest.raises(RedshiftNeeded):
        open_catalogue(path, mapped(tmp_path, 'flux = "f"\nerror = "e"\nunit = "Jy"\n'))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("flux = ", "map.toml: this is not TOML"),
        ('error = "e"', "the column map needs flux or magnitude, and not both"),
        ('flux = "f"\nmagnitude = "m"\nerror = "e"', "the column map needs flux or magnitude, and not both"),
        ('flux = "f"', "needs error or relative_error or inverse_variance, and not more than one"),
        ('magnitude = "m"\nrelative_error = "e"', "errors of magnitudes are given as error"),
        ('flux = "f"\nerror = "e"\nflag = "x"', "'flag' is no key of a column map: id, flux, magnitude"),
        ('flux = 3\nerror = "e"', "flux must be the name of a column, in quotes"),
        ('flux = "f"\nerror = "e"\nid = 3', "id must be the name of a column, or a list of names"),
        ('flux = "f"\nerror = "e"\nredshift = true', "redshift must be the name of a column"),
        ('flux = "f"\nerror = "e"\nbands = "x"', "bands must be a table of names"),
        ('flux = "f"\nerror = "e"\n[bands]\nJ9999 = "x"', "the band 'J9999', which J-PAS does not have"),
    ],
)
def test_maps_that_say_nothing(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as problem:
        mapped(tmp_path, text)
    assert str(problem.value).startswith(str(tmp_path / "map.toml"))


def test_a_map_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: cannot be read"):
        read_column_map(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('flux = "x_{band}"\nerror = "e"', r"no column x_\{band\} of any band of J-PAS; it has f, e, short, RA"),
        ('flux = "f"\nerror = "dev"', "no column dev, which the column map names; it has f, e, short, RA"),
        (
            'flux = "f"\nerror = "RA"',
            r"column RA has 1 value per row; J-PAS has 56, 57 or 60 \(for one column per band",
        ),
        ('flux = "short"\nerror = "e"', "column short has 12 values per row"),
        ('id = "NO"\nflux = "f"\nerror = "e"\nunit = "Jy"', "no column NO, which the column map names as id"),
        ('flux = "f"\nerror = "e"\nunit = "Jy"\nmask = "ok"', "no column ok, which the column map names"),
        ('flux = "f"\nerror = "e"\nunit = "mag"', "f holds no values in mag"),
        ('flux = "f"\nerror = "e"\nunit = "stone"', "'stone' is no unit of flux density"),
        ('flux = "f"\nerror = "e"\nunit = "Jy"\nredshift = "z"', "no column z for redshift, and it is no number"),
    ],
)
def test_maps_of_another_file(tmp_path: Path, galaxies: Galaxies, text: str, message: str) -> None:
    columns = {"f": galaxies.flux, "e": galaxies.error, "short": galaxies.flux[:, :12], "RA": galaxies.number}
    path = write(tmp_path / "c.fits", columns)
    with pytest.raises(InputError, match=message):
        open_catalogue(path, mapped(tmp_path, text))


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(names, names, st.lists(names, max_size=3), st.one_of(st.none(), names, st.floats(0, 9)), names)
def test_maps_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    flux: str,
    error: str,
    ids: list[str],
    redshift: str | float | None,
    band: str,
) -> None:
    columns = ColumnMap(id=tuple(ids), flux=flux, error=error, redshift=redshift, bands={"J0390": band})
    path = tmp_path_factory.mktemp("maps") / "map.toml"
    write_column_map(columns, path)
    assert read_column_map(path) == columns
