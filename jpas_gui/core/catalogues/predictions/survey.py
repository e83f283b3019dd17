"""What the finished parts of a run hold altogether."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jpas_gui.core.catalogues.predictions.arrow import columns_of
from jpas_gui.core.catalogues.predictions.columns import TEXT
from jpas_gui.core.catalogues.predictions.parts import PartsFolder
from jpas_gui.core.catalogues.predictions.records import as_ascii


@dataclass(frozen=True)
class Survey:
    """Counts over all rows.

    Parameters
    ----------
    n_rows, n_answered, n_unreadable, without_bands : int
        All; those with a prediction; those with a problem; those without a usable band.
    flagged : mapping of int to int
        How many rows have a bit of the flag.
    widths : mapping of str to int
        Length of the longest text, in ASCII, of each column of text; 1 or more.
    """

    n_rows: int
    n_answered: int
    n_unreadable: int
    without_bands: int
    flagged: Mapping[int, int]
    widths: Mapping[str, int]


def survey(parts: PartsFolder) -> Survey:
    """Count.

    Raises
    ------
    InputError
        If a part cannot be read.
    """
    texts = [column.name for column in columns_of(parts.schema()) if column.dtype == TEXT]
    widths = dict.fromkeys(texts, 1)
    counts = np.zeros(4, dtype=int)
    bits = np.zeros(15, dtype=int)  # of a positive int16
    for table in parts.tables(list(dict.fromkeys([*texts, "log_age", "flag", "n_bands"]))):
        flag, log_age, n_bands = (table[name].to_numpy() for name in ("flag", "log_age", "n_bands"))
        unreadable = np.count_nonzero(table["problem"].to_numpy(zero_copy_only=False) != "")
        counts += [len(table), np.count_nonzero(np.isfinite(log_age)), unreadable, np.count_nonzero(n_bands == 0)]
        bits += [np.count_nonzero(flag & (1 << bit)) for bit in range(len(bits))]
        for name in texts:
            widths[name] = max(widths[name], as_ascii(table[name]).dtype.itemsize)
    flagged = {1 << bit: int(count) for bit, count in enumerate(bits) if count}
    n_rows, n_answered, n_unreadable, without_bands = (int(count) for count in counts)
    return Survey(n_rows, n_answered, n_unreadable, without_bands, flagged, widths)
