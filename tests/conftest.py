"""Fixtures for all tests."""

import os
from pathlib import Path

import pytest

# Before Qt starts: no test needs a display.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# Before torch starts: tests run on all cores side by side.
os.environ.setdefault("OMP_NUM_THREADS", "1")

_REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real SSP files, filter curves, survey tables and galaxies, beside the checkout."""
    if not _REAL_DATA.is_dir():
        pytest.skip(f"the folder of real data files is not there: {_REAL_DATA}")
    return _REAL_DATA


@pytest.fixture(autouse=True)
def own_user_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test empty user folders, so that it neither sees nor changes the tester's own."""
    folder = tmp_path / "user"
    for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    return folder
