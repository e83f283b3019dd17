"""Downloads from a server of the test's own on this machine."""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from local_server import Server, serving

from jpas_gui.core.downloads.getting import downloads_folder, fetch_file, filters_folder, get_filters, get_library
from jpas_gui.core.downloads.known import Download, find_download, known_downloads
from jpas_gui.core.downloads.partial import Partial
from jpas_gui.core.errors import InputError
from jpas_gui.core.photometry.filter_files import embedded_filters, read_filters, svo_name
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.citations import citation_of


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        yield server


def library_download(server: Server, file: str = "file.npz", **changes: Any) -> Download:
    settings: dict[str, Any] = {
        "name": "mine",
        "kind": "library",
        "title": "Mine",
        "licence": "",
        "citation": "emiles",
    } | changes
    return Download(url=f"{server.url}/{file}", **settings)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Bar:
    """A progress that remembers what it was told."""

    def __init__(self, name: str, unit: str) -> None:
        self.name, self.unit = name, unit
        self.total: float | None = None
        self.done, self.updates, self.closed = 0.0, 0, False

    def update(self, n: float, /) -> None:
        self.done += n
        self.updates += 1

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        self.closed = True


def test_every_download_has_terms_and_a_citation() -> None:
    known = known_downloads()
    assert set(known) >= {"emiles", "miles", "ppxf-emiles", "ppxf-galaxev", "ppxf-xsl", "ppxf-fsps", "jpas-filters"}
    for download in known.values():
        assert download.title
        assert download.licence
        assert citation_of(download.citation).text
    with pytest.raises(InputError, match="no download 'emils': choose one of emiles, miles"):
        find_download("emils", known)


class Archive:
    """What stands behind a DOI."""

    def __init__(self, urls: dict[str, str]) -> None:
        self.urls = urls

    def download_url(self, file_name: str) -> str:
        if file_name not in self.urls:
            raise ValueError(f"File '{file_name}' not found in data archive")
        return self.urls[file_name]


def test_a_doi_leads_to_the_file_of_its_archive(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.files["/behind"] = b"spectra"
    archive = Archive({"E.hdf5": f"{server.url}/behind"})
    monkeypatch.setattr("pooch.downloaders.doi_to_repository", lambda doi, **_: archive)
    download = replace(library_download(server), url="doi:10.5281/zenodo.1/E.hdf5")
    assert fetch_file(download).path == downloads_folder() / "E.hdf5"
    assert (downloads_folder() / "E.hdf5").read_bytes() == b"spectra"
    with pytest.raises(InputError, match=r"zenodo\.1/F\.hdf5: File 'F\.hdf5' not found in data archive"):
        fetch_file(replace(download, url="doi:10.5281/zenodo.1/F.hdf5"))


def test_a_file_comes_once_and_with_progress(server: Server) -> None:
    content = bytes(range(256)) * 4096
    server.files["/file.npz"] = content
    bars: list[Bar] = []

    def bar(name: str, unit: str) -> Bar:
        bars.append(Bar(name, unit))
        return bars[-1]

    digest = f"md5:{hashlib.md5(content).hexdigest()}"
    first = fetch_file(library_download(server, hash=digest), bar)
    assert first.downloaded
    assert first.path == downloads_folder() / "file.npz"
    assert first.path.read_bytes() == content
    assert first.sha256 == hashlib.sha256(content).hexdigest()
    assert (bars[0].name, bars[0].unit, bars[0].total, bars[0].done) == ("mine", "B", len(content), len(content))
    assert bars[0].updates > 2
    assert bars[0].closed
    assert not fetch_file(library_download(server, hash=digest)).downloaded
    assert len(server.requests) == 1
    assert fetch_file(library_download(server, hash=digest), force=True).downloaded
    assert len(server.requests) == 2


def test_a_damaged_copy_is_fetched_again(server: Server) -> None:
    server.files["/file.npz"] = b"content"
    download = library_download(server)
    path = fetch_file(download).path
    path.write_bytes(b"damaged")
    assert fetch_file(download).downloaded
    assert path.read_bytes() == b"content"


def test_without_a_published_hash_the_first_one_is_kept(server: Server) -> None:
    server.files["/file.npz"] = b"first"
    path = fetch_file(library_download(server)).path
    server.files["/file.npz"] = b"other"
    with pytest.raises(InputError, match=r"differs from the one fetched on 2.*remove .*file.npz.json and get it again"):
        fetch_file(library_download(server), force=True)
    assert path.read_bytes() == b"first"
    path.with_name("file.npz.json").unlink()
    assert fetch_file(library_download(server), force=True).path.read_bytes() == b"other"


def test_a_damaged_record_is_named(server: Server) -> None:
    server.files["/file.npz"] = b"first"
    record = fetch_file(library_download(server)).path.with_name("file.npz.json")
    record.write_text("{")
    with pytest.raises(InputError, match=r"file.npz.json: damaged: remove it"):
        fetch_file(library_download(server))


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda server: server.files.clear(), r"/file.npz: the server answered 404 Not Found"),
        (lambda server: server.files.update({"/file.npz": b"wrong"}), r"not the one that was published \(md5:"),
    ],
)
def test_what_goes_wrong_leaves_no_file(server: Server, prepare: Callable[[Server], object], message: str) -> None:
    content = b"x" * 100_000
    server.files["/file.npz"] = content
    download = library_download(server, hash=f"md5:{hashlib.md5(content).hexdigest()}")
    prepare(server)
    with pytest.raises(InputError, match=message):
        fetch_file(download)
    assert names_in(downloads_folder()) == []


def test_a_transfer_that_was_cut_off_goes_on(server: Server) -> None:
    content = bytes(range(256)) * 4096
    server.files["/file.npz"] = content
    server.cut_short.add("/file.npz")
    download = library_download(server, hash=f"md5:{hashlib.md5(content).hexdigest()}")
    with pytest.raises(InputError, match="the connection ended before the file was complete: try again"):
        fetch_file(download)
    server.cut_short.clear()
    bars: list[Bar] = []

    def bar(name: str, unit: str) -> Bar:
        bars.append(Bar(name, unit))
        return bars[-1]

    assert fetch_file(download, bar).path.read_bytes() == content
    assert server.ranges == ["", f"bytes={len(content) // 2}-"]
    assert (bars[0].total, bars[0].done) == (len(content), len(content))
    assert names_in(downloads_folder()) == ["file.npz", "file.npz.json"]


def test_a_file_that_was_renewed_meanwhile_comes_from_its_beginning(server: Server) -> None:
    server.files["/file.npz"], server.tags["/file.npz"] = b"old" * 300_000, '"1"'
    server.cut_short.add("/file.npz")
    with pytest.raises(InputError, match="ended before the file was complete"):
        fetch_file(library_download(server))
    server.files["/file.npz"], server.tags["/file.npz"] = b"new" * 300_000, '"2"'
    server.cut_short.clear()
    assert fetch_file(library_download(server)).path.read_bytes() == b"new" * 300_000


def test_a_file_of_unknown_version_is_not_pieced_together(server: Server) -> None:
    server.files["/file.npz"] = b"old" * 300_000
    server.cut_short.add("/file.npz")
    with pytest.raises(InputError, match="ended before the file was complete"):
        fetch_file(library_download(server))
    assert names_in(downloads_folder()) == []


def test_a_transfer_that_was_cut_off_after_the_last_byte(server: Server) -> None:
    content = b"x" * 1000
    server.files["/file.npz"], server.tags["/file.npz"] = content, '"1"'
    partial = Partial(downloads_folder() / "file.npz", library_download(server).url, is_checked=False)
    downloads_folder().mkdir(parents=True)
    partial.begin('"1"')
    partial.path.write_bytes(content)
    assert fetch_file(library_download(server)).path.read_bytes() == content


def test_what_goes_wrong_leaves_the_older_file(server: Server) -> None:
    server.files["/file.npz"] = b"x" * 1000
    path = fetch_file(library_download(server)).path
    server.cut_short.add("/file.npz")
    with pytest.raises(InputError, match="ended before the file was complete"):
        fetch_file(library_download(server), force=True)
    assert path.read_bytes() == b"x" * 1000
    assert names_in(path.parent) == ["file.npz", "file.npz.json"]


def test_no_server(server: Server) -> None:
    download = library_download(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(InputError, match="no connection to the server: check the network"):
        fetch_file(download)
    assert names_in(downloads_folder()) == []


def test_no_room_for_the_file(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    server.files["/file.npz"] = b"content"
    monkeypatch.setattr(requests.Response, "iter_content", full)
    with pytest.raises(InputError, match=r"file.npz: cannot be written \(No space left on device\)"):
        fetch_file(library_download(server))
    assert names_in(downloads_folder()) == []


def test_a_cache_that_cannot_be_written(server: Server) -> None:
    # A file where the folder should be: root could write into a read-only folder.
    folder = downloads_folder()
    folder.parent.parent.mkdir(parents=True)
    folder.parent.write_text("")
    with pytest.raises(InputError, match=r"downloads: this folder cannot be made \("):
        fetch_file(library_download(server))
    assert server.requests == []


@pytest.fixture
def npz() -> bytes:
    """Half of PopStar in the structure of pPXF's files."""
    library = load_library("popstar")
    stream = io.BytesIO()
    np.savez(
        stream,
        templates=np.moveaxis(library.luminosity[:, 40::4], -1, 0).swapaxes(1, 2),
        lam=library.wavelength,
        ages=10 ** (library.log_age[40::4] - 9),
        metals=library.metallicity,
        fwhm=np.full(library.wavelength.size, 2.5),
        masses=np.ones((library.log_age[40::4].size, library.metallicity.size)),
    )
    return stream.getvalue()


def test_a_library_can_be_loaded_by_the_name_of_its_download(server: Server, npz: bytes) -> None:
    server.files["/spectra_galaxev_9.0.npz"] = npz
    fetched, path = get_library(library_download(server, "spectra_galaxev_9.0.npz", name="ppxf-mine"))
    assert fetched.path.read_bytes() == npz
    assert path.is_file()
    library, popstar = load_library("ppxf-mine"), load_library("popstar")
    assert library.name == "ppxf-mine"
    np.testing.assert_allclose(library.log_age, popstar.log_age[40::4])
    np.testing.assert_allclose(library.luminosity, popstar.luminosity[:, 40::4], rtol=1e-6)
    assert library.source.files[0].sha256 == hashlib.sha256(npz).hexdigest()


def test_a_library_that_cannot_be_read_is_not_added(server: Server) -> None:
    server.files["/spectra_galaxev_9.0.npz"] = b"<html>moved</html>"
    with pytest.raises(InputError, match=r"spectra_galaxev_9.0.npz: not a library"):
        get_library(library_download(server, "spectra_galaxev_9.0.npz"))
    with pytest.raises(InputError, match="no library of that name"):
        load_library("mine")


def svo_table(wavelength: np.ndarray, transmission: np.ndarray) -> bytes:
    rows = "".join(f"<TR><TD>{w:.2f}</TD><TD>{t:.8f}</TD></TR>" for w, t in zip(wavelength, transmission, strict=True))
    return f"""<?xml version="1.0"?><VOTABLE version="1.1" xmlns="http://www.ivoa.net/xml/VOTable/v1.1"><RESOURCE><TABLE>
<FIELD name="Wavelength" unit="Angstrom" datatype="double"/><FIELD name="Transmission" unit="" datatype="double"/>
<DATA><TABLEDATA>{rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>""".encode()


@pytest.fixture
def filters_download(server: Server) -> Download:
    for curve in embedded_filters().curves:
        path = f"/fps.php?ID=OAJ/JPAS.{svo_name(curve.band)}"
        server.files[path] = svo_table(curve.wavelength[::10], 0.5 * curve.transmission[::10])
    url = f"{server.url}/fps.php?ID=OAJ/JPAS.{{band}}"
    return Download("jpas-filters", "filters", "Curves", url, "", "svo")


def test_filters_come_together(server: Server, filters_download: Download) -> None:
    bars: list[Bar] = []

    def bar(name: str, unit: str) -> Bar:
        bars.append(Bar(name, unit))
        return bars[-1]

    folder = get_filters(filters_download, bar)
    assert folder == filters_folder()
    filters = read_filters(folder)
    assert filters.names == embedded_filters().names
    assert filters.curves[7].transmission.max() == pytest.approx(
        0.5 * embedded_filters().curves[7].transmission.max(), rel=0.05
    )
    assert (bars[0].total, bars[0].done, bars[0].closed) == (60, 60, True)
    assert len(server.requests) == 60
    get_filters(filters_download)
    assert len(server.requests) == 60
    get_filters(filters_download, force=True)
    assert len(server.requests) == 120
    assert names_in(folder.parent) == ["filters"]


def test_an_older_set_of_filters_stays_when_a_band_is_bad(server: Server, filters_download: Download) -> None:
    folder = filters_folder()
    folder.mkdir(parents=True)
    (folder / "JPAS_J0390.txt").write_text("3800 0\n3900 1\n4000 0\n")
    bad = "/fps.php?ID=OAJ/JPAS.J0410"
    server.files[bad] = svo_table(np.array([4000.0, 3900, 3800]), np.array([0.1, 0.2, 0.1]))
    with pytest.raises(
        InputError, match=r"what the server sent cannot be used: OAJ_JPAS.J0410.xml: .* do not increase"
    ):
        get_filters(filters_download)
    del server.files[bad]
    with pytest.raises(InputError, match=r"JPAS.J0410: the server answered 404"):
        get_filters(filters_download)
    assert names_in(folder) == ["JPAS_J0390.txt"]
    assert names_in(folder.parent) == ["filters"]


def test_a_data_folder_that_cannot_be_written(filters_download: Download) -> None:
    folder = filters_folder()
    folder.parent.parent.mkdir(parents=True)
    folder.parent.write_text("")
    with pytest.raises(InputError, match=r"jpas-gui: this folder cannot be made \("):
        get_filters(filters_download)
