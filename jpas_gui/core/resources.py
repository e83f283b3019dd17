"""Where files of facts lie: the project's own `resources/`, and data inside other packages."""

import csv
from importlib import util
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

_PACKAGE = Path(__file__).resolve().parents[1]


def resource_path(name: str) -> Path:
    """Return the path of a file in `resources/`.

    Parameters
    ----------
    name : str
        File name, e.g. ``"bands.ecsv"``.

    Raises
    ------
    FileNotFoundError
        If no such resource is installed.
    """
    folder = shipped_folder("resources")
    if folder and (folder / name).is_file():
        return folder / name
    raise FileNotFoundError(f"resource {name!r} is missing: the installation of jpas-gui is incomplete")


def shipped_folder(name: str) -> Path | None:
    """Return a folder that ships with the program, None where it was left out."""
    # A wheel carries it inside the package; in a checkout it lies at the top.
    folders = (_PACKAGE / name, _PACKAGE.parent / name)
    return next((folder for folder in folders if folder.is_dir()), None)


def resource_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in `resources/`, as text by column name.

    The rows of an ECSV file are space-separated CSV; its header is for people and for `astropy.table`, whose
    import would take a quarter of a second of every start.
    """
    with resource_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter=" "))


def package_data(package: str, name: str) -> Traversable:
    """Return a data file inside an installed package, without importing that package.

    ``importlib.resources.files`` would import it, which costs seconds for milespy and PST.

    Parameters
    ----------
    package : str
        Name of a top-level package.
    name : str
        Path of the file inside it, with forward slashes.

    Raises
    ------
    FileNotFoundError
        If the package or the file is not installed.
    """
    spec = util.find_spec(package)
    reader = spec and spec.loader and getattr(spec.loader, "get_resource_reader", lambda _: None)(package)
    if reader:
        data = cast(Traversable, reader.files() / name)
        if data.is_file():
            return data
    raise FileNotFoundError(f"{name} of the package {package} is missing: install jpas-gui again")
