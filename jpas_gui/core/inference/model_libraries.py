"""The libraries that a model was trained on, found among those that the user has: by name, or by their numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.catalogue import known_libraries, library_problem, load_library
from jpas_gui.core.ssp.library import SSPLibrary
from jpas_gui.core.ssp.where_to_get import where_to_get

Record = Mapping[str, Any]
"""What a bundle says of a library: ``name``, ``title``, ``citation``, ``files`` (how many) and ``numbers_sha256``."""


def libraries_of(model: str, names: Sequence[str], records: Sequence[Record]) -> tuple[SSPLibrary, ...]:
    """Return the libraries of a model, with the same numbers as in its training.

    Each is looked for under the name or path in the training's settings and under its own name, then among all
    libraries of the user, where it may have another.

    Parameters
    ----------
    model : str
        Name of the model, for messages.
    names : sequence of str
        Of the libraries in the settings of the training.
    records : sequence of mapping
        What the bundle says of them, in the same order.

    Raises
    ------
    InputError
        If one is not at hand, or only with other numbers. The message names all that are missing, and says where to
        get them.
    """
    found: list[SSPLibrary] = []
    absent: list[str] = []
    changed: list[str] = []
    for name, record in zip(names, records, strict=True):
        likely = [own for own in dict.fromkeys((name, str(record["name"]))) if not library_problem(own)]
        library = next((one for one in _candidates(likely) if one.numbers_sha256 == record["numbers_sha256"]), None)
        if library is not None:
            found.append(library)
        elif likely:
            changed.append(likely[0])
        else:
            absent.append(_described(record))
    problems = []
    if absent:
        problems.append(f"{' and '.join(absent)}, which {_is_or_are(absent)} not among your libraries")
    if changed:
        problems.append(f"another version of {' and '.join(changed)} (SHA-256 of the numbers differs)")
    if problems:
        adding = "add what is missing, or " if absent else ""
        raise InputError(
            f"{model} was trained on {', and on '.join(problems)}: {adding}say which libraries to test on (--library)"
        )
    return tuple(found)


def _candidates(likely: Sequence[str]) -> Iterator[SSPLibrary]:
    """Yield libraries that a model may have been trained on: those by name, then all that the user has."""
    yield from (load_library(name) for name in likely)
    for entry in known_libraries():
        if entry.is_usable and entry.path is not None and entry.name not in likely:
            yield load_library(entry.name)


def _described(record: Record) -> str:
    """Return what is said of a library that is not at hand."""
    way = where_to_get(str(record["name"]), str(record.get("citation", "")))
    facts = [f"{record['files']} files" if record.get("files", 1) > 1 else "", way]
    more = "; ".join(filter(None, facts))
    return f"{record['title']} ({more})" if more else str(record["title"])


def _is_or_are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
