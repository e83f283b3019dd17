"""Programs that train, as the window starts them and finds them again."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jpas_gui.core.inference.run_folder import training_process
from jpas_gui.workers.training_process import OwnProcess, TrainingLauncher

HOLDER = """
import sys, time
from pathlib import Path
from jpas_gui.core.inference.run_folder import training_folder
with training_folder(Path(sys.argv[1]), resume=True):
    print("locked", flush=True)
    time.sleep(60)
"""


def wait_for_end(process):
    deadline = time.monotonic() + 60
    while process.is_alive():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_it_prints_and_complains_about_goes_into_files(tmp_path):
    events, errors = tmp_path / "events.jsonl", tmp_path / "errors.log"
    events.write_text("before\n")
    arguments = ["train", str(tmp_path / "none.toml"), "-o", str(tmp_path / "model"), "--json"]
    wait_for_end(TrainingLauncher().start(arguments, events, errors))
    assert events.read_text() == "before\n"
    assert errors.read_text().startswith(f"jpas-gui: {tmp_path / 'none.toml'}: cannot be read")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_one_that_is_found_is_paused_and_ended(tmp_path):
    folder = tmp_path / "model"
    started = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE)
    assert started.stdout.readline() == b"locked\n"
    found = TrainingLauncher().attach(training_process(folder), folder)
    assert found.is_alive()
    found.pause()
    _, status = os.waitpid(started.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    found.stop()  # a program that stands still must go on to hear of it
    started.communicate()
    wait_for_end(found)
    found.kill()  # nothing is there any more: nothing happens


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no niceness")
def test_the_window_comes_first():
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    started = subprocess.Popen(sleeper, stdin=subprocess.PIPE, start_new_session=True)
    process = OwnProcess(started)
    group = Path(f"/proc/{started.pid}/autogroup")
    try:
        assert os.getpriority(os.PRIO_PROCESS, started.pid) > os.getpriority(os.PRIO_PROCESS, 0)
        if group.exists():  # Linux that shares the processor between sessions
            assert int(group.read_text().split()[-1]) > 0
    finally:
        process.kill()
        wait_for_end(process)
