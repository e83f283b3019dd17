"""The part of a file that has come so far, kept so that a transfer that was cut off can go on."""

import json
from pathlib import Path

from jpas_gui.core.files import replacing


class Partial:
    """Bytes beside the file that they will be, and a record of where they come from.

    Parameters
    ----------
    target : Path
        The file that is to come.
    url : str
    is_checked : bool
        Whether the whole file is checked against a published hash: then what came is worth keeping even where the
        server does not say which version of its file it sends.

    Attributes
    ----------
    path : Path
        Of the bytes.
    """

    def __init__(self, target: Path, url: str, is_checked: bool) -> None:
        self.path = target.with_name(f".{target.name}.partial")
        self._record = target.with_name(f".{target.name}.partial.json")
        self._url, self._is_checked = url, is_checked
        self.validator = self._read_validator()

    def _read_validator(self) -> str:
        """Return what the server called its version of the file; the bytes of another address are thrown away."""
        try:
            record = json.loads(self._record.read_text())
            if record["url"] == self._url:
                return str(record["validator"])
        except (OSError, ValueError, TypeError, KeyError):
            pass
        self.remove()
        return ""

    @property
    def n_bytes(self) -> int:
        """How many bytes are there to go on from."""
        is_usable = self._record.is_file() and (self.validator or self._is_checked)
        return self.path.stat().st_size if is_usable and self.path.is_file() else 0

    def begin(self, validator: str) -> None:
        """Note which version of the file is coming."""
        self.validator = validator
        with replacing(self._record) as temporary:
            temporary.write_text(json.dumps({"url": self._url, "validator": validator}) + "\n")

    def tidy(self) -> None:
        """Remove what nothing can go on from."""
        if not self.n_bytes:
            self.remove()

    def remove(self) -> None:
        """Remove the bytes and their record."""
        self.path.unlink(missing_ok=True)
        self._record.unlink(missing_ok=True)
