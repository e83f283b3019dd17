"""What the program knows of libraries, models and filter curves: a list of entries, read from their files' heads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from jpas_gui.app.known_models import known_models
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.downloads.getting import filters_folder
from jpas_gui.core.downloads.known import Download, known_downloads, libraries_by_hand
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.known_models import models_folder, runs_folder
from jpas_gui.core.inference.model_summary import ModelSummary, summarise_model
from jpas_gui.core.inference.shipped import model_title, shipped_models
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.provenance import sha256_of_files
from jpas_gui.core.ssp.catalogue import LibraryEntry, known_libraries, libraries_folder, load_library
from jpas_gui.core.ssp.citations import citation_of
from jpas_gui.core.ssp.library import LibrarySource, SSPLibrary
from jpas_gui.core.ssp.native import describe_native
from jpas_gui.core.ssp.readers.popstar import popstar_file


class Kind(StrEnum):
    """What an entry is."""

    LIBRARY = "library"
    MODEL = "model"
    FILTERS = "filters"


class Status(StrEnum):
    """Whether an entry is at hand, and whose it is."""

    SHIPPED = "with the program"
    OWN = "yours"
    OPENED = "opened"
    TRAINED = "trained here"
    UNUSABLE = "cannot be used"
    DOWNLOAD = "to download"
    BY_HAND = "to fetch by hand"


@dataclass(frozen=True, eq=False)
class Entry:
    """A library, a model or a set of filter curves.

    Parameters
    ----------
    kind : Kind
    status : Status
    name : str
        By which the program finds it; of a model that is not shipped, its folder.
    title : str
    facts : tuple of tuple of str
        What is known of it: a word and a value each.
    path : Path, optional
        Where it lies.
    size : int
        Bytes; 0 where it is not known.
    licence : str
    citations : tuple of str
    url : str
        Of its publisher.
    download : Download, optional
        Where it can be fetched.
    """

    kind: Kind
    status: Status
    name: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    path: Path | None = None
    size: int = 0
    licence: str = ""
    citations: tuple[str, ...] = ()
    url: str = ""
    download: Download | None = field(default=None)

    @property
    def is_at_hand(self) -> bool:
        """Whether it can be used now."""
        return self.status not in (Status.UNUSABLE, Status.DOWNLOAD, Status.BY_HAND)

    @property
    def is_removable(self) -> bool:
        """Whether it is the user's own, in the program's folders."""
        if self.path is None:
            return False
        return self.path == filters_folder() or self.path.parent in (models_folder(), libraries_folder())


def all_entries(opened: Sequence[tuple[SSPLibrary, Path | None]], models: Sequence[str]) -> tuple[Entry, ...]:
    """Return all that the program knows: what is at hand first, then what can be fetched.

    Parameters
    ----------
    opened : sequence of tuple
        Libraries that were opened, and where they were read from.
    models : sequence of str
        Models in use: names of shipped ones, or folders.
    """
    libraries = known_libraries()
    at_hand = {entry.name for entry in libraries}
    paths = {entry.path for entry in libraries}
    downloads = [one for one in known_downloads().values() if one.kind == "library" and one.name not in at_hand]
    return (
        *(_known(entry) for entry in libraries),
        *(_opened(library, path) for library, path in opened if path is not None and path not in paths),
        *_models(models),
        *_filters(),
        *(_to_download(one, Kind.LIBRARY) for one in downloads),
        *_by_hand(),
    )


# -- libraries ------------------------------------------------------------------------------------------------------


def _known(entry: LibraryEntry) -> Entry:
    if entry.path is None:
        return _embedded(entry)
    if not entry.is_usable:
        problem = (("problem", entry.detail),)
        return Entry(Kind.LIBRARY, Status.UNUSABLE, entry.name, entry.title, problem, entry.path, _size(entry.path))
    description = describe_native(entry.path)
    ages, metallicities = description.log_age, description.metallicity
    facts = _ranges(description.n_models, ages, metallicities, description.wavelength_range)
    return _of_source(Status.OWN, entry.name, entry.title, description.source, facts, entry.path)


@cache
def _embedded(entry: LibraryEntry) -> Entry:
    library = load_library(entry.name)
    file = popstar_file()
    path = file if isinstance(file, Path) else None
    return _of_source(Status.SHIPPED, entry.name, entry.title, library.source, _coverage(library), path)


def _opened(library: SSPLibrary, path: Path | None) -> Entry:
    return _of_source(Status.OPENED, library.name, library.title, library.source, _coverage(library), path)


def _of_source(
    status: Status,
    name: str,
    title: str,
    source: LibrarySource,
    facts: tuple[tuple[str, str], ...],
    path: Path | None = None,
) -> Entry:
    made = (
        ("IMF", source.imf),
        ("isochrones", source.isochrones),
        ("solar metallicity", f"Z = {source.solar_metallicity:g}"),
        ("variant", source.variant),
        ("read from", f"{source.format}, {_files(len(source.files))}, wavelengths in {source.medium}"),
        ("SHA-256 of its files", sha256_of_files(source)),
        ("left out", ", ".join(source.skipped)),
        ("assumed", "; ".join(source.assumed)),
    )
    known = tuple((word, value) for word, value in made if value)
    citations = (source.citation,) if source.citation else ()
    return Entry(Kind.LIBRARY, status, name, title, (*facts, *known), path, _size(path), source.licence, citations)


def _files(n: int) -> str:
    return "1 file" if n == 1 else f"{n:,} files"


def _coverage(library: SSPLibrary) -> tuple[tuple[str, str], ...]:
    ends = float(library.wavelength[0]), float(library.wavelength[-1])
    return _ranges(library.n_models, library.log_age, library.metallicity, ends)


def _ranges(
    n_models: int, log_age: FloatArray, metallicity: FloatArray, wavelength: tuple[float, float]
) -> tuple[tuple[str, str], ...]:
    return (
        ("models", f"{n_models:,}"),
        ("log age", f"{log_age[0]:.2f} to {log_age[-1]:.2f} (log10 yr), {len(log_age)} ages"),
        ("[M/H]", f"{metallicity[0]:+.2f} to {metallicity[-1]:+.2f} dex, {len(metallicity)} metallicities"),
        ("wavelength", f"{wavelength[0]:.0f} to {wavelength[1]:.0f} Å"),
    )


def _size(path: Path | None) -> int:
    """Return the bytes of a file or of all files of a folder; 0 where it cannot be seen."""
    if path is None:
        return 0
    try:
        if path.is_file():
            return path.stat().st_size
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    except OSError:
        return 0


# -- models and filters ---------------------------------------------------------------------------------------------


def _models(in_use: Sequence[str]) -> Iterator[Entry]:
    shipped = shipped_models()
    for name, folder in known_models(in_use).items():
        if name in shipped:
            status = Status.SHIPPED
        elif folder.parent == models_folder():
            status = Status.OWN
        else:
            status = Status.TRAINED if folder.parent.parent == runs_folder() else Status.OPENED
        yield _model(name, folder, status)


def _model(name: str, folder: Path, status: Status) -> Entry:
    try:
        summary = summarise_model(folder)
    except InputError as error:
        return Entry(Kind.MODEL, Status.UNUSABLE, name, folder.name, (("problem", str(error)),), folder, _size(folder))
    return Entry(
        Kind.MODEL,
        status,
        name,
        summary.name if status is Status.SHIPPED else model_title(folder.with_name(summary.name)),
        tuple(_facts_of(summary)),
        folder,
        summary.size,
        "; ".join(summary.licences),
        summary.citations,
    )


def _facts_of(summary: ModelSummary) -> Iterator[tuple[str, str]]:
    yield "preset", summary.preset
    yield "trained on", ", ".join(summary.libraries)
    if summary.where_to_get:
        yield "to evaluate it", "; ".join(summary.where_to_get)
    yield "noise", summary.noise
    names = {"log_age": "log age", "metallicity": "[M/H]", "ebv": "E(B−V)", "magnitude": "magnitude", "redshift": "z"}
    for key, word in names.items():
        if key in summary.domain:
            low, high = summary.domain[key]
            yield word, f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"
    yield "SHA-256 of its weights", summary.weights_sha256
    yield "made by", summary.created_by


def _filters() -> Iterator[Entry]:
    citation = citation_of("svo")
    official = embedded_filters()
    bands = (("bands", str(len(official.names))), ("source", official.source))
    yield Entry(Kind.FILTERS, Status.SHIPPED, "official", "J-PAS filter curves, official set", bands)
    for download in known_downloads().values():
        if download.kind == "filters" and filters_folder().is_dir():
            folder = filters_folder()
            facts, cited = (("bands", str(len(list(folder.iterdir())))),), (citation.text,)
            yield Entry(
                Kind.FILTERS, Status.OWN, download.name, download.title, facts, folder, _size(folder),
                download.licence, cited, citation.url,
            )  # fmt: skip
        elif download.kind == "filters":
            yield _to_download(download, Kind.FILTERS)


# -- what can be fetched --------------------------------------------------------------------------------------------


def _to_download(download: Download, kind: Kind) -> Entry:
    citation = citation_of(download.citation)
    facts = [("address", download.url)]
    if download.hash:
        facts.append(("published hash", download.hash))
    return Entry(
        kind,
        Status.DOWNLOAD,
        download.name,
        download.title,
        tuple(facts),
        None,
        download.size,
        download.licence,
        (citation.text,),
        citation.url,
        download,
    )


def _by_hand() -> Iterator[Entry]:
    for one in libraries_by_hand():
        citation = citation_of(one.citation)
        facts = (("what to fetch", one.what), ("then", "drop the file or the folder here"))
        yield Entry(
            Kind.LIBRARY, Status.BY_HAND, one.name, one.title, facts, None, 0, citation.licence, (citation.text,),
            citation.url,
        )  # fmt: skip
