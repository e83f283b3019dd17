"""What a training computes before its first epoch is kept, and used where it is whole and was made from the same."""

import os

import numpy as np
import pytest

from jpas_gui.core.inference import kept_arrays as module
from jpas_gui.core.inference.kept_arrays import kept_arrays, kept_folder

MAKINGS = {"seed": 1, "data": {"ebv": [0.0, 0.5]}}


@pytest.fixture
def made():
    return []


@pytest.fixture
def make(made):
    def arrays():
        made.append(1)
        return {"flux": np.arange(8, dtype=np.float32).reshape(2, 4)[:, :3], "mask": np.array([1, 2], dtype=np.uint8)}

    return arrays


def flip(content):
    """Change a bit of the numbers."""
    place = content.index(b"\x93NUMPY", content.index(b"flux.npy")) + 128
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def only_file():
    (path,) = kept_folder().iterdir()
    return path


def test_what_was_made_once_is_read(make, made):
    first, again = (kept_arrays(MAKINGS, "mocks", make) for _ in range(2))
    assert made == [1]
    for name, array in first.items():
        assert again[name].dtype == array.dtype
        assert np.array_equal(again[name], array)
        assert again[name].flags.writeable


@pytest.mark.parametrize(("makings", "kind"), [({**MAKINGS, "seed": 2}, "mocks"), (MAKINGS, "basis")])
def test_what_was_made_from_something_else_is_not(make, made, makings, kind):
    kept_arrays(MAKINGS, "mocks", make)
    kept_arrays(makings, kind, make)
    assert made == [1, 1]


@pytest.mark.parametrize("damage", [lambda c: c[:-1], lambda c: c[:20], lambda c: b"", lambda c: c[:-9], flip])
def test_a_damaged_file_is_replaced(make, made, damage):
    kept_arrays(MAKINGS, "mocks", make)
    only_file().write_bytes(damage(only_file().read_bytes()))
    for _ in range(2):
        assert kept_arrays(MAKINGS, "mocks", make)["flux"][1, 2] == 6
        assert made == [1, 1]


def test_where_nothing_can_be_written_it_is_made_every_time(make, made):
    kept_folder().parent.mkdir(parents=True)
    kept_folder().write_text("a file in the way")
    for _ in range(2):
        kept_arrays(MAKINGS, "mocks", make)
    assert made == [1, 1]


def test_the_oldest_files_go_and_what_is_half_written_but_not_what_was_used_last(make, made, monkeypatch):
    for seed in range(3):
        kept_arrays({"seed": seed}, "mocks", make)
        for path in kept_folder().iterdir():
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))
    kept_arrays({"seed": 0}, "mocks", make)
    size = only_size()
    left = kept_folder() / ".abc.99.part.npz"
    left.write_bytes(b"")
    os.utime(left, (0, 0))
    monkeypatch.setattr(module, "_LARGEST", int(2.5 * size))
    kept_arrays({"seed": 3}, "mocks", make)
    assert len(list(kept_folder().iterdir())) == 2
    kept_arrays({"seed": 0}, "mocks", make)
    assert len(made) == 4
    monkeypatch.setattr(module, "_LARGEST", 10)
    kept_arrays({"seed": 4}, "mocks", make)  # larger than all: not written
    assert len(list(kept_folder().iterdir())) == 2


def only_size():
    return max(path.stat().st_size for path in kept_folder().iterdir())
