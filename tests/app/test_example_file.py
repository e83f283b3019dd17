"""The example catalogue is written once, where there is room for it."""

import pytest

from jpas_gui.app import example_catalogue as module
from jpas_gui.app.example_catalogue import example_catalogue


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(module, "write_example", lambda path: path.write_text("mocks"))


def test_it_is_written_once(tmp_path):
    path = example_catalogue(tmp_path / "deep" / "examples")
    assert path.read_text() == "mocks"
    path.write_text("as it is")
    assert example_catalogue(path.parent) == path
    assert path.read_text() == "as it is"


def test_it_is_written_elsewhere_where_the_folder_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    path = example_catalogue(tmp_path / "file")
    assert path.read_text() == "mocks"
    assert path.name == "example-mocks.fits"
