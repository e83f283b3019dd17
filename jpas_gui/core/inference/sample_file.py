"""The paper's mock sample in a file, with everything that made it: a large one takes a while to make."""

import io
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from jpas_gui import __version__
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.inference.paper_sample import PaperSample
from jpas_gui.core.ssp.hdf5 import open_hdf5

FORMAT = "jpas-gui mock sample"
FORMAT_VERSION = 1
"""Also goes up when the same makings give another sample."""

_DTYPES: dict[str, type[np.generic]] = {
    "flux_nu": np.float32,
    "flux_nu_error": np.float32,
    "parameters": np.float32,
    "library": np.intp,
    "model": np.intp,
    "magnitude": np.float64,
    "split": np.int8,
}

_KEPT_FILES = 4
"""A sample of a million mocks takes 200 MB."""


def samples_folder() -> Path:
    """Return the folder of samples, which need not exist; whatever lies there can be made again."""
    return platformdirs.user_cache_path("jpas-gui") / "samples"


def cached_sample(makings: Mapping[str, Any], make: Callable[[], PaperSample]) -> PaperSample:
    """Return the sample of some makings from its file, or make it and keep it there.

    A file that is damaged, or that something else made, is not used but replaced. Where files cannot be written the
    sample is made every time. The latest few are kept.

    Parameters
    ----------
    makings : mapping
        Plain data: whatever decides the sample.
    make : callable
        Makes it.
    """
    path = samples_folder() / f"{sha256(_as_text(makings).encode()).hexdigest()[:16]}.h5"
    if path.exists():
        with suppress(InputError):
            return read_sample(path, makings)
    sample = make()
    with suppress(InputError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sample(sample, makings, path)
        for old in sorted(path.parent.glob("[!.]*.h5"), key=lambda file: file.stat().st_mtime)[:-_KEPT_FILES]:
            old.unlink()
    return sample


def write_sample(sample: PaperSample, makings: Mapping[str, Any], path: Path) -> None:
    """Write a sample; a failure leaves an older file as it was.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    import h5py

    # In memory: on a full disk HDF5 ends the whole program while it closes a file.
    content = io.BytesIO()
    with h5py.File(content, "w", libver=("v110", "v110")) as file:
        file.attrs.update(
            {
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "created_by": f"jpas-gui {__version__}",
                "makings": _as_text(makings),
            }
        )
        for name in _DTYPES:
            # Checksums, which need chunks, tell damage from fluxes.
            file.create_dataset(name, data=getattr(sample, name), chunks=True, fletcher32=True)
    with replacing(path) as temporary:
        temporary.write_bytes(content.getbuffer())


def read_sample(path: Path, makings: Mapping[str, Any]) -> PaperSample:
    """Read a sample that `write_sample` wrote.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another kind, or has other makings.
    """
    with open_hdf5(path) as file:
        if file.text("format", "") != FORMAT:
            raise InputError(f"{path}: an HDF5 file, but not a mock sample of jpas-gui")
        if file.integer("format_version") != FORMAT_VERSION:
            raise InputError(f"{path}: a mock sample in the format of another version of jpas-gui")
        if file.text("makings") != _as_text(makings):
            raise InputError(f"{path}: a mock sample that was made from something else")
        return PaperSample(
            **{field.name: file.numbers(field.name, dtype=_DTYPES[field.name]) for field in fields(PaperSample)}
        )


def _as_text(makings: Mapping[str, Any]) -> str:
    return json.dumps(makings, sort_keys=True)
