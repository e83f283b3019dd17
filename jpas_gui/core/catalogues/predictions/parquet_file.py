"""Predictions as one Parquet file, a row group for each part."""

from pathlib import Path

from jpas_gui.core.catalogues.predictions.parts import PartsFolder
from jpas_gui.core.catalogues.predictions.survey import Survey


def write_parquet(parts: PartsFolder, counts: Survey, path: Path) -> None:
    """Write the parts; the provenance is JSON under the key ``jpas_gui`` of the file's metadata."""
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, parts.schema(), use_dictionary=False, compression="zstd") as writer:
        for table in parts.tables():
            writer.write_table(table)
