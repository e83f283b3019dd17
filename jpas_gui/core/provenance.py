"""What a file that the program writes says about its own making."""

import hashlib
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from jpas_gui import __version__
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary

_LISTED_FILES = 20
"""A library of more files than this is described by one hash: a folder of the MILES family has thousands."""


def program_provenance(command_line: Sequence[str] = ()) -> dict[str, Any]:
    """Return the program's version, the time, and the command that it ran, where there was one."""
    described = {"program": f"jpas-gui {__version__}", "created": datetime.now(UTC).isoformat(timespec="seconds")}
    return described | ({"command": shlex.join(command_line)} if command_line else {})


def library_provenance(library: SSPLibrary) -> dict[str, Any]:
    """Return what a reader needs to get the same library again: its name, terms, files and hashes."""
    return {
        "name": library.name,
        "title": library.title,
        "variant": library.source.variant,
        "citation": library.source.citation,
        "licence": library.source.licence,
    } | source_provenance(library.source)


def source_provenance(source: LibrarySource) -> dict[str, Any]:
    """Return what tells a library's files from others: their number, names and hashes, and how they were made."""
    described: dict[str, Any] = {
        "format": source.format,
        "imf": source.imf,
        "isochrones": source.isochrones,
        "files": len(source.files),
        "sha256": sha256_of_files(source),
    }
    if 1 < len(source.files) <= _LISTED_FILES:
        described["sha256_by_file"] = {file.name: file.sha256 for file in source.files}
    elif source.files:
        described["first_file"] = source.files[0].name
    if source.skipped:
        described["skipped"] = list(source.skipped)
    if source.assumed:
        described["assumed"] = list(source.assumed)
    return described


def sha256_of_files(source: LibrarySource) -> str:
    """Return one hash for all files of a library.

    Of one file it is that file's SHA-256, of several the SHA-256 of the lines ``sha256  name`` sorted by name.
    Empty where the files are not on record.
    """
    if len(source.files) <= 1:
        return "".join(file.sha256 for file in source.files)
    lines = (f"{file.sha256}  {file.name}\n" for file in sorted(source.files, key=lambda file: file.name))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
