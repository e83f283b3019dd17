import gzip

import numpy as np
import pytest
from astropy.table import Table
from made_galaxies import write_galaxies

from jpas_gui.app.file_kinds import FileKind, kind_of
from jpas_gui.core.inference.shipped import shipped_models


def test_catalogues_are_known_by_what_they_hold(tmp_path):
    photometry = Table({"NUMBER": [1, 2], "FLUX_AUTO": np.ones((2, 56)), "FLUX_RELERR_AUTO": np.ones((2, 56))})
    photometry.write(tmp_path / "a.fits")
    (tmp_path / "b.fits.gz").write_bytes(gzip.compress((tmp_path / "a.fits").read_bytes()))
    photometry.write(tmp_path / "c.vot", format="votable")
    (tmp_path / "d").write_bytes(b"PAR1 and so on")
    write_galaxies(tmp_path / "e.csv")
    np.save(tmp_path / "e2.npy", photometry.as_array())
    for path in sorted(tmp_path.glob("[a-e]*")):
        assert kind_of(path) is FileKind.CATALOGUE, path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_texts_are_known_by_the_names_of_their_columns(tmp_path, encoding):
    (tmp_path / "a.cat").write_text("# id  f_J0390 e_J0390 f_J0400 e_J0400\n1 2 3 4 5\n", encoding=encoding)
    assert kind_of(tmp_path / "a.cat") is FileKind.CATALOGUE
    (tmp_path / "b.dat").write_text("# age  flux\n1 2\n", encoding=encoding)
    (tmp_path / "c.txt").write_text("1 2\n", encoding=encoding)
    for name in ("b.dat", "c.txt"):
        assert kind_of(tmp_path / name) is FileKind.LIBRARY


def test_a_votable_without_a_suffix(tmp_path):
    (tmp_path / "table").write_text('<?xml version="1.0"?><v:VOTABLE xmlns:v="http://www.ivoa.net"/>')
    assert kind_of(tmp_path / "table") is FileKind.CATALOGUE


def test_a_table_of_spectra_is_a_library(tmp_path):
    Table({"WAVE": [1.0, 2.0], "FLUX": [1.0, 2.0]}).write(tmp_path / "spectrum.fits")
    assert kind_of(tmp_path / "spectrum.fits") is FileKind.LIBRARY


@pytest.mark.parametrize(
    ("name", "kind"),
    [("s.json", FileKind.SESSION), ("empty.fits", FileKind.LIBRARY), ("broken.gz", FileKind.LIBRARY)],
)
def test_files_of_other_kinds_go_to_those_who_read_them(tmp_path, name, kind):
    (tmp_path / name).write_bytes(b"\x1f\x8b\x00" if name.endswith("gz") else b"")
    assert kind_of(tmp_path / name) is kind


def test_folders_are_models_or_libraries(tmp_path):
    assert kind_of(shipped_models()["posterior-popstar"]) is FileKind.MODEL
    assert kind_of(tmp_path) is FileKind.LIBRARY


def test_real_files_are_known(real_data):
    assert kind_of(real_data / "catalogues" / "sdss_galaxies_jpas_fnu.csv") is FileKind.CATALOGUE
    assert kind_of(real_data / "filters" / "jpas_2017") is FileKind.FILTERS
    for folder in ("miuscat", "bc03_mpajhu"):
        assert kind_of(next((real_data / "ssp" / folder).iterdir())) is FileKind.LIBRARY
