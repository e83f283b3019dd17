"""A controller without Qt: jobs run at once, and what it says is collected."""

import pytest

from jpas_gui.app.explorer import Explorer
from jpas_gui.app.libraries import LibraryShelf
from jpas_gui.core.ssp.readers.popstar import read_popstar


class AtOnce:
    """Runs background jobs in the foreground."""

    def submit(self, job, done, failed):
        try:
            answer = job()
        except Exception as error:
            failed(error)
        else:
            done(answer)

    def cancel(self):
        pass


class Later(AtOnce):
    """Keeps background jobs until they are told to run."""

    def __init__(self):
        self.jobs = []

    def submit(self, job, done, failed):
        self.jobs.append((job, done, failed))

    def cancel(self):
        self.jobs.clear()

    def run(self):
        while self.jobs:
            super().submit(*self.jobs.pop(0))


class LatestJob:
    """A worker whose job runs when the test says so; of those that wait only the latest does."""

    def __init__(self):
        self.waiting = None

    def submit(self, job, done, failed, *, keep_running=False):
        self.waiting = (job, done, failed)

    def cancel(self):
        self.waiting = None

    def run(self):
        """Run the job that waits."""
        job, self.waiting = self.waiting, None
        AtOnce().submit(*job)


class Heard(list):
    """What a signal has said."""

    def __init__(self, signal):
        super().__init__()
        signal.connect(lambda *args: self.append(args[0] if len(args) == 1 else args), check_nargs=False)


@pytest.fixture(scope="session")
def popstar():
    return read_popstar()


@pytest.fixture
def new_explorer(popstar):
    """Make a controller on the embedded library."""
    return lambda background=None: Explorer(background or AtOnce(), LibraryShelf(popstar))


@pytest.fixture
def later():
    """Background jobs that wait until `later.run()`."""
    return Later()


@pytest.fixture
def worker():
    """A worker whose latest job waits until `worker.run()`."""
    return LatestJob()


@pytest.fixture
def explorer(new_explorer):
    return new_explorer()


@pytest.fixture
def heard():
    """Collect what a signal says."""
    return Heard


@pytest.fixture
def problems(explorer):
    return Heard(explorer.problem)


@pytest.fixture
def said(explorer):
    return Heard(explorer.said)
