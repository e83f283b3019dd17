"""Where the example catalogue lies: it is written when it is first wanted."""

import tempfile
from pathlib import Path

from platformdirs import user_data_path

from jpas_gui.core.errors import InputError
from jpas_gui.core.example_catalogue import EXAMPLE_NAME, write_example


def example_catalogue(folder: Path | None = None) -> Path:
    """Return the path of the example catalogue, written where it is not yet there.

    Parameters
    ----------
    folder : Path, optional
        By default that of examples in the user's data; a temporary one where that cannot be written.

    Raises
    ------
    InputError
        If it cannot be written anywhere.
    """
    path = (folder or user_data_path("jpas-gui") / "examples") / EXAMPLE_NAME
    if path.is_file():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_example(path)
    except (InputError, OSError):
        path = Path(tempfile.mkdtemp(prefix="jpas-gui-examples-")) / EXAMPLE_NAME
        write_example(path)
    return path
