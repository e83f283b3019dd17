"""What a catalogue of predictions holds: columns with their types, units, UCDs and descriptions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from jpas_gui.core.flags import FLAGS

UNSIGNED = "uint64"
TEXT = "str"
"""The type of columns of text; all others have the names of numpy's types."""


@dataclass(frozen=True)
class PredictionColumn:
    """One column.

    Parameters
    ----------
    name : str
    dtype : str
        ``"float32"``, ``"float64"``, ``"int16"``, ``"int64"``, `UNSIGNED` or `TEXT`.
    unit, ucd, description : str
        Empty where there is none.
    """

    name: str
    dtype: str
    unit: str = ""
    ucd: str = ""
    description: str = ""

    @property
    def standard_unit(self) -> str:
        """The unit in FITS and VOTables, whose standards do not have dex: readers would complain."""
        return "" if self.unit == "dex" else self.unit


def _parameter_columns(name: str, unit: str, ucd: str, what: str) -> Iterator[PredictionColumn]:
    yield PredictionColumn(
        name, "float32", unit, f"{ucd};meta.main", f"{what}: best estimate, p50 where the model has a posterior"
    )
    for level in (16, 50, 84):
        description = f"{what}: {level}th percentile of the posterior"
        yield PredictionColumn(f"{name}_p{level}", "float32", unit, ucd, description)


def _flags() -> str:
    return ", ".join(f"{bit.value} {words.meaning}" for bit, words in FLAGS.items())


PREDICTION_COLUMNS = (
    PredictionColumn("redshift", "float64", "", "src.redshift", "redshift that was used"),
    *_parameter_columns("log_age", "dex", "time.age", "log10 of the age in years (dex)"),
    *_parameter_columns("metallicity", "dex", "phys.abund.Z", "[M/H] (dex)"),
    *_parameter_columns("ebv", "mag", "phot.color.excess", "E(B-V) of the dust in front of the stars"),
    PredictionColumn("n_bands", "int16", "", "meta.number;instr.bandpass", "number of bands that were used"),
    PredictionColumn("chi2", "float32", "", "stat.fit.chi2", "chi2 of the nearest SED of the libraries"),
    PredictionColumn(
        "distance", "float32", "", "stat.value", "of its colours from those that the model was trained on, typically 1"
    ),
    PredictionColumn(
        "flag",
        "int16",
        "",
        "meta.code.qual",
        f"0 if nothing is known against the answer, or a sum of: {_flags()}",
    ),
    PredictionColumn("problem", TEXT, "", "meta.note", "why the row could not be read; empty if it could"),
)
"""The columns behind the catalogue's own id columns, in the order in which they are written."""

_OWN_NAMES = {column.name for column in PREDICTION_COLUMNS}


def id_columns(ids: Mapping[str, NDArray[Any]]) -> dict[str, PredictionColumn]:
    """Return the columns of a catalogue's ids, whole numbers or text, by the names that they have in it.

    One that is called like a column of predictions is written as ``catalogue_`` and its name.
    """
    return {name: PredictionColumn(_free(name), _id_type(values), "", "meta.id") for name, values in ids.items()}


def _free(name: str) -> str:
    return f"catalogue_{name}" if name.lower() in _OWN_NAMES else name


def _id_type(values: NDArray[Any]) -> str:
    """Return the type that holds these ids exactly."""
    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind == "u" and size == 8:
        return UNSIGNED
    return "int64" if kind in "iu" else TEXT


def id_values(values: NDArray[Any], column: PredictionColumn) -> NDArray[Any]:
    """Return ids in the type of their column; text as objects."""
    return values.astype(str).astype(object) if column.dtype == TEXT else values.astype(column.dtype)
