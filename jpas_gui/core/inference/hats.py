"""Predicting catalogues in the format HATS, partition by partition, through LSDB."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.predictions.parts import RUN, Existing, alone_with, open_parts
from jpas_gui.core.catalogues.predictions.writing import check_predictions_output, move_folder
from jpas_gui.core.catalogues.writing import flat_provenance
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.catalogue_files import HATS_RECORDS
from jpas_gui.core.inference.catalogue_model import CatalogueModel, ModelChoice
from jpas_gui.core.inference.catalogue_run import answers
from jpas_gui.core.inference.run_plan import check_catalogues, made_from_what, run_provenance
from jpas_gui.core.inference.scale_out import worker_predictor

if TYPE_CHECKING:
    import pandas as pd
    from lsdb import Catalog

_SAMPLE = 20
"""Rows that show, before work begins, whether a catalogue can be read."""

_WORK = "catalogue"
"""The folder, among the parts, into which LSDB writes."""


@dataclass(frozen=True, eq=False)
class PartitionJob:
    """What is done to each partition, with or without rows; a worker reads the model itself.

    Parameters
    ----------
    origin : Path
        The catalogue, for messages.
    options : OpeningOptions
    model : ModelChoice
    model_sha256 : str
    position : tuple of str
        Columns of right ascension and declination, which are kept.
    empty : DataFrame, optional
        What a partition without rows becomes.
    """

    origin: Path
    options: OpeningOptions
    model: ModelChoice
    model_sha256: str
    position: tuple[str, str]
    empty: "pd.DataFrame | None" = None

    def __call__(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """Return position and predictions of the rows of a frame, with its index."""
        if not len(frame) and self.empty is not None:
            return self.empty
        import pandas as pd

        torch.set_num_threads(1)
        predictor = worker_predictor(self.model, self.model_sha256)
        with _opened(frame, self.origin, self.options) as catalogue:
            ids = catalogue.ids(0, len(frame)) if catalogue.id_columns else {}
            table = answers(predictor, catalogue.galaxies(0, len(frame)), ids)
        predicted = table.to_pandas(types_mapper=pd.ArrowDtype).set_index(frame.index)
        own = [name for name in predicted.columns if name not in self.position]
        return frame[list(self.position)].join(predicted[own])


@contextmanager
def _opened(frame: "pd.DataFrame", origin: Path, options: OpeningOptions) -> Iterator[ObservedCatalogue]:
    """Yield the rows of a frame as a catalogue: by way of a file, so that they are read as those of all catalogues."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(prefix="jpas-gui-") as folder:
        path = Path(folder) / "partition.parquet"
        try:
            pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, compression="none")
            yield open_catalogue(path, options)
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
        except InputError as error:
            raise InputError(str(error).replace(str(path), str(origin))) from error


def predict_hats(
    path: Path,
    options: OpeningOptions,
    predictor: CatalogueModel,
    model: ModelChoice,
    output: Path,
    *,
    existing: Existing = Existing.REFUSE,
    show_progress: bool = True,
    command_line: Sequence[str] = (),
    warn: Callable[[Sequence[str]], None] = lambda warnings: None,
) -> int:
    """Predict a HATS catalogue into a new one with the same partitions, on the Dask client of the moment, if any.

    Parameters
    ----------
    path : Path
    options : OpeningOptions
    predictor : CatalogueModel
    model : ModelChoice
        The one that the predictor is; its files are those that all workers see.
    output : Path
        Of the new catalogue: position, the catalogue's id columns, and the columns of predictions.
    existing : Existing, optional
        ``RESUME`` keeps the partitions that an unfinished run has written.
    show_progress : bool, optional
        Show LSDB's bar of partitions on stderr.
    command_line : sequence of str, optional
        For the provenance.
    warn : callable, optional
        Is given the warnings of the catalogue before the work begins.

    Returns
    -------
    int
        Number of galaxies.

    Raises
    ------
    InputError
        If LSDB is not installed, the catalogue cannot be read or predicted, or the output cannot be written.
    """
    if output.suffix:
        raise InputError(f"{output}: a HATS catalogue becomes another, a folder: give it a name without a suffix")
    check_predictions_output(output)
    catalog = _open_hats(path, "all")
    job = partition_job(catalog, path, options, predictor, model)
    n_rows = int(catalog.hc_structure.catalog_info.total_rows)
    record = [file for name in HATS_RECORDS if (file := path / name).is_file()]
    with _opened(_first_rows(catalog, path), path, options) as opened:
        provenance = run_provenance(opened, record, n_rows, predictor, command_line)
        columns = list(dict.fromkeys([*job.position, *opened.columns]))
        warn([warning.replace(str(opened.path), str(path)) for warning in opened.warnings])
    with alone_with(output):
        parts = open_parts(output, made_from_what(options, record, predictor), provenance, existing)
        predicted = _open_hats(path, columns).map_partitions(job, meta=job.empty)
        _write(predicted, parts.folder / _WORK, output.name, parts.provenance, show_progress)
        shutil.copyfile(parts.folder / RUN, parts.folder / _WORK / RUN)
        move_folder(parts.folder / _WORK, output)
        parts.remove()
    return n_rows


def partition_job(
    catalog: "Catalog", path: Path, options: OpeningOptions, predictor: CatalogueModel, model: ModelChoice
) -> PartitionJob:
    """Return what predicts the partitions of a HATS catalogue, tried out on its first rows.

    Raises
    ------
    InputError
        If they cannot be read or predicted.
    """
    sample = _first_rows(catalog, path)
    with _opened(sample, path, options) as opened:
        check_catalogues([opened], predictor)
    info = catalog.hc_structure.catalog_info
    job = PartitionJob(path, options, model, predictor.sha256, (info.ra_column, info.dec_column))
    return replace(job, empty=job(sample).iloc[:0])


def _first_rows(catalog: "Catalog", path: Path) -> "pd.DataFrame":
    for partition in catalog.partitions:
        frame = partition.compute(progress_bar=False)
        if len(frame):
            return frame.iloc[:_SAMPLE]
    raise InputError(f"{path}: the catalogue has no rows")


def _open_hats(path: Path, columns: list[str] | str) -> "Catalog":
    try:
        import lsdb
    except ImportError as error:
        raise InputError("LSDB, which reads HATS, is not installed: pip install 'jpas-gui[scale]'") from error
    try:
        return lsdb.open_catalog(path, columns=columns)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path}: this HATS catalogue cannot be read ({error})") from error


def _write(catalog: "Catalog", folder: Path, name: str, provenance: Mapping[str, Any], show_progress: bool) -> None:
    own = {f"jpas_gui.{key}": str(value) for key, value in flat_provenance(provenance)}
    try:
        catalog.write_catalog(
            folder,
            catalog_name=name,
            as_collection=False,
            addl_hats_properties=own,
            resume=True,
            progress_bar=show_progress,
        )
    except Exception as error:  # LSDB, Dask and what they stand on raise many kinds
        first = _first_cause(error)
        why = str(first) if isinstance(first, InputError) else f"{type(first).__name__}: {first}"
        raise InputError(f"{folder}: not all partitions were written ({why}): go on with --resume") from error


def _first_cause(error: BaseException) -> BaseException:
    return error if error.__cause__ is None else _first_cause(error.__cause__)
