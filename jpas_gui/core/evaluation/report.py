"""All tables and figures of an evaluation, in one folder."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jpas_gui.core.catalogues.writing import write_table
from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.binning import AGES, MAGNITUDES, SIGNAL_TO_NOISE, binned
from jpas_gui.core.evaluation.comparison import compared
from jpas_gui.core.evaluation.figures.calibration import calibration_figure
from jpas_gui.core.evaluation.figures.exact import exact_figure
from jpas_gui.core.evaluation.figures.magnitudes import magnitude_figure
from jpas_gui.core.evaluation.figures.recovery import recovery_figure
from jpas_gui.core.evaluation.figures.style import rendered, stamp_of
from jpas_gui.core.evaluation.tables import binned_table, coverage_table, exact_table, library_table, rank_table
from jpas_gui.core.files import replacing

if TYPE_CHECKING:
    from astropy.table import Table
    from matplotlib.figure import Figure

FIGURE_SUFFIXES = (".png", ".pdf")


def check_report_folder(folder: Path) -> None:
    """Find out before the work is done whether a report can be written into this folder, which need not exist.

    Raises
    ------
    InputError
        If something else has this name, or the folder above does not exist.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: this is a file: choose the name of a folder")
    if not folder.exists() and not folder.absolute().parent.is_dir():
        raise InputError(f"{folder}: the folder {folder.parent} does not exist: make it first")


def _tell_nobody(_: int, __: int) -> None:
    pass


def write_report(
    folder: Path,
    answers: TestAnswers,
    provenance: Mapping[str, Any],
    progress: Callable[[int, int], object] = _tell_nobody,
) -> tuple[Path, ...]:
    """Write all tables (ECSV) and figures (PNG, PDF) into a folder, and return their paths.

    What belongs to a posterior or to the exact posterior is left out where there is none. Files of the same names are
    replaced once all new ones are written; other files stay.

    Parameters
    ----------
    folder : Path
        Made where it does not exist.
    answers : TestAnswers
    provenance : mapping
        For the header of the tables: text, numbers, lists and mappings. ``model`` and, where it has them, ``seed`` and
        ``program`` stand above the figures, too.
    progress : callable, optional
        Is told how many tables and figures are written, and of how many.

    Raises
    ------
    InputError
        If the folder or a file cannot be written; older files are then as they were.
    """
    check_report_folder(folder)
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".report-") as name:
            staging = Path(name)
            _write_all(staging, answers, provenance, progress)
            return tuple(file.replace(folder / file.name) for file in sorted(staging.iterdir()))
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror or error})") from error
    except InputError as error:
        raise InputError(str(error).replace(str(staging), str(folder))) from error


def _write_all(
    folder: Path, answers: TestAnswers, provenance: Mapping[str, Any], progress: Callable[[int, int], object]
) -> None:
    tables, figures = _tables(answers, provenance), _figures(answers)
    total = len(tables) + len(figures)
    for number, (stem, table) in enumerate(tables.items()):
        progress(number, total)
        table.meta = dict(provenance)
        write_table(table, folder / f"{stem}.ecsv")
    stamp = stamp_of(answers, provenance)
    for number, (stem, draw) in enumerate(figures.items(), start=len(tables)):
        progress(number, total)
        figure = draw(answers, stamp)
        for suffix in FIGURE_SUFFIXES:
            with replacing(folder / f"{stem}{suffix}") as temporary:
                temporary.write_bytes(rendered(figure, suffix))


def _tables(answers: TestAnswers, provenance: Mapping[str, Any]) -> "dict[str, Table]":
    tables = {
        "by_magnitude": binned_table(answers, MAGNITUDES),
        "by_snr": binned_table(answers, SIGNAL_TO_NOISE),
        "by_age": binned_table(answers, AGES),
        "by_library": library_table({str(provenance.get("model", "")): answers}),
    }
    if answers.ranks is not None:
        tables |= {"coverage": coverage_table(answers), "ranks": rank_table(answers)}
    if answers.exact is not None:
        tables["exact_posterior"] = exact_table(answers)
    return tables


def _figures(answers: TestAnswers) -> "dict[str, Callable[[TestAnswers, str], Figure]]":
    figures: dict[str, Callable[[TestAnswers, str], Figure]] = {"predicted_and_true": recovery_figure}
    if binned(answers, MAGNITUDES):
        figures["errors_by_magnitude"] = magnitude_figure
    if answers.ranks is not None:
        figures["calibration"] = calibration_figure
    if compared(answers):
        figures["exact_posterior"] = exact_figure
    return figures
