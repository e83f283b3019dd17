"""The folder of a training is used by one program at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.run_folder import LOCK, training_folder, training_process

HOLDER = """
import sys
from pathlib import Path
from jpas_gui.core.inference.run_folder import training_folder
with training_folder(Path(sys.argv[1]), resume=True):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "model")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"locked\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_program_is_kept_out_until_the_first_is_gone(tmp_path: Path, holder):
    folder = tmp_path / "model"
    assert training_process(folder) == holder.pid
    for resume in (True, False):
        with pytest.raises(InputError) as error, training_folder(folder, resume):
            pass
        assert str(error.value) == (
            f"{folder}: another program is training in it: wait for it, or choose another folder"
        )
    holder.kill()  # in the middle of its work: the lock file stays, but nobody holds it
    holder.wait()
    assert (folder / LOCK).is_file()
    assert training_process(folder) is None
    with training_folder(folder, resume=False):
        assert (folder / LOCK).read_text() == str(os.getpid())
    assert list(folder.iterdir()) == []


def test_no_folder_and_no_lock(tmp_path: Path):
    assert training_process(tmp_path / "none") is None
    (tmp_path / LOCK).write_text("not a number")
    assert training_process(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path):
    folder = tmp_path / "model"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(InputError, match="cannot be used"), training_folder(folder, resume=False):
        pass
    folder.chmod(0o700)
