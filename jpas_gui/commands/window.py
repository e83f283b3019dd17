"""``jpas-gui [FILE ...]``: open the window."""

import sys
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from types import ModuleType

from platformdirs import user_cache_path

from jpas_gui.commands.display import display_problem
from jpas_gui.core.errors import InputError
from jpas_gui.core.near_names import known_names

PICTURE_SIZE = (1600, 1000)


def run(files: Sequence[str], commands: Sequence[str] = ()) -> int:
    """Open the window with these files; where there is no display, render it to a picture instead.

    Parameters
    ----------
    files : sequence of str
    commands : sequence of str
        Names of the sub-commands: a file that does not exist may be a mistyped one.

    Raises
    ------
    InputError
        If a file does not exist, or Qt cannot start.
    """
    paths = [Path(file) for file in files]
    for path in paths:
        if not path.exists():
            hint = f", and no command of that name; {known_names(str(path), commands)}" if commands else ""
            raise InputError(f"{path}: no such file or folder{hint}")
    problem = display_problem()
    if problem is None:
        return int(views_application().run_window(paths))
    print(f"jpas-gui: no display ({problem}): drawing the window to a PNG", file=sys.stderr)
    picture = _picture_path()
    views_application().render_window(picture, None, None, PICTURE_SIZE, paths)
    print(picture)
    return 0


def views_application() -> ModuleType:
    """Return the module that makes the window.

    Raises
    ------
    InputError
        If Qt's libraries, or the system's below them, are missing.
    """
    try:
        from jpas_gui.views import application
    except ImportError as error:
        if ".so" not in str(error):
            raise
        raise InputError(
            f"Qt cannot start: {error}; install the library (on Debian and Ubuntu: "
            "apt install libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3)"
        ) from error
    return application


def _picture_path() -> Path:
    """Return where the picture goes: here, or where this user may write."""
    for folder in (Path.cwd(), user_cache_path("jpas-gui")):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return _free(folder)
        except OSError:
            continue
    return _free(Path(tempfile.mkdtemp(prefix="jpas-gui-")))


def _free(folder: Path) -> Path:
    """Return a name that is free: no older picture is replaced."""
    paths = (folder / f"jpas-gui{'' if number == 1 else f'-{number}'}.png" for number in count(1))
    return next(path for path in paths if not path.exists())
