"""The program that works the queue of trainings off, with programs that do what the test says."""

import json
import os
import subprocess
import sys

import pytest

from jpas_gui.core.inference import run_queue
from jpas_gui.core.inference.run_folder import CHECKPOINT
from jpas_gui.core.inference.run_queue import Job, QueueState, RunQueue
from jpas_gui.core.locks import LockedError, held
from jpas_gui.workers import training_queue
from jpas_gui.workers.training_queue import work_off

DIE = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
DONE = 'print(\'{"event": "done"}\')'


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """The folder of runs, whose programs are scripts; with --keep-best they end well where they don't step back."""
    keep = f"sys.exit(os.nice(0) - {os.nice(0)})" if hasattr(os, "nice") else "pass"
    script = f"import os, sys; exec('{keep}' if '--keep-best' in sys.argv else sys.argv[1])"
    monkeypatch.setattr(training_queue, "_COMMAND", [sys.executable, "-c", script])
    return tmp_path


def add(runs, name, script, *, checkpoint=False):
    folder = runs / name / name
    folder.mkdir(parents=True)
    if checkpoint:
        (folder / CHECKPOINT).write_bytes(b"")
    files = (str(runs / name / "events.jsonl"), str(runs / name / "errors.log"))
    RunQueue(runs).add(Job(name, (script, "--resume"), str(folder), *files))


def told(runs, name):
    return [json.loads(line) for line in (runs / name / "events.jsonl").read_text().splitlines()]


def test_one_after_the_other_and_a_crash_stops_nothing(runs):
    add(runs, "first", DONE)
    add(runs, "second", DIE)
    add(runs, "third", "import sys; sys.exit('jpas-gui: nothing')")
    add(runs, "fourth", DONE)
    work_off(runs)
    assert RunQueue(runs).state == QueueState(ended=("first", "second", "third", "fourth"))
    assert told(runs, "first") == [{"event": "launched"}, {"event": "done"}, {"event": "ended", "status": 0}]
    assert told(runs, "second") == [{"event": "launched"}, {"event": "ended", "status": -9}]
    assert told(runs, "third")[-1] == {"event": "ended", "status": 1}
    assert (runs / "third" / "errors.log").read_text() == "jpas-gui: nothing\n"


@pytest.mark.parametrize(
    ("script", "is_kept"),
    [
        (DIE, True),
        (DONE, False),
        ('print(\'{"event": "stopped"}\')', False),
        (f'print(\'{{"event": "discarding"}}\', flush=True); {DIE}', False),
    ],
)
def test_what_did_not_come_to_its_own_end_is_kept(runs, script, is_kept):
    add(runs, "one", script, checkpoint=True)
    (runs / "one" / "events.jsonl").write_text('{"event": "stopped"}\n')  # of an earlier launch
    work_off(runs)
    assert ({"event": "kept"} in told(runs, "one")) == is_kept


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no niceness")
def test_what_trains_steps_back(runs):
    waits = f"import time; any(os.nice(0) > {os.nice(0)} or time.sleep(0.01) for _ in range(3000))"
    add(runs, "one", f'{waits}; print(\'{{"event": "nice", "by": %d}}\' % (os.nice(0) - {os.nice(0)}))')
    work_off(runs)
    assert told(runs, "one")[1]["by"] > 0


def test_why_it_could_not_be_kept(runs, monkeypatch):
    monkeypatch.setattr(
        training_queue, "_COMMAND", [sys.executable, "-c", "import sys; sys.exit('jpas-gui: no space')"]
    )
    add(runs, "one", "", checkpoint=True)
    work_off(runs)
    assert told(runs, "one")[-1] == {"event": "not kept", "why": "no space"}


def test_a_program_that_cannot_be_started(runs, monkeypatch):
    monkeypatch.setattr(training_queue, "_COMMAND", [str(runs / "none")])
    add(runs, "one", "", checkpoint=True)
    add(runs, "two", "")
    work_off(runs)
    assert (runs / "one" / "errors.log").read_text() == "cannot be started (No such file or directory)\n"
    assert RunQueue(runs).state.ended == ("one", "two")


def test_a_folder_that_is_gone_stops_nothing(runs):
    add(runs, "gone", DONE)
    (runs / "gone" / "gone").rmdir()
    (runs / "gone").rmdir()
    add(runs, "one", DONE)
    work_off(runs)
    assert told(runs, "one")[-1] == {"event": "ended", "status": 0}


def test_what_is_held_waits(runs):
    add(runs, "one", DONE)
    RunQueue(runs).hold()
    work_off(runs)
    assert not (runs / "one" / "events.jsonl").exists()
    add(runs, "two", DONE)  # who adds one wants them to go on
    work_off(runs)
    assert RunQueue(runs).state.ended == ("one", "two")


def test_a_second_one_leaves_it_to_the_first(runs):
    add(runs, "one", DONE)
    with RunQueue(runs).at_work():
        work_off(runs)
        with pytest.raises(LockedError), RunQueue(runs).at_work():
            pass
    assert [job.name for job in RunQueue(runs).state.waiting] == ["one"]


def test_it_waits_for_a_training_that_another_one_left_behind(runs, monkeypatch):
    add(runs, "orphan", DONE)
    RunQueue(runs).take()  # by one that was killed since
    add(runs, "one", DONE)
    looks = iter([4711, 4711, None])
    monkeypatch.setattr(training_queue, "training_process", lambda folder: next(looks))
    monkeypatch.setattr(training_queue, "_LOOK_TIME", 0)
    work_off(runs)
    assert next(looks, "seen all") == "seen all"
    assert RunQueue(runs).state.ended == ("orphan", "one")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_as_a_program_with_its_process_written_down(runs):
    add(runs, "one", "devices")
    process = subprocess.Popen([sys.executable, "-m", "jpas_gui.workers.training_queue", str(runs)])
    process.wait()
    assert process.returncode == 0
    assert RunQueue(runs).state == QueueState(ended=("one",))
    assert told(runs, "one")[-1] == {"event": "ended", "status": 2}
    assert "unrecognized arguments: --resume" in (runs / "one" / "errors.log").read_text()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"waiting": 3}'])
def test_a_damaged_file_is_an_empty_queue(tmp_path, content):
    (tmp_path / "queue.json").write_text(content)
    assert RunQueue(tmp_path).state == QueueState()
    assert RunQueue(tmp_path).take() is None


def test_a_process_that_was_noted_is_forgotten_with_its_training(tmp_path):
    queue = RunQueue(tmp_path)
    queue.add(Job("one", (), str(tmp_path), "", ""))
    assert not queue.remove("two")
    assert queue.take().name == "one"
    queue.note_process(os.getpid())
    assert queue.state.process == os.getpid()
    queue.settle()  # nobody works at it
    assert queue.state == QueueState(ended=("one",))
    assert queue.tell_ended() == ("one",)
    assert queue.tell_ended() == ()


def test_what_ends_while_two_windows_tell_of_it_is_told(tmp_path, monkeypatch):
    mine, other = RunQueue(tmp_path), RunQueue(tmp_path)
    for name in ("one", "two"):
        mine.add(Job(name, (), str(tmp_path), "", ""))
    mine.take()
    mine.finish()

    def after_the_other(path, patience):
        monkeypatch.setattr(run_queue, "held", held)
        assert other.tell_ended() == ("one",)
        other.take()
        other.finish()
        return held(path, patience)

    monkeypatch.setattr(run_queue, "held", after_the_other)
    assert mine.tell_ended() == ("two",)
    assert mine.tell_ended() == ()
