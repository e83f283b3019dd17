"""Nothing is fetched from where a VOTable says that its rows are."""

import gzip
from pathlib import Path

import pytest
from first_table import read_catalogue
from local_server import serving

from jpas_gui.core.errors import InputError

_TABLE = (
    '<?xml version="1.0"{encoding}?><{p}VOTABLE version="1.3"{space}><{p}RESOURCE><{p}TABLE>'
    '<{p}FIELD name="A" datatype="double"><{p}LINK href="http://127.0.0.1/"/></{p}FIELD>'
    "<{p}DATA><{p}{kind}>{stream}</{p}{kind}></{p}DATA></{p}TABLE></{p}RESOURCE></{p}VOTABLE>"
)

pytestmark = pytest.mark.filterwarnings("ignore")  # as for users

_INLINE = '<STREAM encoding="base64">QAAAAAAAAAA=</STREAM>'


def _away(address: str, prefix: str = "") -> str:
    return f"<{prefix}STREAM\n encoding='base64' href = '{address}'/>"


@pytest.mark.parametrize("kind", ["BINARY", "BINARY2", "FITS"])
@pytest.mark.parametrize("form", ["plain", "gzip", "utf-16", "prefix"])
def test_rows_at_an_address_are_refused_without_a_request(tmp_path: Path, kind: str, form: str) -> None:
    with serving() as server:
        server.files["/rows"] = b"@" + bytes(7)
        for address in (f"{server.url}/rows?user=me", (tmp_path / "secret").as_uri()):
            prefix = "v:" if form == "prefix" else ""
            space = ' xmlns:v="http://www.ivoa.net/xml/VOTable/v1.3"' if prefix else ""
            encoding = ' encoding="utf-16"' if form == "utf-16" else ""
            text = _TABLE.format(p=prefix, space=space, kind=kind, stream=_away(address, prefix), encoding=encoding)
            content = text.encode("utf-16" if form == "utf-16" else "utf-8")
            path = tmp_path / "c.vot"
            path.write_bytes(gzip.compress(content) if form == "gzip" else content)
            with pytest.raises(InputError, match=r"c\.vot: the rows of this VOTable are not in it but at "):
                read_catalogue(path)
        assert not server.requests


def test_rows_within_the_file_are_read_whatever_links_there_are(tmp_path: Path) -> None:
    path = tmp_path / "c.vot"
    path.write_text(_TABLE.format(p="", space="", kind="BINARY", stream=_INLINE, encoding=""))
    table = read_catalogue(path)
    assert table.read_rows(["A"], 0, 1).columns["A"] == [2.0]
