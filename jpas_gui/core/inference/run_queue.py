"""The trainings that wait for each other: a file that windows and the program that works it off share. No torch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.inference.run_folder import training_process
from jpas_gui.core.locks import LockedError, held, holder

QUEUE = "queue.json"
_CHANGING, _AT_WORK = "queue.lock", "worker.lock"
FILES = (QUEUE, _CHANGING, _AT_WORK)
"""Names that no run can have."""

_PATIENCE = 5.0
"""s to wait for another program that changes the queue, which takes it milliseconds."""


class Job(Struct, frozen=True):
    """A training that is to be run.

    Parameters
    ----------
    name : str
        Of its run.
    arguments : tuple of str
        Behind ``jpas-gui``, on the command line.
    folder : str
        Where the program trains.
    events, errors : str
        Files that what it prints is added to, and that get what it complains about.
    """

    name: str
    arguments: tuple[str, ...]
    folder: str
    events: str
    errors: str


class QueueState(Struct, frozen=True):
    """What is in the file.

    Parameters
    ----------
    waiting : tuple of Job
        The next one first.
    current : Job, optional
        The one that is at its turn, as long as a program works the queue off.
    process : int
        The program that runs for it; 0 where none does at the moment.
    is_held : bool
        No further one is to start until someone says so.
    ended : tuple of str
        Names of those that ended, and that no window has told of yet.
    """

    waiting: tuple[Job, ...] = ()
    current: Job | None = None
    process: int = 0
    is_held: bool = False
    ended: tuple[str, ...] = ()


def _without_current(state: QueueState) -> QueueState:
    names = (state.current.name,) if state.current else ()
    return replace(state, current=None, process=0, ended=(*state.ended, *names))


class RunQueue:
    """The queue in a folder of runs. Each change is written as a whole, one program at a time.

    All methods that change it raise `InputError` if the file cannot be written.

    Parameters
    ----------
    folder : Path
        Need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def state(self) -> QueueState:
        """What is in the file; an empty queue where there is none, or nothing that could be one."""
        try:
            return msgspec.json.decode((self._folder / QUEUE).read_bytes(), type=QueueState)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return QueueState()

    @property
    def is_worked_off(self) -> bool:
        """Whether a program works it off."""
        return holder(self._folder / _AT_WORK) is not None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Be the program that works the queue off, for the block.

        Raises
        ------
        LockedError
            If another one does.
        """
        with held(self._folder / _AT_WORK):
            yield

    def add(self, job: Job) -> None:
        """Let a training wait behind the others; those that are held go on, too."""
        self._change(lambda state: replace(state, waiting=(*state.waiting, job), is_held=False))

    def remove(self, name: str) -> bool:
        """Let a training wait no longer; return False where it did not wait."""
        waited: list[Job] = []

        def without(state: QueueState) -> QueueState:
            waited.extend(job for job in state.waiting if job.name == name)
            return replace(state, waiting=tuple(job for job in state.waiting if job.name != name))

        self._change(without)
        return bool(waited)

    def hold(self, is_held: bool = True) -> None:
        """Let no further training start, or let them go on."""
        self._change(lambda state: replace(state, is_held=is_held))

    def take(self) -> Job | None:
        """Return the training whose turn it is now, or None where none waits, or they are held."""

        def first(state: QueueState) -> QueueState:
            state = _without_current(state)  # that of a program that did not come to its own end
            if state.is_held or not state.waiting:
                return state
            return replace(state, waiting=state.waiting[1:], current=state.waiting[0])

        return self._change(first).current

    def note_process(self, process: int) -> None:
        """Write down which program runs for the current training."""
        self._change(lambda state: replace(state, process=process))

    def finish(self) -> None:
        """Write down that the current training has ended."""
        self._change(_without_current)

    def settle(self) -> None:
        """Do so if nobody works at it any more: the machine was switched off, say."""

        def settled(state: QueueState) -> QueueState:
            is_left = state.current is not None and training_process(Path(state.current.folder)) is not None
            return state if is_left or self.is_worked_off else _without_current(state)

        if self.state.current is not None and not self.is_worked_off:
            self._change(settled)

    def tell_ended(self) -> tuple[str, ...]:
        """Return the names of the trainings that ended, and forget them."""
        told: list[str] = []

        def without(state: QueueState) -> QueueState:
            told.extend(state.ended)
            return replace(state, ended=())

        if self.state.ended:
            self._change(without)
        return tuple(told)

    def _change(self, change: Callable[[QueueState], QueueState]) -> QueueState:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with held(self._folder / _CHANGING, _PATIENCE):
                state = change(self.state)
                with replacing(self._folder / QUEUE) as temporary:
                    temporary.write_bytes(msgspec.json.encode(state))
        except LockedError:
            raise InputError(f"{self._folder / QUEUE}: another program does not let go of it: try again") from None
        except OSError as error:
            raise InputError(f"{self._folder / QUEUE}: cannot be written ({error.strerror or error})") from error
        return state
