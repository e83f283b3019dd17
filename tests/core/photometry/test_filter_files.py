import re

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from astropy.units import Unit
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.photometry.curve_formats import read_curve_table
from jpas_gui.core.photometry.filter_files import (
    band_of_file,
    embedded_filters,
    read_filters,
    svo_name,
    with_own_filters,
)
from jpas_gui.core.photometry.filters import FilterCurve
from jpas_gui.core.ssp.readers.popstar import read_popstar

WAVELENGTH = np.array([4900.0, 4950.0, 5000.0, 5050.0, 5100.0])
TRANSMISSION = np.array([0.0, 0.3, 0.45, 0.3, 0.0])

CEFCA_HEADER = """\
#  Transmission curve of J-PAS band
#
#  Date: 2017-03-16
#  Columns:
#  1: wavelength (Angstroms)
#  2: transmission
"""

# The structure that the SVO filter profile service answers with (fps.php?ID=OAJ/JPAS.J0500).
SVO_VOTABLE = """\
<?xml version="1.0"?>
<VOTABLE version="1.1" xsi:schemaLocation="http://www.ivoa.net/xml/VOTable/v1.1"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <INFO name="QUERY_STATUS" value="OK"/>
  <RESOURCE type="results">
    <TABLE utype="photDM:PhotometryFilter.transmissionCurve.spectrum">
    <PARAM name="FilterProfileService" value="ivo://svo/fps" ucd="meta.ref.ivorn"
     utype="PhotometryFilter.fpsIdentifier" datatype="char" arraysize="*"/>
    <PARAM name="filterID" value="OAJ/JPAS.J0500" ucd="meta.id" utype="photDM:PhotometryFilter.identifier"
     datatype="char" arraysize="*"/>
    <PARAM name="WavelengthUnit" value="Angstrom" ucd="meta.unit"
     utype="PhotometryFilter.SpectralAxis.unit" datatype="char" arraysize="*"/>
    <PARAM name="WavelengthPivot" value="5005.77" unit="Angstrom" ucd="em.wl" datatype="double"/>
    <FIELD name="Wavelength" utype="spec:Data.SpectralAxis.Value" ucd="em.wl" unit="{unit}" datatype="double"/>
    <FIELD name="Transmission" utype="spec:Data.FluxAxis.Value" ucd="phys.transmission" unit="" datatype="double"/>
    <DATA>
    <TABLEDATA>
{rows}
    </TABLEDATA>
    </DATA>
    </TABLE>
  </RESOURCE>
</VOTABLE>
"""


def official(name):
    return embedded_filters().curves[embedded_filters().index(name)]


def two_columns(wavelength=WAVELENGTH, transmission=TRANSMISSION, header=""):
    return header + "".join(f"{w} {t}\n" for w, t in zip(wavelength, transmission, strict=True))


def votable(wavelength=WAVELENGTH, transmission=TRANSMISSION, unit="Angstrom"):
    rows = (
        f"      <TR>\n        <TD>{w}</TD>\n        <TD>{t}</TD>\n      </TR>"
        for w, t in zip(wavelength, transmission, strict=True)
    )
    return SVO_VOTABLE.format(rows="\n".join(rows), unit=unit)


def test_the_embedded_set_has_all_60_bands():
    filters = embedded_filters()
    assert filters.names == tuple(band.name for band in all_bands())
    for curve in filters.curves:
        # J1007 is the open red end: its nominal wavelength is not the pivot's.
        assert abs(curve.pivot - curve.band.wavelength) < (300 if curve.band.name == "J1007" else 80)
        assert 0.15 < curve.transmission.max() < 0.7


def test_the_embedded_set_equals_the_curves_of_2017(real_data):
    official, survey = embedded_filters(), read_filters(real_data / "filters" / "jpas_2017")
    assert survey.names == official.names
    library = read_popstar()
    for metallicity, log_age, redshift in [(4, 9.7, 0.0), (0, 6.5, 0.0), (5, 10.1, 0.3)]:
        spectrum = library.luminosity[metallicity, np.argmin(np.abs(library.log_age - log_age))]
        one, other = (
            magnitude_of_flux(filters.matrix(library.wavelength, redshift).band_flux(spectrum))
            for filters in (official, survey)
        )
        difference = dict(zip(official.names, np.abs(one - other), strict=True))
        # The folder's iSDSS is not the official one; the reader must keep that difference.
        assert difference.pop("iSDSS") > 0.003
        # CEFCA's noise below zero and far wings: the official files cut them off.
        assert max(difference.pop("J0910"), difference.pop("rSDSS")) < 1e-3
        assert max(difference.values()) < 5e-5
    for one, other in zip(official.curves, survey.curves, strict=True):
        if one.band.name not in ("iSDSS", "J0910", "rSDSS"):
            assert abs(one.pivot - other.pivot) < 0.03


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("JPAS_J0500.tab", two_columns(header=CEFCA_HEADER)),
        ("Jv0915_5001.res", two_columns()),
        ("OAJ_JPAS.J0500.dat", two_columns()),
        ("J0500.txt", two_columns().replace(" ", "\t")),
        ("j0500.TXT", two_columns(header="# mine\n\n")),
        ("OAJ.JPAS.J0500.xml", votable()),
        ("J0500.vot", votable().removeprefix('<?xml version="1.0"?>\n')),
        ("J0500.votable", votable(wavelength=WAVELENGTH / 10, unit="nm")),
    ],
)
def test_every_format_gives_the_same_curve(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    for path in (tmp_path, tmp_path / name):
        [curve] = read_filters(path).curves
        assert curve.band.name == "J0500"
        np.testing.assert_allclose(curve.wavelength, WAVELENGTH, rtol=1e-12)
        np.testing.assert_array_equal(curve.transmission, TRANSMISSION)


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path):
    text = two_columns(header="# mine\n").replace("\n", "\r\n")
    (tmp_path / "J0500.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    [curve] = read_filters(tmp_path).curves
    np.testing.assert_array_equal(curve.wavelength, WAVELENGTH)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8"])
def test_comments_of_any_encoding_and_line_ends_do_not_matter(encoding):
    for ends in ("\n", "\r"):
        text = two_columns(header="# Lambda [Å]\n# energy\n").replace("\n", ends)
        table = read_curve_table(text.encode(encoding))
        np.testing.assert_array_equal(table.wavelength, WAVELENGTH)
        assert table.remarks == ("Lambda [Å]", "energy")


def test_votables_with_prefixed_names_or_behind_a_comment():
    prefixed = re.sub(r"(</?)(?=[A-Z])", r"\1vot:", votable())
    for text in (prefixed, votable().replace("<VOTABLE", f"<!-- {'x' * 5000} -->\n<VOTABLE", 1)):
        np.testing.assert_array_equal(read_curve_table(text.encode()).wavelength, WAVELENGTH)


def test_a_folder_gives_the_bands_that_it_holds_and_leaves_other_files_alone(tmp_path):
    for name in ("J0540", "J0490", "rSDSS"):
        curve = official(name)
        (tmp_path / f"JPAS_{name}.tab").write_text(two_columns(curve.wavelength, curve.transmission))
    (tmp_path / "README.txt").write_text("not a curve")
    (tmp_path / "J0400.png").write_bytes(b"\x89PNG")
    filters = read_filters(tmp_path)
    assert filters.names == ("J0490", "J0540", "rSDSS")
    assert filters.source == str(tmp_path)
    assert filters.notes == (f"filter curves from {tmp_path}: passed over, named after no band: README.txt",)


def test_padding_with_zeros_does_not_count_as_the_band(tmp_path):
    padded = np.concatenate([[3000, 4000], WAVELENGTH, [6000, 7000]])
    (tmp_path / "J0500.txt").write_text(two_columns(padded, np.concatenate([[0, 0], TRANSMISSION, [0, 0]])))
    [curve] = read_filters(tmp_path).curves
    np.testing.assert_array_equal(curve.wavelength, WAVELENGTH)


def test_measurement_noise_below_zero_is_cut_and_real_negatives_are_refused(tmp_path):
    (tmp_path / "J0500.txt").write_text(two_columns(transmission=[-0.001, 0.3, 0.45, 0.3, 0.0]))
    [curve] = read_filters(tmp_path).curves
    np.testing.assert_array_equal(curve.transmission, TRANSMISSION)
    (tmp_path / "J0500.txt").write_text(two_columns(transmission=[-0.1, 0.3, 0.45, 0.3, 0.0]))
    with pytest.raises(InputError, match="negative nowhere"):
        read_filters(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (two_columns(WAVELENGTH[::-1]), r"the wavelengths of J0500 do not increase \(row 2\)"),
        (two_columns([4900, 4950, 4950, 5050, 5100]), r"the wavelengths of J0500 do not increase \(row 3\)"),
        (two_columns([-4900, 4950, 5000, 5050, 5100], TRANSMISSION + 0.1), "zero or negative: -4900"),
        (two_columns(transmission=[0, 0.3, np.nan, 0.3, 0]), "contains values that are not numbers"),
        (two_columns([4900, np.nan, 5000, 5050, 5100]), "contains values that are not numbers"),
        (two_columns(transmission=[0, 0, 0, 0, 0]), "must be positive somewhere"),
        (two_columns(transmission=["0", "0.3", "high", "0.3", "0"]), "not two columns of numbers"),
        ("1.0\n2.0\n3.0\n", "not two columns of numbers"),
        ("", "no rows: a curve has two columns of numbers"),
        ("# only a comment\n", "no rows: a curve has two columns of numbers"),
        (b"\x00\xff\xfe\x80" * 100, "not two columns of numbers"),
        (votable(WAVELENGTH[::-1]), "do not increase"),
        (votable(transmission=["", "0.3", "0.4", "0.3", "0"]), "not numbers"),
        (votable().replace("Transmission", "Colour"), "not a VOTable with the columns Wavelength and Transmission"),
        (votable()[:900], "not a VOTable with the columns Wavelength and Transmission"),
        (votable(unit="kg"), "not a VOTable with the columns Wavelength and Transmission"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_an_unusable_file_is_named_with_its_fault_in_one_line(tmp_path, content, message):
    path = tmp_path / "JPAS_J0500.tab"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message) as caught:
        read_filters(tmp_path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_path_without_curves_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no-such: no such file or folder"):
        read_filters(tmp_path / "no-such")
    with pytest.raises(InputError, match="no file in this folder is named after a J-PAS band"):
        read_filters(tmp_path)
    (tmp_path / "mine.txt").write_text(two_columns())
    with pytest.raises(InputError, match=r"mine\.txt: the file's name holds no J-PAS band"):
        read_filters(tmp_path / "mine.txt")
    (tmp_path / "J0500.txt").mkdir()
    with pytest.raises(InputError, match=r"J0500\.txt: cannot be read"):
        read_filters(tmp_path)


@pytest.mark.parametrize("factor", [0.1, 1e-4, 10.0, 1e3])
def test_wavelengths_in_other_units_are_refused(tmp_path, factor):
    (tmp_path / "J0500.txt").write_text(two_columns(WAVELENGTH * factor))
    with pytest.raises(
        InputError, match=r"J0500\.txt: the curve of J0500 lies at .* A instead of about 5002 A: .* Angstrom"
    ):
        read_filters(tmp_path)


def test_two_files_of_one_band_are_refused(tmp_path):
    curve = official("uJAVA")
    for name in ("J0348.txt", "uJAVA.txt"):
        (tmp_path / name).write_text(two_columns(curve.wavelength, curve.transmission))
    with pytest.raises(InputError, match="two curves of the band uJAVA"):
        read_filters(tmp_path)


@pytest.mark.parametrize("band", all_bands(), ids=lambda band: band.name)
def test_files_are_recognised_by_today_s_and_older_names(band):
    for name in (band.name, *band.aliases):
        assert band_of_file(f"{name}.tab") is band
        assert band_of_file(f"JPAS_{name}.res") is band
    assert band_of_file(f"OAJ_JPAS.{svo_name(band)}.dat") is band
    assert band_of_file(f"OAJ.JPAS.{svo_name(band)}.xml") is band


CURVES = st.lists(st.tuples(st.floats(0.01, 500.0), st.floats(0.001, 1.0)), min_size=3, max_size=30)


@given(CURVES, st.sampled_from([votable, two_columns]))
def test_what_is_written_is_read_back(rows, write):
    wavelength = 4000 + np.cumsum([step for step, _ in rows])
    transmission = np.array([value for _, value in rows])
    table = read_curve_table(write(wavelength, transmission).encode())
    np.testing.assert_array_equal(table.wavelength, wavelength)
    np.testing.assert_array_equal(table.throughput, transmission)


def test_throughput_in_per_cent_is_refused(tmp_path):
    (tmp_path / "J0500.txt").write_text(two_columns(transmission=100 * TRANSMISSION))
    with pytest.raises(InputError, match=r"J0500\.txt: the throughput of J0500 reaches 45: it must be a part of 1"):
        read_filters(tmp_path)


def csv(separator=",", decimal=".", names="wavelength,transmission"):
    rows = [f"{w}{separator}{t}".replace(".", decimal) for w, t in zip(WAVELENGTH, TRANSMISSION, strict=True)]
    return "\n".join([names.replace(",", separator), *rows])


FORTRAN = "".join(f"  {w / 1e3:.6f}D+03  {t:.6f}d-01\n" for w, t in zip(WAVELENGTH, 10 * TRANSMISSION, strict=True))
NUMBERED = "row,T,Wavelength (A)\n" + "".join(
    f"{row},{t},{w}\n" for row, (w, t) in enumerate(zip(WAVELENGTH, TRANSMISSION, strict=True))
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("comma.csv", csv()),
        ("spaces.csv", csv(", ")),
        ("quoted.csv", csv(names='"lambda","throughput"')),
        ("no-names.csv", csv().split("\n", 1)[1]),
        ("semicolon.csv", csv(";", ",")),
        ("tab.txt", csv("\t", ",")),
        ("numbered.csv", NUMBERED),
        ("exclamation.dat", two_columns(header="! a curve\n! lambda  T\n")),
        ("names.dat", two_columns(header="wavelength transmission\n")),
        ("fortran.dat", FORTRAN),
    ],
)
def test_curves_as_other_programs_write_them(name, content):
    table = read_curve_table(content.encode())
    np.testing.assert_allclose(table.wavelength, WAVELENGTH, rtol=1e-12)
    np.testing.assert_allclose(table.throughput, TRANSMISSION, rtol=1e-12)


@pytest.mark.parametrize("unit", ["Angstrom", "ANGSTROMS", "AA", "nm", "micron", None])
@pytest.mark.parametrize(
    ("name", "columns"), [("J0500.fits", ("WAVELENGTH", "THROUGHPUT")), ("J0500.ecsv", ("wavelength", "response"))]
)
def test_tables_with_units(tmp_path, unit, name, columns):
    scale = {"nm": 10.0, "micron": 1e4}.get(unit, 1.0)
    table = Table(dict(zip(columns, (WAVELENGTH / scale, TRANSMISSION), strict=True)))
    if name.endswith("fits"):
        hdu = fits.table_to_hdu(table)
        if unit:
            hdu.header["TUNIT1"] = unit
        fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(tmp_path / name)
    else:
        table[columns[0]].unit = Unit(unit, parse_strict="silent") if unit else None
        table.meta = {"group_name": "mine", "band_name": "J0500"}
        table.write(tmp_path / name, format="ascii.ecsv")
    [curve] = read_filters(tmp_path).curves
    np.testing.assert_allclose(curve.wavelength, WAVELENGTH, rtol=1e-12)
    np.testing.assert_allclose(curve.transmission, TRANSMISSION)


@pytest.mark.parametrize("unit", ["Hz", "furlong"])
def test_tables_with_units_that_are_no_wavelengths(tmp_path, unit):
    text = f"# %ECSV 1.0\n# ---\n# datatype:\n# - {{name: wave, unit: {unit}, datatype: float64}}\n"
    rows = csv(" ", names="wave,trans").replace("# - ", "")
    (tmp_path / "J0500.ecsv").write_text(f"{text}# - {{name: trans, datatype: float64}}\n{rows}\n")
    with pytest.raises(InputError, match="not an ECSV table with the columns wavelength and throughput in Angstrom"):
        read_filters(tmp_path)


def energy_pivot(wavelength, response):
    """Return the pivot of an energy counter, on a fine grid: sqrt(INT S dlambda / INT S dlambda/lambda^2)."""
    fine = np.linspace(wavelength[0], wavelength[-1], 200_001)
    s = np.interp(fine, wavelength, response)
    return np.sqrt(np.trapezoid(s, fine) / np.trapezoid(s / fine**2, fine))


FINE = np.linspace(WAVELENGTH[0], WAVELENGTH[-1], 41)
RESPONSE = np.interp(FINE, WAVELENGTH, TRANSMISSION)


def with_detector(kind):
    param = f'<PARAM name="DetectorType" value="{kind}" datatype="char" arraysize="*"/>\n    <FIELD name="Wavelength"'
    return votable(FINE, RESPONSE).replace('<FIELD name="Wavelength"', param)


@pytest.mark.parametrize(
    ("content", "counts_energy"),
    [
        (with_detector(0), True),
        (with_detector(1), False),
        (re.sub(r'(<PARAM name="Det.*?/>)', r"<GROUP>\1</GROUP>", with_detector(0)), True),
        (
            votable(FINE, RESPONSE).replace("<RESOURCE", '<INFO name="DetectorType" value="0"/><RESOURCE'),
            True,
        ),
        (votable(FINE, RESPONSE), False),
        (two_columns(FINE, RESPONSE, header="# energy\n"), True),
        (two_columns(FINE, RESPONSE, header="! detector: energy counter\n"), True),
        (two_columns(FINE, RESPONSE, header="# DetectorType: 0 (0: energy counter, 1: photon counter)\n"), True),
        (two_columns(FINE, RESPONSE, header="# Detector type = 1 (0: energy counter, 1: photon counter)\n"), False),
        (two_columns(FINE, RESPONSE, header="# photons, not energy\n"), False),
        (two_columns(FINE, RESPONSE, header="# detector_type: 0\n"), True),
        (two_columns(FINE, RESPONSE, header="# energy counter (not photon counter)\n"), True),
        (two_columns(FINE, RESPONSE, header="# detector: bolometer\n"), True),
        (two_columns(FINE, RESPONSE, header="# for surveys of dark energy\n"), False),
        (two_columns(FINE, RESPONSE), False),
    ],
)
def test_energy_counters_are_made_photon_counters(tmp_path, content, counts_energy):
    path = tmp_path / ("J0500.xml" if "VOTABLE" in content else "J0500.dat")
    path.write_text(content)
    filters = read_filters(path)
    pivot = FilterCurve(official("J0500").band, FINE, RESPONSE).pivot
    expected = energy_pivot(FINE, RESPONSE) if counts_energy else pivot
    assert abs(pivot - energy_pivot(FINE, RESPONSE)) > 0.1
    assert filters.curves[0].pivot == pytest.approx(expected, abs=0.005)
    said = (f"filter curves from {path}: of energy counters, so divided by wavelength: J0500",)
    assert filters.notes == (said if counts_energy else ())


def write_official(folder, *names):
    for name in names:
        curve = official(name)
        (folder / f"{name}.tab").write_text(two_columns(curve.wavelength, curve.transmission))


@pytest.mark.parametrize(
    "name",
    ["J0395.tab", "J0515.dat", "OAJ_JPLUS.J0861.xml", "zSDSS.tab", "F0660.dat", "CTIO_S-PLUS.F515.dat",
     "jplus_J0660.dat", "SLOAN_SDSS.g.dat", "PS1_r.dat", "CTIO_DECam.g.dat", "LSST-i.dat", "PAUS_J0460.dat"],
)  # fmt: skip
def test_a_folder_with_a_band_of_another_survey_is_refused(tmp_path, name):
    write_official(tmp_path, "J0410", "gSDSS")
    (tmp_path / name).write_text(two_columns())
    with pytest.raises(InputError) as caught:
        read_filters(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}: curves of another survey than J-PAS ({name}): ")


@pytest.mark.parametrize(
    ("content", "survey"),
    [
        (two_columns(header="# Transmission curve of J-PLUS band J0500\n"), "J-PLUS"),
        (two_columns(header="! S-PLUS\n"), "S-PLUS"),
        (votable().replace("OAJ/JPAS.J0500", "OAJ/JPLUS.J0500"), "JPLUS"),
        (votable().replace("OAJ/JPAS.J0500", "SLOAN/SDSS.g"), "SLOAN/SDSS.g"),
    ],
)
def test_a_file_that_says_it_is_of_another_survey_is_refused(tmp_path, content, survey):
    (tmp_path / "J0500.txt").write_text(content)
    with pytest.raises(
        InputError, match=rf"J0500\.txt: the file says that it is a curve of {survey}: give one of J-PAS"
    ):
        read_filters(tmp_path)


@pytest.mark.parametrize(
    ("band", "place", "width", "message"),
    [
        (
            "J0410",
            4110,
            202,
            r"the curve of J0410 is 202 A wide, that of J-PAS 144 A: it is of another band, or survey",
        ),
        ("J0390", 3950, 50, r"the curve of J0390 is 50 A wide, that of J-PAS 144 A"),
        ("J0390", 5055, 145, r"the curve of J0390 lies at 505\d A, that of J-PAS at 3904 A"),
        ("uJAVA", 3850, 500, r"the curve of uJAVA lies at 38\d\d A"),
        ("rSDSS", 6250, 150, r"the curve of rSDSS is 150 A wide"),
    ],
)
def test_a_curve_that_cannot_be_its_bands_is_refused(tmp_path, band, place, width, message):
    wavelength = place + width * np.array([-0.55, -0.45, 0.0, 0.45, 0.55])
    (tmp_path / f"{band}.dat").write_text(two_columns(wavelength, [0, 0.5, 0.5, 0.5, 0]))
    with pytest.raises(InputError, match=rf"{band}\.dat: {message}"):
        read_filters(tmp_path)


@pytest.mark.parametrize("band", all_bands(), ids=lambda band: band.name)
def test_designs_of_a_band_are_taken(tmp_path, band):
    """Curves of 2014 and 2015 differ from the official ones by some A, and wide ones in their blue wings."""
    curve = official(band.name)
    shift, slope = (150.0, 0.3) if band.width > 300 else (25.0, 0.05)
    wavelength = curve.wavelength + shift
    tilt = 1 + slope * (curve.wavelength - curve.pivot) / curve.fwhm
    (tmp_path / f"{band.name}.res").write_text(two_columns(wavelength, curve.transmission * np.clip(tilt, 0, 2)))
    assert read_filters(tmp_path).names == (band.name,)


def test_what_lies_far_from_the_official_curve_is_said(tmp_path):
    for name, shift in (("rSDSS", 120.0), ("J0410", 5.0)):
        curve = official(name)
        (tmp_path / f"{name}.res").write_text(two_columns(curve.wavelength + shift, curve.transmission))
    (note,) = read_filters(tmp_path).notes
    assert note.endswith("far from the official ones, are they of J-PAS? rSDSS (+120 A)")


def test_the_official_curves_stand_in_for_bands_that_a_folder_lacks(tmp_path):
    write_official(tmp_path, "J0410", "gSDSS")
    filters = with_own_filters(tmp_path)
    assert filters.names == embedded_filters().names
    (note,) = filters.notes
    assert note.startswith(
        f"filter curves from {tmp_path}: J0410, gSDSS; the official ones: uJAVA, J0378, J0390, J0400"
    )
    assert note.endswith(" and 46 more")
    write_official(tmp_path, *embedded_filters().names)
    assert with_own_filters(tmp_path).notes == ()


def test_the_energy_counter_and_the_other_survey_that_were_reported(real_data):
    [curve] = read_filters(real_data / "field" / "filter-energy-counter").curves
    assert curve.pivot == pytest.approx(6599.867, abs=0.002)
    with pytest.raises(
        InputError, match=r"curves of another survey than J-PAS \(J0395.tab, J0515.tab, J0861.tab, zSDSS"
    ):
        read_filters(real_data / "field" / "filter-jplus-folder" / "curves")
