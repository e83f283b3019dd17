"""Settings of a training written as TOML."""

import errno
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.settings import PaperData, PaperSettings, PosteriorData, PosteriorSettings, read_settings
from jpas_gui.core.inference.settings_file import settings_toml, write_settings

SETTINGS = [
    PaperSettings(seed=7, data=PaperData(libraries=("popstar", "popstar-nebular"), fresh_noise=True)),
    PosteriorSettings(data=PosteriorData(weights=(0.25,), redshift_range=(0.0, 1e-05))),
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_what_is_written_is_read(settings, tmp_path: Path):
    path = tmp_path / "training.toml"
    write_settings(settings, path)
    assert read_settings(path) == settings


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_name_of_a_library_survives(name):
    data = PaperData(libraries=(name,))
    text = settings_toml(msgspec.structs.replace(SETTINGS[0], data=data))
    assert tomllib.loads(text)["data"]["libraries"] == [name]


def test_every_key_is_written():
    text = settings_toml(PosteriorSettings())
    for key in (*PosteriorData.__struct_fields__, "preset", "seed", "width", "epochs"):
        assert f"\n{key} = " in f"\n{text}"


def test_a_full_disk_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "training.toml"
    write_settings(SETTINGS[0], path)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=r"training\.toml: cannot be written \(No space left on device\)"):
        write_settings(SETTINGS[1], path)
    assert read_settings(path) == SETTINGS[0]
