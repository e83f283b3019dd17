import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.photometry.filter_files import band_of_file, embedded_filters, read_filters, svo_name
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


def test_a_folder_gives_the_bands_that_it_holds_and_leaves_other_files_alone(tmp_path):
    for name in ("JPAS_J0540.tab", "JPAS_J0490.tab", "JPAS_rSDSS.tab"):
        (tmp_path / name).write_text(two_columns())
    (tmp_path / "README.txt").write_text("not a curve")
    (tmp_path / "J0400.png").write_bytes(b"\x89PNG")
    filters = read_filters(tmp_path)
    assert filters.names == ("J0490", "J0540", "rSDSS")
    assert filters.source == str(tmp_path)


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
    for name in ("J0348.txt", "uJAVA.txt"):
        (tmp_path / name).write_text(two_columns(WAVELENGTH - 1400))
    with pytest.raises(InputError, match="two curves of the band uJAVA"):
        read_filters(tmp_path)


@pytest.mark.parametrize("band", all_bands(), ids=lambda band: band.name)
def test_files_are_recognised_by_today_s_and_older_names(band):
    for name in (band.name, *band.aliases):
        assert band_of_file(f"{name}.tab") is band
        assert band_of_file(f"JPAS_{name}.res") is band
    assert band_of_file(f"OAJ_JPAS.{svo_name(band)}.dat") is band
    assert band_of_file(f"OAJ.JPAS.{svo_name(band)}.xml") is band


@given(
    st.lists(
        st.tuples(st.floats(0.01, 500.0), st.floats(0.001, 1.0)),
        min_size=3,
        max_size=30,
    ),
    st.sampled_from(["J0500.txt", "J0500.xml"]),
)
def test_what_is_written_is_read_back(tmp_path_factory, rows, name):
    wavelength = np.cumsum([step for step, _ in rows])
    wavelength = 4000 + wavelength * min(1.0, 2000 / wavelength[-1])  # where J0500 may lie
    transmission = np.array([value for _, value in rows])
    write = votable if name.endswith("xml") else two_columns
    path = tmp_path_factory.mktemp("curve") / name
    path.write_text(write(wavelength, transmission))
    [curve] = read_filters(path).curves
    np.testing.assert_array_equal(curve.wavelength, wavelength)
    np.testing.assert_array_equal(curve.transmission, transmission)


def test_throughput_in_per_cent_is_refused(tmp_path):
    (tmp_path / "J0500.txt").write_text(two_columns(transmission=100 * TRANSMISSION))
    with pytest.raises(InputError, match=r"J0500\.txt: the throughput of J0500 reaches 45: it must be a part of 1"):
        read_filters(tmp_path)
