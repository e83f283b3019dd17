"""The finished parts of a run: a folder beside the output, from which a run that was cut off goes on."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jpas_gui.core.catalogues.predictions.arrow import with_provenance
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import refuse_existing, replacing
from jpas_gui.core.locks import LockedError, held_for

if TYPE_CHECKING:
    import pyarrow as pa

RUN = "_run.json"
"""What the parts were made from. Readers of partitioned Parquet leave out names that begin so."""


class Existing(Enum):
    """What to do with an output, or parts of it, that is there already."""

    REFUSE = "refuse"
    RESUME = "resume"
    OVERWRITE = "overwrite"


@dataclass(frozen=True, eq=False)
class PartsFolder:
    """The folder of a run.

    Parameters
    ----------
    folder : Path
    provenance : mapping
        Of the run, from its beginning on: a run that is resumed keeps it.
    """

    folder: Path
    provenance: Mapping[str, Any]

    def path(self, number: int) -> Path:
        """Return the file of a part."""
        return self.folder / f"part-{number:07d}.parquet"

    def holds(self, number: int, n_rows: int) -> bool:
        """Return whether a part is finished and whole."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return bool(pq.read_metadata(self.path(number)).num_rows == n_rows)
        except (OSError, pa.ArrowInvalid):
            return False

    def write(self, number: int, table: "pa.Table") -> None:
        """Write a part, whole or not at all.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        _write(table.cast(with_provenance(table.schema, self.provenance)), self.path(number))

    def tables(self, columns: list[str] | None = None) -> Iterator["pa.Table"]:
        """Yield the parts in order, all columns or some.

        Raises
        ------
        InputError
            If one cannot be read.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        for path in sorted(self.folder.glob("part-*.parquet")):
            try:
                # Neither the folder nor its name is part of the data, as pyarrow would take "key=value" to be.
                yield pq.read_table(path, columns=columns, partitioning=None)
            except (OSError, pa.ArrowInvalid) as error:
                raise InputError(f"{path}: cannot be read any more ({error}): start again with --resume") from error

    def schema(self) -> "pa.Schema":
        """Return the columns of the first part, with the provenance."""
        import pyarrow.parquet as pq

        return pq.read_schema(min(self.folder.glob("part-*.parquet")))

    def unify(self) -> None:
        """Give the id columns one type: text, if they are of different types in some parts.

        Raises
        ------
        InputError
            If a part cannot be written.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        paths = sorted(self.folder.glob("part-*.parquet"))
        schemas = [pq.read_schema(path) for path in paths]
        types = {name: {schema.field(name).type for schema in schemas} for name in schemas[0].names}
        texts = {name for name, kinds in types.items() if len(kinds) > 1}
        for path, schema in zip(paths, schemas, strict=True):
            fields = [field.with_type(pa.string()) if field.name in texts else field for field in schema]
            common = pa.schema(fields, metadata=schema.metadata)
            if common != schema:
                _write(pq.read_table(path, partitioning=None).cast(common), path)

    def remove(self) -> None:
        """Remove the folder."""
        _remove(self.folder)


def _write(table: "pa.Table", path: Path) -> None:
    import pyarrow.parquet as pq

    with replacing(path) as temporary:
        pq.write_table(table, temporary, use_dictionary=False, compression="zstd")


def _remove(folder: Path) -> None:
    """Remove a folder of parts, and what a program left that was killed while it did so."""
    # Under a hidden name first: a folder of which a half is removed is no run to go on with.
    removed = folder.with_name(f".{folder.name}.removed")
    shutil.rmtree(removed, ignore_errors=True)
    with suppress(OSError):
        folder.rename(removed)
    for left in (removed, folder):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def alone_with(output: Path) -> Iterator[None]:
    """Keep other programs from making the same output for the block.

    Raises
    ------
    InputError
        If one is at work on it, or the folder of the output cannot be written.
    """
    lock = output.with_name(f".{output.name}.lock")
    with ExitStack() as stack:
        try:
            stack.enter_context(held_for(lock))
        except LockedError:
            raise InputError(f"{output}: another program is making it: wait for it, or choose another name") from None
        except OSError as error:
            raise InputError(f"{output}: cannot be written ({error.strerror or error})") from error
        yield


def parts_folder(output: Path) -> Path:
    """Return where the finished parts of an output lie until it is whole."""
    return output.with_name(f"{output.name}.parts")


def refuse_older(output: Path, existing: Existing) -> None:
    """Refuse, before the work begins, an output or an unfinished run that is there already.

    Raises
    ------
    InputError
        If there is one, and `existing` does not say what to do with it.
    """
    unfinished = is_unfinished(output)
    if unfinished and existing is Existing.REFUSE:
        raise InputError(
            f"{parts_folder(output)}: an unfinished run: --resume goes on with it, --overwrite starts anew"
        )
    if existing is not Existing.OVERWRITE and not (unfinished and existing is Existing.RESUME):
        refuse_existing(output)


def is_unfinished(output: Path) -> bool:
    """Return whether there are finished parts of an output that is not whole yet."""
    return (parts_folder(output) / RUN).is_file()


def open_parts(
    output: Path, made_from: Mapping[str, Any], provenance: Mapping[str, Any], existing: Existing
) -> PartsFolder:
    """Make the folder of a run, or take the one that a run which was cut off has left.

    Parameters
    ----------
    output : Path
    made_from : mapping
        What decides on the predictions, plain data by name: parts made from anything else are not gone on with.
    provenance : mapping
        Of a run that begins now.
    existing : Existing

    Raises
    ------
    InputError
        If there is an output or an unfinished run already and `existing` does not say what to do with it, the
        unfinished run was made from something else, the output is a folder of something else, or the folder cannot be
        written.
    """
    refuse_older(output, existing)
    folder = parts_folder(output)
    unfinished = is_unfinished(output)
    if output.is_dir() and any(output.iterdir()) and not (output / RUN).is_file():
        raise InputError(f"{output}: a folder with something else in it: choose another name")
    if unfinished and existing is Existing.RESUME:
        return _resumed(folder, made_from)
    if folder.exists() and not unfinished and not _is_ours(folder):
        raise InputError(f"{folder}: in the way, finished parts are to be kept there: move it, or choose another name")
    try:
        _remove(folder)
        folder.mkdir()
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror or error})") from error
    with replacing(folder / RUN) as temporary:
        record = {"made_from": made_from, "provenance": provenance}
        temporary.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return PartsFolder(folder, provenance)


def _is_ours(folder: Path) -> bool:
    """Return whether a folder is what a run leaves that was killed as it began, or as it removed its parts."""
    own = re.compile(rf"{re.escape(RUN)}|\.{re.escape(Path(RUN).stem)}\..*|\.?part-\d{{7}}\..*")
    return folder.is_dir() and all(own.fullmatch(path.name) for path in folder.iterdir())


def _resumed(folder: Path, made_from: Mapping[str, Any]) -> PartsFolder:
    try:
        record = json.loads((folder / RUN).read_text(encoding="utf-8"))
        before, provenance = record["made_from"], record["provenance"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder / RUN}: cannot be read: --overwrite starts anew") from error
    wanted = json.loads(json.dumps(made_from))
    changed = [key for key in wanted if before.get(key) != wanted[key]]
    if changed:
        what = ", ".join(key.replace("_", " ") for key in changed)
        raise InputError(
            f"{folder}: the unfinished run had another {what}: run it as before, choose another name, or --overwrite"
        )
    for path in folder.glob(".part-*.parquet"):
        path.unlink(missing_ok=True)
    return PartsFolder(folder, provenance)
