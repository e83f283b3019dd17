"""``jpas-gui library``: list, describe, convert and fetch libraries of stellar populations."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jpas_gui.commands.completion import download_names, library_names
from jpas_gui.commands.naming import refuse_model
from jpas_gui.commands.overwriting import add_overwrite, check_new
from jpas_gui.commands.pipes import refuse_piped
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path

if TYPE_CHECKING:
    from jpas_gui.core.downloads.known import Download
    from jpas_gui.core.downloads.transfer import Progress, ProgressOf
    from jpas_gui.core.ssp.library import SSPLibrary


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "library",
        help="list, describe, convert and fetch libraries of stellar populations",
        description="Libraries of simple stellar populations.",
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the libraries at hand, and those that can be fetched")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=_list)

    info = actions.add_parser("info", help="what a library, or a file or folder, is")
    library = info.add_argument("library", metavar="PATH_OR_NAME", help="a name of 'jpas-gui library list', or a path")
    library.completer = library_names
    _add_reading(info)
    info.add_argument("--json", action="store_true", help="one JSON document")
    info.set_defaults(run=_info)

    convert = actions.add_parser("convert", help="write a library in jpas-gui's own format")
    convert.add_argument("path", type=Path, metavar="PATH", help="file, folder or archive of any known format")
    convert.add_argument("-o", "--output", required=True, type=Path, metavar="LIBRARY.h5", help="file to write")
    add_overwrite(convert)
    convert.add_argument("--name", help="short name of the library (default: its own)")
    _add_reading(convert)
    convert.set_defaults(run=_convert)

    get = actions.add_parser("get", help="fetch a library, or the filter curves, by name")
    name = get.add_argument("name", metavar="NAME", help="see 'jpas-gui library list'")
    name.completer = download_names
    add_overwrite(get, "a library of this name, or curves,")
    get.add_argument("--force", dest="overwrite", action="store_true", help=argparse.SUPPRESS)  # its older name
    get.set_defaults(run=_get)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", metavar="NAME", help="which of the libraries that lie together")
    parser.add_argument("--skip-unreadable", action="store_true", help="go on without files that cannot be used")


def _list(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.downloads.getting import filters_folder
    from jpas_gui.core.downloads.known import known_downloads
    from jpas_gui.core.ssp.catalogue import known_libraries, libraries_folder

    libraries, downloads = known_libraries(), known_downloads().values()
    if arguments.json:
        _print_json(
            {
                "libraries": [
                    {"name": e.name, "title": e.title, "path": str(e.path or ""), "detail": e.detail} for e in libraries
                ],
                "folder": str(libraries_folder()),
                "downloads": [{"name": d.name, "title": d.title, "licence": d.licence} for d in downloads],
            }
        )
        return 0
    width = max(len(item.name) for item in (*libraries, *downloads)) + 2
    print("at hand:")
    for entry in libraries:
        print(f"  {entry.name:{width}}{entry.title}: {entry.detail}")
    print(f"your libraries lie in: {libraries_folder()}")
    print("to fetch with 'jpas-gui library get NAME':")
    at_hand = {entry.name for entry in libraries}
    for download in downloads:
        fetched = filters_folder().is_dir() if download.kind == "filters" else download.name in at_hand
        done = " (fetched)" if fetched else ""
        print(f"  {download.name:{width}}{download.title}{done}")
    return 0


def _info(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.ssp.catalogue import load_library

    refuse_model(arguments.library)
    with _hint_to_go_on():
        library = load_library(arguments.library, arguments.variant, arguments.skip_unreadable)
    description = _description(library, _variants(arguments.library))
    if arguments.json:
        _print_json(description)
    else:
        for key, value in description.items():
            print(f"{key.replace('_', ' ') + ':':22}{_text(value)}".rstrip())
    return 0


@contextmanager
def _hint_to_go_on() -> Iterator[None]:
    """Name the option that goes on without files that cannot be read."""
    from jpas_gui.core.ssp.unreadable import UnreadableModels

    try:
        yield
    except UnreadableModels as error:
        raise InputError(f"{error}: --skip-unreadable") from error


def _variants(name_or_path: str) -> tuple[str, ...]:
    from jpas_gui.core.ssp.catalogue import known_libraries
    from jpas_gui.core.ssp.readers import popstar
    from jpas_gui.core.ssp.reading import library_variants

    stored = {entry.name: entry.path for entry in known_libraries()}
    path = stored.get(name_or_path, user_path(name_or_path))
    return library_variants(path) if path else popstar.VARIANTS


def _description(library: "SSPLibrary", variants: tuple[str, ...]) -> dict[str, Any]:
    from jpas_gui.core.provenance import sha256_of_files

    source = library.source
    return {
        "name": library.name,
        "title": library.title,
        "format": source.format,
        "models": library.n_models,
        "ages": library.log_age.size,
        "log_age": [round(float(library.log_age[i]), 4) for i in (0, -1)],
        "metallicities": library.metallicity.size,
        "[M/H]": [round(float(library.metallicity[i]), 4) for i in (0, -1)],
        "wavelengths": library.wavelength.size,
        "wavelength": [round(float(library.wavelength[i]), 2) for i in (0, -1)],
        "source_medium": source.medium,
        "imf": source.imf,
        "isochrones": source.isochrones,
        "solar_metallicity": source.solar_metallicity,
        "assumed": list(source.assumed),
        "variant": source.variant,
        "variants": list(variants),
        "citation": source.citation,
        "licence": source.licence,
        "files": len(source.files),
        "skipped": list(source.skipped),
        "sha256": sha256_of_files(source),
    }


def _text(value: Any) -> str:
    if isinstance(value, list):
        numbers = bool(value) and all(isinstance(item, float) for item in value)
        return " to ".join(f"{item:g}" for item in value) if numbers else ", ".join(map(str, value)) or "-"
    return str(value) or "-"


def _print_json(document: object) -> None:
    print(json.dumps(document, indent=1, ensure_ascii=False))


def _convert(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.catalogues.writing import check_output
    from jpas_gui.core.ssp.native import write_library
    from jpas_gui.core.ssp.reading import read_library

    output: Path = arguments.output
    refuse_piped(output, "a library")
    check_output(output, (".h5", ".hdf5"))
    check_new(output, arguments.overwrite)
    refuse_model(str(arguments.path))
    with _hint_to_go_on():
        library = read_library(arguments.path, arguments.variant, arguments.skip_unreadable)
    if arguments.name is not None:
        if not arguments.name.strip():
            raise InputError("--name is empty: give the library a short name, or leave the option out")
        library = replace(library, name=arguments.name)
    if library.source.skipped:
        print(f"jpas-gui: note: without {', '.join(library.source.skipped)}", file=sys.stderr)
    write_library(library, output)
    print(f"{output}: {library.name}, {library.n_models} models")
    return 0


def _get(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.downloads.known import find_download, known_downloads

    download = find_download(arguments.name, known_downloads())
    _print_terms(download)
    if download.kind == "library":
        _get_library(download, arguments.overwrite)
    else:
        _get_filters(download, arguments.overwrite)
    return 0


def _print_terms(download: "Download") -> None:
    from jpas_gui.core.ssp.citations import citation_of

    citation = citation_of(download.citation)
    size = f", {download.size / 1e6:.0f} MB" if download.size else ""
    print(f"{download.title}{size}")
    print(f"  terms: {download.licence}")
    print(f"  cite:  {citation.text} ({citation.url})", flush=True)


def _get_library(download: "Download", overwrite: bool) -> None:
    from jpas_gui.core.downloads.getting import get_library
    from jpas_gui.core.ssp.catalogue import known_libraries

    at_hand = next((entry for entry in known_libraries() if entry.name == download.name), None)
    if at_hand and not overwrite:
        if not at_hand.is_usable:
            raise InputError(f"{at_hand.path}: {at_hand.detail}: fetch it again with --overwrite")
        print(f"at hand: {at_hand.path}; --overwrite fetches it again")
        return
    fetched, path = get_library(download, _progress_bar(), overwrite)
    print(f"{'fetched' if fetched.downloaded else 'fetched before'}: {fetched.path}")
    print(f"added:   {path}")
    print(f"use it:  jpas-gui synth --library {download.name} ..., or choose it in the window")


def _get_filters(download: "Download", overwrite: bool) -> None:
    from jpas_gui.core.downloads.getting import get_filters

    folder = get_filters(download, _progress_bar(), overwrite)
    print(f"curves:  {folder}")
    print(f"use them: jpas-gui synth --filters '{folder}' ..., or open this folder in the window")


def _progress_bar() -> "ProgressOf | None":
    """Return what draws a progress bar on stderr, where someone is there to see it."""
    if not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    def bar(name: str, unit: str) -> "Progress":
        # A total to begin with: pooch asks the bar for its truth, which one without a total has not.
        return tqdm(desc=name, unit=unit, unit_scale=unit == "B", file=sys.stderr, total=1)

    return bar
