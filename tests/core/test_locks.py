"""Locks on files are held by one, seen by all, and gone with their holder."""

import errno
import os
import sys

import pytest

from jpas_gui.core import locks
from jpas_gui.core.locks import LockedError, held, holder


@pytest.fixture(params=["locks", "no locks"])
def path(request, tmp_path, monkeypatch):
    """A file, on file systems that know locks and those that do not."""
    if request.param == "no locks":
        if sys.platform == "win32":
            pytest.skip("all file systems have them")

        def refuse(*_):
            raise OSError(errno.ENOSYS, "Function not implemented")

        monkeypatch.setattr(locks.fcntl, "flock", refuse)
    return tmp_path / "one.lock"


def test_it_is_seen_who_holds_one(path):
    assert holder(path) is None
    with held(path):
        assert holder(path) == os.getpid()
    assert holder(path) is None


def test_one_that_was_killed_holds_nothing(path):
    path.write_text("999999999")
    assert holder(path) is None
    path.write_text("no number")
    assert holder(path) is None


def test_a_second_one_is_kept_out_and_lookers_are_not_in_each_others_way(tmp_path):
    path = tmp_path / "one.lock"
    with held(path), pytest.raises(LockedError), held(path, patience=0.05):
        pass
    if sys.platform != "win32":
        with path.open("r+b") as looking:
            path.write_text("999999999")
            assert locks._try_lock(looking, shared=True)
            assert holder(path) is None
