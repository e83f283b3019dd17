"""What a model answered to mocks, and all that is measured of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation.answers import TestAnswers
from jpas_gui.core.evaluation.binning import MAGNITUDES, Bin, Sample, binned, by_library, overall
from jpas_gui.core.evaluation.comparison import Comparison, compared
from jpas_gui.core.evaluation.report import check_report_folder, write_report
from jpas_gui.core.files import replacing
from jpas_gui.core.inference.shipped import model_title
from jpas_gui.core.provenance import program_provenance
from jpas_gui.core.ssp.catalogue import library_title

if TYPE_CHECKING:
    from jpas_gui.core.inference.testing import Progress

Split = Literal["fresh", "test"]


@dataclass(frozen=True)
class MockSettings:
    """The mocks that a model is measured with.

    Parameters
    ----------
    n_per_bin : int
        Of each magnitude.
    n_exact : int
        For so many of each the exact posterior is computed, too.
    seed : int
    libraries : tuple of str
        Names or paths; empty: those that the model was trained on.
    split : str
        ``"fresh"``, or ``"test"`` for the mocks of the training that were kept apart.
    """

    n_per_bin: int = 200
    n_exact: int = 0
    seed: int = 1
    libraries: tuple[str, ...] = ()
    split: Split = "fresh"


@dataclass(frozen=True, eq=False)
class MockFluxes:
    """Mocks as they were given to the model, shape (n, 56) each, and (n,) for `redshift`; fluxes in nanomaggies."""

    flux_nu: FloatArray
    flux_nu_error: FloatArray
    mask: BoolArray
    redshift: FloatArray


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A model, the mocks that it was asked about, its answers, and what follows from them.

    Parameters
    ----------
    model : str
        Name of a shipped model, or folder.
    settings : MockSettings
    fluxes : MockFluxes
    answers : TestAnswers
    by_magnitude, by_library : tuple of Sample
    overall : Sample
    compared : tuple
        As `comparison.compared` gives it.
    """

    model: str
    settings: MockSettings
    fluxes: MockFluxes
    answers: TestAnswers
    by_magnitude: tuple[Sample, ...]
    by_library: tuple[Sample, ...]
    overall: Sample
    compared: tuple[tuple[Bin, tuple[Comparison, ...]], ...]

    @property
    def title(self) -> str:
        """The model's short name, and what its mocks are made from where that is not what it was trained on."""
        name = model_title(self.model)
        if self.settings.split == "test":
            return f"{name}, test sample"
        others = ", ".join(library_title(Path(library).name) for library in self.settings.libraries)
        return f"{name} on {others}" if others else name

    @property
    def detail(self) -> str:
        """The mocks in a line."""
        answers, settings = self.answers, self.settings
        parts = [
            f"{len(answers):,} mocks of {', '.join(map(library_title, answers.libraries))}",
            f"seed {settings.seed}",
        ]
        if answers.exact is not None:
            parts.insert(1, f"{len(answers.exact.rows):,} exact posteriors")
        return " · ".join(parts)


def evaluate(model: str, settings: MockSettings, progress: "Progress") -> Evaluation:
    """Let a model answer mocks, and measure its answers. Takes long: call it in a process of its own.

    Raises
    ------
    InputError
        If the model or a library cannot be used, or the model has no such mocks.
    """
    progress("loading the model", 0, 1)
    from jpas_gui.core.inference.predictor import Predictor
    from jpas_gui.core.inference.testing import answered_mocks

    mocks = answered_mocks(
        Predictor.load(model),
        settings.n_per_bin,
        min(settings.n_exact, settings.n_per_bin),
        settings.seed,
        settings.libraries or None,
        settings.split,
        progress,
    )
    progress("measuring", 0, 1)
    answers, photometry = mocks.answers, mocks.photometry
    return Evaluation(
        model,
        settings,
        # Not the photometry itself: its module imports torch, which the window need not.
        MockFluxes(photometry.flux_nu, photometry.flux_nu_error, photometry.mask, photometry.redshift),
        answers,
        binned(answers, MAGNITUDES),
        by_library(answers),
        overall(answers),
        compared(answers),
    )


REPORTING = "writing the report"
_REPORT_STEPS = 100
"""Of the report of one evaluation: percent."""


def write_reports(folder: Path, evaluations: Sequence[Evaluation], progress: "Progress") -> None:
    """Write a report of each evaluation, and what they have in common, into a folder.

    Each has a folder of its own within it, with all figures (PNG, PDF), tables (ECSV) and its settings; one evaluation
    alone has `folder` itself. ``models_and_libraries.ecsv`` has a row for each evaluation and library.

    Raises
    ------
    InputError
        If something cannot be written.
    """
    from jpas_gui.core.catalogues.writing import write_table
    from jpas_gui.core.evaluation.tables import library_table

    check_report_folder(folder)
    folders = _folders(folder, evaluations)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror or error})") from error
    for number, (own, one) in enumerate(zip(folders, evaluations, strict=True)):
        provenance = evaluation_provenance(one)

        def report(done: int, total: int, number: int = number) -> None:
            part = number * _REPORT_STEPS + _REPORT_STEPS * done // total
            progress(REPORTING, part, len(evaluations) * _REPORT_STEPS)

        write_report(own, one.answers, provenance, report)
        with replacing(own / "settings.json") as temporary:
            temporary.write_text(json.dumps(provenance, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table = library_table({one.title: one.answers for one in evaluations})
    table.meta = program_provenance()
    write_table(table, folder / "models_and_libraries.ecsv")


def _folders(folder: Path, evaluations: Sequence[Evaluation]) -> list[Path]:
    if len(evaluations) == 1:
        return [folder]
    names = ["".join(c if c.isalnum() or c in "-_." else "-" for c in one.title) for one in evaluations]
    return [folder / (f"{name}-{i}" if name in names[:i] else name) for i, name in enumerate(names)]


def evaluation_provenance(one: Evaluation) -> dict[str, Any]:
    """Return the program, the model and the settings of an evaluation, in plain values."""
    settings = asdict(one.settings) | {"libraries": list(one.answers.libraries)}
    return program_provenance() | {"model": model_title(one.model)} | settings
