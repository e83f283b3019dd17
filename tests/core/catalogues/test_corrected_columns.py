"""Photometry that is corrected for extinction already, from which it is to be removed once more."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from mock_catalogues import NAMES

from jpas_gui.core.catalogues.column_map import read_column_map
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue

MAP = 'flux = "{value}"\nerror = "e_{{band}}"\nunit = "nanomaggy"\nredshift = 0\n'


def opened(folder: Path, value: str, extinction: float | None = 0.1, description: str = "") -> ObservedCatalogue:
    table = Table()
    for name in NAMES[:56]:
        table[value.replace("{band}", name)], table[f"e_{name}"] = [20.0], [0.5]
        table[value.replace("{band}", name)].description = description
    path = folder / "c.ecsv"
    table.write(path, overwrite=True)
    (folder / "map.toml").write_text(MAP.format(value=value))
    columns = read_column_map(folder / "map.toml")
    return open_catalogue(path, OpeningOptions(columns=columns, extinction=extinction))


CORRECTED = [
    "FLUX_{band}_dered",
    "dered_flux_{band}",
    "FLUX_DERED_{band}",
    "flux_{band}_dereddened",
    "FLUX_{band}_unred",
    "flux_{band}_cor",
    "mag_{band}_corr",
    "FLUX_EXTCORR_{band}",
    "FLUX_{band}_ext_corr",
    "flux_dustcor_{band}",
    "flux_mw_corrected_{band}",
    "flux_galcorr_{band}",
    "flux_galextcorr_{band}",
    "FLUX_AUTO_DRED_{band}",
    "noext_{band}",
]


@pytest.mark.parametrize("value", CORRECTED)
def test_names_that_say_so(tmp_path: Path, value: str) -> None:
    catalogue = opened(tmp_path, value)
    (warning,) = catalogue.warnings
    first = value.replace("{band}", "uJAVA")
    assert f"may be corrected for extinction already, as the name {first} says; E(B-V) is removed" in warning
    assert str(catalogue.path) in warning
    assert warning in catalogue.notes
    assert opened(tmp_path, value, extinction=None).warnings == ()


@pytest.mark.parametrize("value", ["FLUX_{band}", "FLUX_APER_COR_3_0_{band}", "MAG_PSFCOR_{band}", "corner_{band}"])
def test_names_that_do_not_say_so(tmp_path: Path, value: str) -> None:
    assert opened(tmp_path, value).warnings == ()


@pytest.mark.parametrize(
    ("description", "warns"),
    [
        ("flux, extinction corrected", True),
        ("extinction-corrected flux", True),
        ("flux corrected for Galactic extinction (SFD)", True),
        ("Flux corrected for the reddening by dust of the Milky Way", True),
        ("dereddened flux", True),
        ("de-reddened flux", True),
        ("flux, not corrected for Galactic extinction", False),
        ("not extinction corrected", False),
        ("uncorrected for extinction", False),
        ("flux before correction for extinction", False),
        ("aperture-corrected flux", False),
        ("flux within the Kron aperture", False),
    ],
)
def test_descriptions(tmp_path: Path, description: str, warns: bool) -> None:
    assert bool(opened(tmp_path, "FLUX_{band}", description=description).warnings) == warns


def photometry() -> Table:
    return Table({"MAG_AUTO": np.full((2, 56), 20.0), "MAG_ERR_AUTO": np.full((2, 56), 0.1)})


@pytest.mark.parametrize("key", ["TTYPE1", "TCOMM1", "TUCD1"])
def test_what_a_fits_header_says(tmp_path: Path, key: str) -> None:
    path = tmp_path / "c.fits"
    hdu = fits.table_to_hdu(photometry())
    if key == "TTYPE1":
        hdu.header.comments[key] = "mag, corrected for extinction"
    else:
        hdu.header[key] = "corrected for extinction"
    hdu.writeto(path)
    (warning,) = open_catalogue(path, OpeningOptions(extinction=0.1)).warnings
    assert "as the file says of MAG_AUTO: " in warning


@pytest.mark.parametrize("form", ["votable", "parquet"])
def test_what_other_files_say(tmp_path: Path, form: str) -> None:
    table, path = photometry(), tmp_path / "c"
    table["MAG_AUTO"].description = "dereddened"
    table.write(path, format=form)
    (warning,) = open_catalogue(path, OpeningOptions(extinction=0.1)).warnings
    assert "as the file says of MAG_AUTO: dereddened; " in warning


def test_what_a_comment_says(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    names = [f"{kind}_{name}" for name in NAMES[:56] for kind in ("MAG", "MAG_ERR")]
    path.write_text("# magnitudes corrected for extinction\n" + ",".join(names) + "\n" + ",".join(["1"] * 112) + "\n")
    (warning,) = open_catalogue(path, OpeningOptions(extinction=0.1)).warnings
    assert "as the file says in front of its rows" in warning


@pytest.mark.parametrize("value", CORRECTED)
def test_names_in_capitals(tmp_path: Path, value: str) -> None:
    assert opened(tmp_path, value.upper().replace("{BAND}", "{band}")).warnings
