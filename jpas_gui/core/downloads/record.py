"""What is remembered of a file that was fetched, where its publisher states no hash."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing


@dataclass(frozen=True)
class Record:
    """Address, SHA-256 and time of a download, in a JSON file beside it."""

    url: str
    sha256: str
    fetched: str

    @classmethod
    def of_now(cls, url: str, sha256: str) -> "Record":
        """Return the record of a file that came now."""
        return cls(url, sha256, datetime.now(UTC).isoformat(timespec="seconds"))

    @staticmethod
    def path_beside(path: Path) -> Path:
        """Return where the record of a file lies."""
        return path.with_name(f"{path.name}.json")

    @classmethod
    def beside(cls, path: Path) -> "Record | None":
        """Return the record of a file, None where there is none.

        Raises
        ------
        InputError
            If it is damaged.
        """
        record = cls.path_beside(path)
        try:
            return cls(**json.loads(record.read_text()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise InputError(f"{record}: damaged: remove it") from error

    def save(self, path: Path) -> None:
        """Write the record of a file beside it."""
        with replacing(self.path_beside(path)) as temporary:
            temporary.write_text(json.dumps(vars(self), indent=1) + "\n")
