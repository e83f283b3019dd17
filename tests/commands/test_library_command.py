"""`library list`, `info`, `convert` and `get`."""

import dataclasses
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import requests
from astropy.io import fits

from jpas_gui.cli import main
from jpas_gui.commands import library as command
from jpas_gui.core.downloads import getting
from jpas_gui.core.downloads.getting import filters_folder
from jpas_gui.core.downloads.known import Download, known_downloads
from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.catalogue import add_library, libraries_folder, load_library
from jpas_gui.core.ssp.reading import read_library


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["library", *arguments]) == 0
    return capsys.readouterr().out


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    add_library(dataclasses.replace(load_library("popstar"), name="ppxf-xsl", title="My XSL"))
    text = printed(capsys, "list")
    at_hand, to_fetch = text.split("to fetch")
    assert "  popstar " in at_hand
    assert "My XSL: 636 models" in at_hand
    assert f"\nyour libraries lie in: {libraries_folder()}\n" in at_hand
    assert all(f"  {name} " in to_fetch for name in known_downloads())
    assert [line.split()[0] for line in to_fetch.splitlines() if line.endswith("(fetched)")] == ["ppxf-xsl"]
    filters_folder().mkdir(parents=True)
    assert "J-PAS filter curves of today (SVO Filter Profile Service) (fetched)\n" in printed(capsys, "list")
    document = json.loads(printed(capsys, "list", "--json"))
    assert [entry["name"] for entry in document["libraries"]] == ["popstar", "popstar-nebular", "ppxf-xsl"]
    assert [entry["name"] for entry in document["downloads"]] == list(known_downloads())
    assert document["folder"] == str(libraries_folder())


def test_info_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    library = load_library("popstar")
    lines = dict(line.split(": ", 1) for line in printed(capsys, "info", "popstar").splitlines())
    values = {key: value.strip() for key, value in lines.items()}
    assert values["models"] == "636"
    assert values["ages"] == "106"
    assert values["metallicities"] == "6"
    assert values["log age"] == "5 to 10.18"
    assert values["[M/H]"] == "-2.301 to 0.3979"
    assert values["wavelength"] == "905 to 11975"
    assert values["imf"] == library.source.imf
    assert values["variants"] == "stellar, total"
    assert values["citation"] == library.source.citation
    assert values["licence"] == library.source.licence
    assert values["files"] == "1"
    assert values["sha256"] == library.source.files[0].sha256


def test_info_by_path(capsys: pytest.CaptureFixture[str], real_data: Path) -> None:
    described = json.loads(printed(capsys, "info", str(real_data / "ssp" / "miuscat"), "--json"))
    assert (described["models"], described["ages"], described["metallicities"]) == (200, 50, 4)
    assert described["files"] == 200
    assert len(described["sha256"]) == 64
    assert described["source_medium"] == "air"
    assert "MIUSCAT" in described["title"]


def test_what_was_assumed_is_said_and_kept(capsys: pytest.CaptureFixture[str], tmp_path: Path, real_data: Path) -> None:
    with fits.open(real_data / "ssp" / "miuscat" / "Iun1.30Zp0.00T10.0000.fits") as hdus:
        hdus[0].header.update({"AGE": 10.0, "Z": 0.019})
        hdus.writeto(tmp_path / "model.fits")
    printed(capsys, "convert", str(tmp_path / "model.fits"), "-o", str(tmp_path / "model.h5"))
    for name in ("model.fits", "model.h5"):
        assert json.loads(printed(capsys, "info", str(tmp_path / name), "--json"))["assumed"] == [
            "luminosities are in Lsun/Angstrom/Msun (no BUNIT)",
            "AGE is in Gyr (no unit)",
            "the solar Z is 0.02",
        ]


@pytest.fixture
def folder_with_a_bad_file(tmp_path: Path, real_data: Path) -> Path:
    folder = tmp_path / "emiles"
    shutil.copytree(real_data / "ssp" / "emiles_sample", folder)
    bad = min(folder.glob("*.fits"))
    bad.write_bytes(bad.read_bytes()[:5000])
    return folder


def test_a_folder_with_a_bad_file(
    refusal: Callable[..., str], capsys: pytest.CaptureFixture[str], tmp_path: Path, folder_with_a_bad_file: Path
) -> None:
    folder, output = str(folder_with_a_bad_file), tmp_path / "e.h5"
    message = refusal("library", "info", folder)
    bad = min(folder_with_a_bad_file.glob("*.fits")).name
    assert f"1 of 14 files cannot be used: {bad}" in message
    assert message.endswith("--skip-unreadable")
    described = json.loads(printed(capsys, "info", folder, "--skip-unreadable", "--json"))
    assert described["models"] == 13
    assert described["skipped"] == [bad]
    assert refusal("library", "convert", folder, "-o", str(output)) == message
    assert not output.exists()
    assert main(["library", "convert", folder, "-o", str(output), "--skip-unreadable"]) == 0
    assert capsys.readouterr().err == f"jpas-gui: note: without {bad}\n"
    assert read_library(output).n_models == 13


def test_convert(capsys: pytest.CaptureFixture[str], tmp_path: Path, real_data: Path) -> None:
    source, output = real_data / "ssp" / "bc03_mpajhu", tmp_path / "bc.h5"
    original = read_library(source)
    text = printed(capsys, "convert", str(source), "-o", str(output), "--name", "mine")
    assert text == f"{output}: mine, {original.n_models} models\n"
    converted = read_library(output)
    assert converted.name == "mine"
    np.testing.assert_array_equal(converted.luminosity, original.luminosity)
    assert converted.source.files == original.source.files


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["info", "nothing"], "nothing: no such file or folder, and no library of that name"),
        (["info", "notes.txt"], "notes.txt: not a library of stellar populations in a known format"),
        (["info", "popstar", "--variant", "x"], "popstar: no variant 'x'; there are: stellar, total"),
        (["convert", "notes.txt", "-o", "l.h5"], "notes.txt: not a library"),
        (["convert", "notes.txt", "-o", "l.fits"], "l.fits: give it a name that ends in .h5 or .hdf5"),
        (["convert", "notes.txt", "-o", "none/l.h5"], "none/l.h5: the folder none does not exist"),
        (["get", "emils"], "there is no download 'emils': choose one of emiles, miles"),
    ],
)
def test_bad_input(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refusal: Callable[..., str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").write_text("hello")
    assert refusal("library", *arguments).startswith(f"jpas-gui: {message}")


def test_a_library_needs_a_name(tmp_path: Path, real_data: Path, refusal: Callable[..., str]) -> None:
    source = str(real_data / "ssp" / "bc03_mpajhu")
    message = refusal("library", "convert", source, "-o", str(tmp_path / "l.h5"), "--name", " ")
    assert message.startswith("jpas-gui: --name is empty: give the library a short name")


class Response:
    """What `requests` would return for an address."""

    def __init__(self, url: str, content: bytes | None) -> None:
        self.url, self.content = url, content or b""
        self.status_code, self.reason = (404, "Not Found") if content is None else (200, "OK")
        self.headers = {"Content-Length": str(len(self.content))}

    def __enter__(self) -> "Response":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def raise_for_status(self) -> None:
        if self.status_code != 200:
            raise requests.HTTPError(response=self)

    def iter_content(self, chunk_size: int) -> Iterator[bytes]:
        return (self.content[start : start + chunk_size] for start in range(0, len(self.content), chunk_size))


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the network would give, by address."""
    contents: dict[str, bytes] = {}
    monkeypatch.setattr(requests, "get", lambda url, **_: Response(url, contents.get(url)))
    return contents


def _ppxf_file() -> bytes:
    library = load_library("popstar")
    stream = io.BytesIO()
    np.savez(
        stream,
        templates=np.moveaxis(library.luminosity[:, 60::9], -1, 0).swapaxes(1, 2),
        lam=library.wavelength,
        ages=10 ** (library.log_age[60::9] - 9),
        metals=library.metallicity,
    )
    return stream.getvalue()


def test_get_a_library_and_use_it(
    network: dict[str, bytes], tmp_path: Path, own_user_folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network[known_downloads()["ppxf-galaxev"].url] = _ppxf_file()
    text = printed(capsys, "get", "ppxf-galaxev")
    lines = text.splitlines()
    assert lines[0].startswith("GALAXEV SSPs")
    assert "non-commercial" in lines[1]
    assert "Bruzual & Charlot 2003" in lines[2]
    assert f"fetched: {own_user_folders}/cache/jpas-gui/downloads/spectra_galaxev_9.0.npz" in lines
    added = own_user_folders / "data" / "jpas-gui" / "libraries" / "ppxf-galaxev.h5"
    before = added.stat().st_mtime_ns
    assert f"at hand: {added}; --overwrite fetches it again\n" in printed(capsys, "get", "ppxf-galaxev")
    assert added.stat().st_mtime_ns == before
    assert "added: " in printed(capsys, "get", "ppxf-galaxev", "--overwrite")
    assert added.stat().st_mtime_ns > before
    population = ["--log-age", "9.7", "--metallicity", "0", "--ebv", "0"]
    assert main(["synth", *population, "--library", "ppxf-galaxev", "-o", str(tmp_path / "s.ecsv")]) == 0
    assert json.loads(printed(capsys, "info", "ppxf-galaxev", "--json"))["name"] == "ppxf-galaxev"


def test_terms_come_before_anything_is_fetched(network: dict[str, bytes], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library", "get", "emiles"]) == 2
    shown = capsys.readouterr()
    assert "MILES project" in shown.out
    assert "Vazdekis" in shown.out
    assert "the server answered 404 Not Found" in shown.err
    assert load_library("popstar")
    with pytest.raises(InputError, match="no library of that name"):
        load_library("emiles")


def test_a_terminal_sees_a_progress_bar(
    network: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    network[known_downloads()["ppxf-galaxev"].url] = _ppxf_file()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["library", "get", "ppxf-galaxev"]) == 0
    assert "ppxf-galaxev: 100%" in capsys.readouterr().err


def test_get_filters_says_how_to_use_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, bool]] = []

    def get_filters(download: Download, progress: object, force: bool) -> Path:
        asked.append((download.name, force))
        return tmp_path

    monkeypatch.setattr(getting, "get_filters", get_filters)
    text = printed(capsys, "get", "jpas-filters", "--overwrite")
    assert asked == [("jpas-filters", True)]
    assert f"jpas-gui synth --filters '{tmp_path}'" in text
    assert "Rodrigo" in text


def test_the_size_is_said_where_it_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    command._print_terms(dataclasses.replace(known_downloads()["emiles"], size=1_500_000_000))
    assert capsys.readouterr().out.startswith("E-MILES SSPs, version 9.1 (MILES team), 1500 MB\n")
