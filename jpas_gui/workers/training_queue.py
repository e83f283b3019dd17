"""The program that works the queue of trainings off, one after the other, with or without a window.

It is small and computes nothing, so that it outlives a training that crashes, or that is ended for want of memory.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from jpas_gui.core.errors import InputError
from jpas_gui.core.exit_status import exit_text
from jpas_gui.core.inference.run_folder import CHECKPOINT, training_process
from jpas_gui.core.inference.run_queue import Job, RunQueue
from jpas_gui.core.locks import LockedError
from jpas_gui.workers.training_process import step_back

_COMMAND = [sys.executable, "-m", "jpas_gui"]

_LOOK_TIME = 1.0
"""s between two looks whether a training has ended that another such program started."""

_IN_GOOD_ORDER = {"stopped", "done", "discarding"}
"""Events after which no model is left to be kept."""


def work_off(folder: Path) -> None:
    """Run the trainings that wait in a folder of runs, until none does; nothing where another program is at it."""
    queue = RunQueue(folder)
    while queue.state.waiting and not queue.state.is_held:
        try:
            with queue.at_work():
                _wait_for_orphan(queue)
                while (job := queue.take()) is not None:
                    _train(queue, job)
                    queue.finish()
        except LockedError:
            return


def _wait_for_orphan(queue: RunQueue) -> None:
    """Wait for a training whose own such program was ended by force."""
    current = queue.state.current
    while current and training_process(Path(current.folder)) is not None:
        time.sleep(_LOOK_TIME)


def _train(queue: RunQueue, job: Job) -> None:
    """Run a training to its end, and keep its best model where it could not do so itself."""
    _tell(job, {"event": "launched"})
    try:
        with Path(job.events).open("ab") as events, Path(job.errors).open("wb") as errors:
            status, _ = _run(queue, job.arguments, events, errors, steps_back=True)
    except OSError as error:  # no memory for another program, say
        with suppress(OSError):
            Path(job.errors).write_text(f"cannot be started ({error.strerror or error})\n", encoding="utf-8")
        return
    _tell(job, {"event": "ended", "status": status})
    if _has_something_to_keep(job):
        _keep(queue, job)


def _keep(queue: RunQueue, job: Job) -> None:
    arguments = tuple("--keep-best" if one == "--resume" else one for one in job.arguments)
    try:
        status, said = _run(queue, arguments, subprocess.DEVNULL, subprocess.PIPE)
    except OSError as error:
        status, said = 1, f"cannot be started: {error.strerror or error}"
    is_kept = status == 0
    _tell(job, {"event": "kept"} if is_kept else {"event": "not kept", "why": said or exit_text(status)})


def _run(
    queue: RunQueue,
    arguments: tuple[str, ...],
    out: IO[bytes] | int,
    err: IO[bytes] | int,
    steps_back: bool = False,
) -> tuple[int, str]:
    """Run ``jpas-gui``; return its exit status, negative: the signal that ended it, and what it complained about.

    What trains lets others compute first; a user waits for what saves the best model.
    """
    with subprocess.Popen(
        [*_COMMAND, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=steps_back
    ) as process:
        if steps_back:
            step_back(process.pid)
        with suppress(InputError):
            queue.note_process(process.pid)
        _, said = process.communicate()
    with suppress(InputError):
        queue.note_process(0)
    return process.returncode, (said or b"").decode(errors="replace").strip().removeprefix("jpas-gui: ")


def _has_something_to_keep(job: Job) -> bool:
    """Return whether the program left a checkpoint, but did not come to its own end."""
    if not (Path(job.folder) / CHECKPOINT).is_file():
        return False
    told: set[str] = set()
    with suppress(OSError), Path(job.events).open("rb") as events:
        for line in events:
            with suppress(ValueError, KeyError, TypeError):
                name = json.loads(line)["event"]
                told = set() if name == "launched" else told | {name}
    return not told & _IN_GOOD_ORDER


def _tell(job: Job, event: Mapping[str, Any]) -> None:
    """Add an event to those of the training; where it cannot be written the training still runs."""
    with suppress(OSError), Path(job.events).open("ab") as events:
        events.write(json.dumps(event).encode() + b"\n")


if __name__ == "__main__":
    work_off(Path(sys.argv[1]))
