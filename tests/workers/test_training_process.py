"""Programs that train, as the window asks and ends them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jpas_gui.workers.training_process import TrainingPrograms, step_back

SLEEPER = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]


@pytest.fixture
def sleeper():
    process = subprocess.Popen(SLEEPER, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout.readline() == b"here\n"
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_one_is_paused_and_ended(sleeper):
    programs = TrainingPrograms()
    programs.pause(sleeper.pid)
    _, status = os.waitpid(sleeper.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    programs.stop(sleeper.pid)  # a program that stands still must go on to hear of it
    sleeper.wait()
    programs.kill(sleeper.pid)  # nothing is there any more: nothing happens


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no niceness")
def test_the_window_comes_first(sleeper):
    step_back(sleeper.pid)
    group = Path(f"/proc/{sleeper.pid}/autogroup")
    assert os.getpriority(os.PRIO_PROCESS, sleeper.pid) > os.getpriority(os.PRIO_PROCESS, 0)
    if group.exists():  # Linux that shares the processor between sessions
        assert int(group.read_text().split()[-1]) > 0
