"""Files are replaced whole or not at all, and nothing is left of what failed."""

import errno
import os
import threading
from pathlib import Path

import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.locks import LockedError, held, held_for


def test_a_clean_up_that_fails_does_not_hide_what_went_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    with (
        pytest.raises(InputError, match=r"a\.json: cannot be written \(No space left on device\)"),
        replacing(tmp_path / "a.json"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(ValueError, match="of the program"), replacing(tmp_path / "a.json"):
        raise ValueError("of the program")


def test_what_killed_programs_left_is_swept_later(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in (".a.77.part.json", ".a.78.part.json", ".b.77.part.json"))
    for path in (old, new, other):
        path.write_text("half")
    os.utime(old, (1e9, 1e9))
    os.utime(other, (1e9, 1e9))
    with replacing(tmp_path / "a.json") as temporary:
        temporary.write_text("whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [new.name, other.name, "a.json"]


def test_a_lock_whose_file_was_removed_meanwhile_keeps_others_out(tmp_path: Path) -> None:
    path, order = tmp_path / "lock", []
    inside = threading.Event()

    def wait_for_it() -> None:
        with held(path, patience=10):
            order.append("second")
            with pytest.raises(LockedError), held(path, patience=0):
                order.append("third")

    thread = threading.Thread(target=wait_for_it)
    with held_for(path):
        thread.start()
        inside.wait(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
