"""Where the photometry of a table is found: inverse variances, tables of many columns, and what is said of none."""

from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table
from mock_catalogues import NAMES, Galaxies, make_galaxies

from jpas_gui.core.catalogues import column_names
from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.missing_photometry import ColumnsNeeded
from jpas_gui.core.catalogues.observed import MaskReason
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.table import CatalogueTable
from jpas_gui.core.errors import InputError

PLAIN = OpeningOptions(unit="nanomaggy")


@pytest.fixture(scope="module")
def galaxies() -> Galaxies:
    return make_galaxies()


def write(path: Path, columns: dict[str, np.ndarray], units: dict[str, str] | None = None) -> Path:
    Table(columns, units=units).write(path)
    return path


@pytest.mark.parametrize(
    "form", ["FLUX_IVAR_{}", "flux_ivar_{}", "{}_FLUX_INVVAR", "FLUX_INV_VAR_{}", "IVAR_{}", "fluxivar_{}"]
)
def test_inverse_variances_per_band(tmp_path: Path, galaxies: Galaxies, form: str) -> None:
    columns = {f"FLUX_{name}": galaxies.flux[:, band] for band, name in enumerate(NAMES)}
    columns |= {form.format(name): galaxies.error[:, band] ** -2.0 for band, name in enumerate(NAMES)}
    found = open_catalogue(write(tmp_path / "c.fits", columns), PLAIN).galaxies(0, 9)
    np.testing.assert_allclose(found.flux_nu, galaxies.flux)
    np.testing.assert_allclose(found.flux_nu_error, galaxies.error)


@pytest.mark.parametrize("unit", ["uJy-2", "1/uJy^2", "uJy"])
def test_inverse_variances_in_arrays_have_a_unit(tmp_path: Path, galaxies: Galaxies, unit: str) -> None:
    columns = {"FLUX_AUTO": galaxies.flux, "FLUX_IVAR_AUTO": galaxies.error**-2.0}
    path = write(tmp_path / "c.ecsv", columns, {"FLUX_AUTO": "nJy", "FLUX_IVAR_AUTO": unit})
    found = open_catalogue(path).galaxies(0, 9)
    np.testing.assert_allclose(found.flux_nu, galaxies.flux / 3631)
    np.testing.assert_allclose(found.flux_nu_error, galaxies.error / 3.631)


def test_inverse_variances_of_zero_or_less_are_of_no_data(tmp_path: Path, galaxies: Galaxies) -> None:
    variance = galaxies.error[:1, :56] ** -2.0
    variance[0, :4] = 0.0, -1.0, np.nan, np.inf
    path = write(tmp_path / "c.fits", {"FLUX_AUTO": galaxies.flux[:1, :56], "FLUX_IVAR_AUTO": variance})
    found = open_catalogue(path, PLAIN).galaxies(0, 1)
    assert found.reason[0, :5].tolist() == [*[MaskReason.NO_DATA] * 3, MaskReason.NO_ERROR, MaskReason.USED]
    assert found.mask[0, 4:56].all()


def test_errors_are_preferred_to_inverse_variances(tmp_path: Path, galaxies: Galaxies) -> None:
    columns = {"FLUX_AUTO": galaxies.flux, "FLUX_IVAR_AUTO": galaxies.flux, "FLUX_ERR_AUTO": galaxies.error}
    found = open_catalogue(write(tmp_path / "c.fits", columns), PLAIN).galaxies(0, 9)
    np.testing.assert_allclose(found.flux_nu_error, galaxies.error)


def test_inverse_variances_in_a_column_map(tmp_path: Path, galaxies: Galaxies) -> None:
    columns = {"f": galaxies.flux, "w": galaxies.error**-2.0}
    (tmp_path / "map.toml").write_text('flux = "f"\ninverse_variance = "w"\nunit = "nanomaggy"\n')
    options = OpeningOptions(columns=read_column_map(tmp_path / "map.toml"))
    found = open_catalogue(write(tmp_path / "c.fits", columns), options).galaxies(0, 9)
    np.testing.assert_allclose(found.flux_nu_error, galaxies.error)


@pytest.mark.parametrize("unit", ["%", "percent"])
def test_relative_errors_in_percent(tmp_path: Path, galaxies: Galaxies, unit: str) -> None:
    columns = {"FLUX_AUTO": galaxies.flux, "FLUX_RELERR_AUTO": 100 * galaxies.error / galaxies.flux}
    path = write(tmp_path / "c.ecsv", columns, {"FLUX_AUTO": "nJy", "FLUX_RELERR_AUTO": unit})
    np.testing.assert_allclose(open_catalogue(path).galaxies(0, 9).flux_nu_error, galaxies.error / 3631)


def test_errors_in_thousandths_of_a_magnitude(tmp_path: Path, galaxies: Galaxies) -> None:
    magnitude, error = galaxies.magnitude
    units = {"MAG_AUTO": "mag", "MAG_ERR_AUTO": "mmag"}
    path = write(tmp_path / "c.ecsv", {"MAG_AUTO": magnitude, "MAG_ERR_AUTO": 1000 * error}, units)
    found = open_catalogue(path).galaxies(0, 9)
    np.testing.assert_allclose(found.flux_nu_error, galaxies.error)
    assert found.mask.all()


def test_cgs_alone_is_told_by_size(tmp_path: Path, galaxies: Galaxies) -> None:
    columns = {"FLUX_AUTO": galaxies.flux * 3.631e-29, "FLUX_ERR_AUTO": galaxies.error * 3.631e-29}
    catalogue = open_catalogue(write(tmp_path / "c.ecsv", columns, dict.fromkeys(columns, "cgs")))
    np.testing.assert_allclose(catalogue.galaxies(0, 9).flux_nu, galaxies.flux, rtol=1e-3)
    assert "the file says cgs: fluxes of this size are taken to be in erg s-1 cm-2 Hz-1" in catalogue.notes


def test_magnitudes_in_a_unit_of_fluxes_are_refused(tmp_path: Path, galaxies: Galaxies) -> None:
    magnitude, error = galaxies.magnitude
    columns = {"MAG_AUTO": magnitude, "MAG_ERR_AUTO": error}
    path = write(tmp_path / "c.ecsv", columns, dict.fromkeys(columns, "Jy"))
    with pytest.raises(InputError, match="column MAG_AUTO has the unit Jy: give its own"):
        open_catalogue(path)


def test_each_name_of_a_wide_table_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [f"{kind}_{number}" for number in range(2000) for kind in ("FLUX_x", "FLUX_ERR_x", "line")]
    names = [*(f"{kind}_{name}" for name in NAMES for kind in ("FLUX", "FLUX_ERR")), *others]
    path = tmp_path / "c.csv"
    path.write_text(",".join(names) + "\n" + ",".join(["5"] * len(names)) + "\n")
    looked, heads = [], []
    quantity_of, head = column_names.quantity_of, CatalogueTable.head
    monkeypatch.setattr(column_names, "quantity_of", lambda name: looked.append(name) or quantity_of(name))
    monkeypatch.setattr(CatalogueTable, "head", lambda *arguments: heads.append(1) or head(*arguments))
    found = open_catalogue(path, PLAIN).galaxies(0, 1)
    assert found.mask.all()
    assert len(looked) == len(names)
    assert len(heads) < 5


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"FLUX_AUTO": np.ones((2, 40)), "FLUX_RELERR_AUTO": np.ones((2, 40))},
            "column FLUX_AUTO has 40 values per row; J-PAS has 56, 57 or 60",
        ),
        (
            {"FLUX_AUTO": np.ones(2), "FLUX_RELERR_AUTO": np.ones(2)},
            "column FLUX_AUTO begins with '1.0', which is no array of 56, 57 or 60 numbers",
        ),
        (
            {"MAG_AUTO": np.ones((2, 56))},
            "MAG_AUTO has no errors: give MAG_ERR_AUTO, or say in a column map where they are",
        ),
        (
            {f"FLUX_{name}": np.ones(2) for name in NAMES},
            "FLUX_uJAVA has no errors: give FLUX_RELERR_{band}, FLUX_ERR_{band} or FLUX_IVAR_{band}, or",
        ),
        ({"RA": np.ones(2)}, "needed are columns such as FLUX_AUTO and FLUX_RELERR_AUTO"),
    ],
)
def test_what_is_said_of_a_table_that_nearly_has_photometry(
    tmp_path: Path, columns: dict[str, np.ndarray], message: str
) -> None:
    with pytest.raises(ColumnsNeeded) as problem:
        open_catalogue(write(tmp_path / "c.fits", columns))
    assert f"no photometry of J-PAS with its errors: {message}" in str(problem.value)
    assert isinstance(problem.value, InputError)
