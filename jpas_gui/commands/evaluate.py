"""``jpas-gui evaluate``: how well a model recovers mocks whose truth is known."""

import argparse
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jpas_gui.commands.arguments import whole_number
from jpas_gui.commands.completion import library_names, model_names
from jpas_gui.commands.naming import named_model
from jpas_gui.commands.overwriting import add_overwrite, check_new
from jpas_gui.commands.pipes import refuse_piped
from jpas_gui.core.errors import InputError

if TYPE_CHECKING:
    from jpas_gui.core.evaluation.answers import TestAnswers


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "evaluate",
        help="measure how well a model recovers mocks",
        description="Let a model predict mock galaxies whose truth is known, and print for each parameter and bin of "
        "magnitude: bias, mean of predicted - true; scatter, its standard deviation; robust, 1.4826 times its median "
        "absolute deviation; outliers, the part farther than three robust scatters from the median; MAE, the mean "
        "absolute error; how often the 68% and 95% intervals hold the truth; and the MAE over that of the exact "
        "posterior on the same mocks.",
        allow_abbrev=False,
    )
    model = parser.add_argument(
        "model", metavar="MODEL", help="name of a model, see 'jpas-gui model list', or its folder"
    )
    model.completer = model_names
    parser.add_argument(
        "--figures", type=Path, metavar="DIR", help="write all figures (PNG, PDF) and tables (ECSV) into this folder"
    )
    parser.add_argument("--json", action="store_true", help="print all metrics as one JSON object")
    parser.add_argument("--save", action="store_true", help="write the metrics into the model's own folder")
    add_overwrite(parser, "figures and tables, or saved metrics,")
    group = parser.add_argument_group("mocks")
    group.add_argument(
        "--tests", type=_one_or_more, default=1000, metavar="N", help="mocks per bin of magnitude (default: 1000)"
    )
    group.add_argument(
        "--exact",
        type=whole_number,
        default=200,
        metavar="N",
        help="for how many of them the exact posterior is computed, about 10 ms each (default: 200, or all if fewer)",
    )
    group.add_argument("--seed", type=whole_number, default=1, metavar="N", help="of the mocks (default: 1)")
    library = group.add_argument(
        "--library",
        nargs="+",
        action="extend",
        metavar="NAME_OR_PATH",
        help="libraries to make the mocks from (default: those that the model was trained on)",
    )
    library.completer = library_names
    group.add_argument(
        "--split",
        choices=("test", "fresh"),
        default="fresh",
        help="fresh: new mocks with continuous parameters (default); test: the part of the training sample that was "
        "kept apart, where the model has one",
    )
    parser.set_defaults(run=run)


def _one_or_more(text: str) -> int:
    if whole_number(text) == 0:
        raise argparse.ArgumentTypeError("one mock is the least")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Evaluate the model, write what is asked for and print the metrics.

    Raises
    ------
    InputError
        If the model or a library cannot be used, or something cannot be written.
    """
    from jpas_gui.core.evaluation.report import check_report_folder, write_report
    from jpas_gui.core.evaluation.summary import summary
    from jpas_gui.core.provenance import program_provenance

    folder = named_model(arguments.model)
    if arguments.save:
        _check_saving(arguments.model, folder, arguments.overwrite)
    refuse_piped(arguments.figures, "a folder of figures")
    if arguments.figures is not None:
        check_report_folder(arguments.figures)
        check_new(arguments.figures, arguments.overwrite)
    answers = _answers(arguments, folder)
    program = program_provenance(arguments.command_line)
    settings = _settings(arguments, folder)
    metrics = {"program": program["program"]} | settings | summary(answers)
    if arguments.figures is not None:
        write_report(arguments.figures, answers, program | settings | {"libraries": list(answers.libraries)})
    if arguments.save:
        from jpas_gui.core.inference.bundle import save_metrics

        save_metrics(folder, metrics)
    print(json.dumps(metrics, allow_nan=False) if arguments.json else "\n".join(_lines(metrics)))
    return 0


def _check_saving(name: str, folder: Path, overwrite: bool) -> None:
    from jpas_gui.core.inference.model_summary import summarise_model
    from jpas_gui.core.inference.shipped import shipped_models

    if name in shipped_models():
        raise InputError(f"{name}: ships with the program: --save is for models of your own")
    if summarise_model(folder).is_evaluated and not overwrite:
        raise InputError(f"{folder}: has metrics already: --overwrite replaces them")


def _answers(arguments: argparse.Namespace, folder: Path) -> "TestAnswers":
    from jpas_gui.core.inference.testing import answer_mocks

    return answer_mocks(
        model=folder,
        n_per_bin=arguments.tests,
        n_exact=min(arguments.exact, arguments.tests),
        seed=arguments.seed,
        libraries=None if arguments.library is None else tuple(arguments.library),
        split=arguments.split,
    )


def _settings(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    return {
        "model": folder.resolve().name,
        "split": arguments.split,
        "tests_per_bin": arguments.tests,
        "exact_per_bin": min(arguments.exact, arguments.tests),
        "seed": arguments.seed,
    }


_COLUMNS = (
    ("bias", "bias", "+8.4f"),
    ("scatter", "scatter", "8.4f"),
    ("robust", "robust_scatter", "8.4f"),
    ("outliers", "outlier_fraction", "8.4f"),
    ("MAE", "mae", "8.4f"),
    ("68%", "coverage_68", "6.3f"),
    ("95%", "coverage_95", "6.3f"),
    ("MAE/exact", "mae_ratio", "9.3f"),
    ("+-", "mae_ratio_error", "5.3f"),
)


def _lines(metrics: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table for each parameter; a dash stands for what is not known."""
    from jpas_gui.core.evaluation.labels import LABELS

    yield f"{metrics['model']}: {metrics['n']} mocks of {', '.join(metrics['libraries'])}"
    for parameter, label in LABELS.items():
        yield ""
        yield f"{parameter} ({label.delta_unit})"
        heads = [f"{name:>{_width(style)}}" for name, _, style in _COLUMNS]
        yield " ".join([f"{'magnitude':9}", f"{'n':>6}", f"{'S/N':>6}", *heads])
        for entry in (*metrics["magnitude"], metrics["all"]):
            own = entry[parameter]
            numbers = [_number(own.get(key), style) for _, key, style in _COLUMNS]
            yield " ".join([f"{entry['bin']:9}", f"{entry['n']:6d}", _number(entry["snr"], "6.0f"), *numbers]).rstrip()


def _number(value: float | None, style: str) -> str:
    return f"{'-':>{_width(style)}}" if value is None or not math.isfinite(value) else f"{value:{style}}"


def _width(style: str) -> int:
    return int(style.lstrip("+").split(".")[0])
