from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from library_files import Sample

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.reading import read_library
from jpas_gui.core.ssp.wavelengths import vacuum_of_air


def table_of(sample: Sample) -> Table:
    """A row per model: age in Gyr, [M/H], Angstrom and erg/s/Angstrom, as spfit's tables."""
    models = list(sample.models())
    return Table(
        {
            "age": [10 ** (log_age - 9) for _, log_age, _ in models],
            "MH": [metallicity for metallicity, *_ in models],
            "wave": np.tile(sample.wavelength, (len(models), 1)),
            "flam": np.array([luminosity for *_, luminosity in models]) * 3.828e33,
            "source": [f"{i}.fits" for i in range(len(models))],
        }
    )


def write(path: Path, table: Table, *others: fits.BinTableHDU | fits.ImageHDU, **cards: object) -> Path:
    hdu = fits.table_to_hdu(table)
    hdu.header.update(cards)
    fits.HDUList([fits.PrimaryHDU(), hdu, *others]).writeto(path)
    return path


def assert_is_sample(library: SSPLibrary, sample: Sample) -> None:
    np.testing.assert_allclose(library.log_age, sample.log_age, atol=1e-5)
    np.testing.assert_allclose(library.metallicity, sample.metallicity, atol=1e-4)
    np.testing.assert_allclose(library.luminosity, sample.luminosity, rtol=1e-5)


def test_a_card_that_lists_the_units(tmp_path: Path, sample: Sample) -> None:
    path = write(tmp_path / "MIUSCAT_thin.fits", table_of(sample), UNITS="Gyr, [M/H], A, erg/s/A/Mo")
    library = read_library(path)
    assert_is_sample(library, sample)
    np.testing.assert_allclose(library.wavelength, vacuum_of_air(sample.wavelength), atol=1e-6)
    assert (library.name, library.title) == ("miuscat_thin", "MIUSCAT_thin")
    assert library.source.assumed == ("the solar Z is 0.02", "wavelengths are in air")


def test_units_of_the_columns(tmp_path: Path, sample: Sample) -> None:
    table = table_of(sample)
    table["age"] *= 1e3
    table["wave"] /= 10
    table["MH"] = 0.02 * 10 ** table["MH"]
    table.rename_columns(["MH", "wave", "flam"], ["Z", "lambda_vac", "L_nu"])
    table["L_nu"] *= sample.wavelength**2 / 299792458e10
    for name, unit in {"age": "Myr", "lambda_vac": "nm", "L_nu": "erg/(s Hz)"}.items():
        table[name].unit = unit
    library = read_library(write(tmp_path / "x.fits", table))
    assert_is_sample(library, sample)
    np.testing.assert_allclose(library.wavelength, sample.wavelength, rtol=1e-9)
    assert library.source.medium == "vacuum"


@pytest.mark.parametrize("kind", ["image", "table", "log"])
def test_wavelengths_of_their_own(tmp_path: Path, sample: Sample, kind: str) -> None:
    table = table_of(sample)
    table.remove_column("wave")
    table["flam"] /= 3.828e33
    if kind == "image":
        other = fits.ImageHDU(sample.wavelength / 10, fits.Header({"BUNIT": "nm"}), name="WAVELENGTH")
    else:
        column = {"loglam": np.log10(sample.wavelength)} if kind == "log" else {"wave": sample.wavelength}
        other = fits.table_to_hdu(Table(column))
    library = read_library(write(tmp_path / "x.fits", table, other))
    assert_is_sample(library, sample)
    assert "luminosities are in Lsun/Angstrom/Msun (no TUNIT3)" in library.source.assumed


def test_metallicities_of_which_one_is_negative_are_all_mh(tmp_path: Path, sample: Sample) -> None:
    table = table_of(sample)
    table.rename_column("MH", "metallicity")
    library = read_library(write(tmp_path / "x.fits", table, UNITS="Gyr, , A, erg/s/A/Mo"))
    assert_is_sample(library, sample)
    assert "metallicity is [M/H] (no unit)" in library.source.assumed


def test_other_words_for_metallicities(tmp_path: Path, sample: Sample) -> None:
    for number, (factor, unit) in enumerate(((0.02, ""), (1.0, "Zsun"), (2.0, "%"))):
        table = table_of(sample)
        table["MH"] = factor * 10 ** table["MH"]
        table.rename_column("MH", "metallicity")
        library = read_library(write(tmp_path / f"{number}.fits", table, UNITS=f"Gyr, {unit}, A, erg/s/A/Mo"))
        assert_is_sample(library, sample)


def test_frequencies_are_those_of_vacuum(tmp_path: Path, sample: Sample) -> None:
    table = table_of(sample)
    table["wave"] = 299792458e10 / table["wave"]
    table.rename_column("wave", "freq")
    library = read_library(write(tmp_path / "x.fits", table, UNITS="Gyr, [M/H], Hz, erg/s/A/Mo"))
    assert_is_sample(library, sample)
    assert library.source.medium == "vacuum"


def test_an_axis_in_the_header_of_the_table(tmp_path: Path, sample: Sample) -> None:
    table = table_of(sample)
    table.remove_column("wave")
    cards = {"UNITS": "Gyr, [M/H], erg/s/A/Mo", "CRVAL1": 350.0, "CDELT1": 0.5, "CRPIX1": 1.0, "CUNIT1": "nm"}
    assert_is_sample(read_library(write(tmp_path / "x.fits", table, **cards)), sample)


def age_in_years(table: Table) -> None:
    table["age"] *= 1e9


def no_unit(table: Table) -> None:
    table["flam"].unit = None


def odd_wavelengths(table: Table) -> None:
    table["wave"][2, 3] += 1


def plain_metallicity(table: Table) -> None:
    table["MH"] = 0.02
    table.rename_column("MH", "metallicity")


def a_model_twice(table: Table) -> None:
    table["age"][1] = table["age"][0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (age_in_years, "has no unit and is no age in Gyr: write its unit in brackets"),
        (no_unit, "no unit is given: if they are in erg/s/Angstrom/Msun, write the unit into TUNIT4"),
        (odd_wavelengths, "its column wave does not hold the same 1200 wavelengths in each row"),
        (plain_metallicity, "its metallicity = 0.02 may be Z or [M/H]: call it Z (mass fraction) or MH"),
        (a_model_twice, "row 2: same age and metallicity as"),
    ],
)
def test_what_is_refused(tmp_path: Path, sample: Sample, change, said: str) -> None:
    table = table_of(sample)
    table["flam"].unit = "erg/(s Angstrom)"
    change(table)
    path = write(tmp_path / "x.fits", table)
    with pytest.raises(InputError) as error:
        read_library(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)


def test_a_catalogue_of_galaxies_is_none(tmp_path: Path) -> None:
    path = write(tmp_path / "x.fits", Table({"age": [1.0], "Z": [0.5], "flux": [1.0]}))
    with pytest.raises(InputError, match=r"x\.fits: a FITS file, but not a library"):
        read_library(path)
