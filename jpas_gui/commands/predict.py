"""``jpas-gui predict``: age, metallicity and dust of all galaxies of a catalogue, or of one."""

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jpas_gui.commands.arguments import whole_number
from jpas_gui.commands.completion import library_names, predictor_names
from jpas_gui.commands.naming import named_model
from jpas_gui.commands.overwriting import add_overwrite
from jpas_gui.commands.pipes import add_output, input_file, is_piped, refuse_piped, table_file
from jpas_gui.commands.reading import add_reading, add_redshift, opening_options
from jpas_gui.commands.stopping import stop_request
from jpas_gui.core.errors import InputError

if TYPE_CHECKING:
    from tqdm import tqdm

    from jpas_gui.core.catalogues.opening import OpeningOptions
    from jpas_gui.core.catalogues.predictions.parts import Existing
    from jpas_gui.core.inference.catalogue_run import Progress, RunResult

_STOPPED = 130
"""Exit status of a run that was asked to stop: there is no output yet."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "predict",
        help="predict age, metallicity and dust of the galaxies of a catalogue",
        description="Let a model predict log age, [M/H] and E(B-V) of every galaxy of a catalogue, with 16th, 50th and "
        "84th percentiles, and write them behind the catalogue's own id columns: one row for each row, in its order. A "
        "galaxy without an answer has NaN and a flag that says why. Memory does not grow with the catalogue. Finished "
        "parts are kept beside the output until it is whole: a run that was cut off, even by force, goes on with "
        "--resume and comes to the same result. Ctrl-C or SIGTERM stops it.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "catalogue",
        type=Path,
        metavar="CATALOGUE",
        help="FITS, CSV, ECSV, VOTable, Parquet, NPY; a folder of Parquet files; a HATS catalogue; - is standard input",
    )
    add_output(
        parser,
        "OUT",
        ".fits, .ecsv, .csv, .parquet, .vot, or a name without suffix for a folder of Parquet files",
        ("csv", "ecsv", "vot", "fits", "parquet"),
        required=False,
    )
    model = parser.add_argument(
        "--model",
        default="posterior-popstar",
        metavar="NAME_OR_DIR",
        help="name of a model, see 'jpas-gui model list', or its folder, or 'exact': the exact posterior under a "
        "library, at some tens of galaxies per second (default: posterior-popstar)",
    )
    model.completer = predictor_names
    library = parser.add_argument(
        "--library",
        metavar="NAME_OR_PATH",
        help="of --model exact, see 'jpas-gui library list' (default: popstar)",
    )
    library.completer = library_names
    parser.add_argument("--row", type=whole_number, metavar="N", help="print the answer for row N, the first is 0")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line; 'stop' on stdin stops")
    reading = parser.add_argument_group("how the catalogue is read")
    add_reading(reading)
    add_redshift(reading)
    _add_running(parser.add_argument_group("how it is run"))
    parser.set_defaults(run=run, refuse=parser.error)


def _add_running(group: "argparse._ArgumentGroup") -> None:
    existing = group.add_mutually_exclusive_group()
    existing.add_argument("--resume", action="store_true", help="go on with a run that was cut off")
    add_overwrite(existing, "an output, or an unfinished run,")
    group.add_argument(
        "--chunk",
        type=_one_or_more,
        metavar="N",
        help="galaxies in a part (default: 32768, of --model exact 128); the memory grows with it",
    )
    group.add_argument(
        "--threads", type=_one_or_more, metavar="N", help="threads that predict (default: as many as cores, 8 at most)"
    )
    group.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="scheduler of a Dask cluster that does the work, all of whose workers see the same files",
    )


def _one_or_more(text: str) -> int:
    if whole_number(text) == 0:
        raise argparse.ArgumentTypeError("one is the least")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Predict the catalogue, or print one row.

    Raises
    ------
    InputError
        If the catalogue, the model, the output or the cluster cannot be used.
    """
    if (arguments.output is None) == (arguments.row is None):
        arguments.refuse("give either -o OUT, for all rows, or --row N, which prints one")
    _check_pipes(arguments)
    from jpas_gui.core.inference.catalogue_model import EXACT, ModelChoice

    if arguments.model != EXACT:
        named_model(arguments.model)
    arguments.model = ModelChoice(arguments.model, arguments.library)
    options = opening_options(arguments)
    with input_file(arguments.catalogue) as arguments.catalogue:
        if arguments.row is not None:
            return _print_row(arguments, options)
        from jpas_gui.core.inference.catalogue_files import is_hats

        if is_hats(arguments.catalogue):
            refuse_piped(arguments.output, "a HATS catalogue")
            return _predict_hats(arguments, options)
        return _predict_file(arguments, options)


def _check_pipes(arguments: argparse.Namespace) -> None:
    """Refuse what standard input or output cannot do."""
    if arguments.json and is_piped(arguments.output):
        arguments.refuse("--json prints on standard output, where '-o -' writes the table: give -o a file")
    if is_piped(arguments.catalogue) or is_piped(arguments.output):
        for option in ("resume", "dask"):
            if getattr(arguments, option):
                arguments.refuse(f"--{option} needs files that stay: give names in place of '-'")


def _predict_file(arguments: argparse.Namespace, options: "OpeningOptions") -> int:
    where, said = str(arguments.output), sys.stdout
    if is_piped(arguments.output):
        where, said = "standard output", sys.stderr
    with (
        stop_request(arguments.json) as should_stop,
        table_file(arguments) as arguments.output,
        _reporting(arguments) as report,
    ):
        result = _predict(arguments, options, report, should_stop)
    lines = [json.dumps(_end(result))] if arguments.json else _result_lines(result, where)
    print("\n".join(lines), file=said)
    return _STOPPED if result.stopped else 0


def _predict(
    arguments: argparse.Namespace,
    options: "OpeningOptions",
    report: "Callable[[Progress], None]",
    should_stop: Callable[[], bool],
) -> "RunResult":
    from jpas_gui.core.catalogues.predictions.parts import alone_with, refuse_older
    from jpas_gui.core.catalogues.predictions.writing import check_predictions_output
    from jpas_gui.core.inference.catalogue_files import open_catalogues

    check_predictions_output(arguments.output)
    refuse_older(arguments.output, _existing(arguments))
    catalogues = open_catalogues(arguments.catalogue, options)
    _warn(warning for catalogue in catalogues for warning in catalogue.warnings)
    # torch takes seconds to import: a catalogue that cannot be used is told at once.
    from jpas_gui.core.inference.catalogue_run import run_here
    from jpas_gui.core.inference.run_plan import begin_run

    with ExitStack() as stack:
        client = None
        if arguments.dask is not None:
            from jpas_gui.core.inference.scale_out import connected, run_on_cluster

            client = stack.enter_context(connected(arguments.dask))
        stack.enter_context(alone_with(arguments.output))
        run = begin_run(
            catalogues,
            arguments.model.load(),
            arguments.output,
            chunk=arguments.chunk or arguments.model.chunk,
            existing=_existing(arguments),
            command_line=arguments.command_line,
        )
        if client is not None:
            return run_on_cluster(run, arguments.model.for_workers(), client, progress=report, stop=should_stop)
        return run_here(run, threads=arguments.threads or _default_threads(), progress=report, stop=should_stop)


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        print(f"jpas-gui: warning: {warning}", file=sys.stderr)


def _default_threads() -> int:
    # Reading, which is one thread, keeps no more of them busy, and each holds a chunk.
    return min(os.cpu_count() or 1, 8)


def _predict_hats(arguments: argparse.Namespace, options: "OpeningOptions") -> int:
    from jpas_gui.core.inference.hats import predict_hats
    from jpas_gui.core.inference.scale_out import connected

    with nullcontext() if arguments.dask is None else connected(arguments.dask):
        n_rows = predict_hats(
            arguments.catalogue,
            options,
            arguments.model.load(),
            arguments.model.for_workers(),
            arguments.output,
            existing=_existing(arguments),
            show_progress=not arguments.json,
            command_line=arguments.command_line,
            warn=_warn,
        )
    done = {"event": "done", "output": str(arguments.output), "done": n_rows, "total": n_rows}
    print(json.dumps(done) if arguments.json else f"{arguments.output}: {n_rows} galaxies, a HATS catalogue")
    return 0


def _existing(arguments: argparse.Namespace) -> "Existing":
    from jpas_gui.core.catalogues.predictions.parts import Existing

    if arguments.resume:
        return Existing.RESUME
    return Existing.OVERWRITE if arguments.overwrite else Existing.REFUSE


@contextmanager
def _reporting(arguments: argparse.Namespace) -> "Iterator[Callable[[Progress], None]]":
    """Yield what shows progress: as JSON lines, or by a bar on stderr."""
    if arguments.json:
        yield lambda progress: print(json.dumps(_event(progress)), flush=True)
        return
    with ExitStack() as stack:
        bar: tqdm[NoReturn] | None = None

        def report(progress: "Progress") -> None:
            nonlocal bar
            if bar is None:
                bar = stack.enter_context(_bar(progress))
            bar.set_description_str({"predict": "", "write": "writing"}[progress.stage], refresh=False)
            bar.update(max(0, progress.done - bar.n))

        yield report


def _event(progress: "Progress") -> dict[str, Any]:
    remaining = None if math.isnan(progress.remaining) else round(progress.remaining, 1)
    event = {"event": progress.stage, "done": progress.done, "total": progress.total}
    return event | {"rate": round(progress.rate, 1), "remaining": remaining}


def _end(result: "RunResult") -> dict[str, Any]:
    event = {"output": str(result.output), "done": result.n_done, "total": result.n_rows}
    if result.counts is None:
        return {"event": "stopped"} | event
    counts = result.counts
    own = {"answered": counts.n_answered, "unreadable": counts.n_unreadable, "flagged": dict(counts.flagged)}
    return {"event": "done"} | event | own


def _bar(start: "Progress") -> "tqdm[NoReturn]":
    from tqdm import tqdm

    # In a log file each state of the bar is a line.
    interval = 0.5 if sys.stderr.isatty() else 60
    return tqdm(total=start.total, initial=start.done, unit="galaxy", leave=False, mininterval=interval)


def _result_lines(result: "RunResult", where: str) -> Iterator[str]:
    from jpas_gui.core.flags import FLAGS, Flag

    if result.counts is None:
        rest = ": --resume goes on" if where == str(result.output) else ", nothing is written"
        yield f"{where}: stopped after {result.n_done} of {result.n_rows} galaxies{rest}"
        return
    counts = result.counts
    yield f"{where}: {counts.n_rows} galaxies, {counts.n_answered} with an answer"
    if counts.n_unreadable:
        yield f"  {counts.n_unreadable} could not be read: see the column problem"
    yield from (f"  {number} flagged {bit}: {FLAGS[Flag(bit)].sentence}" for bit, number in counts.flagged.items())


def _print_row(arguments: argparse.Namespace, options: "OpeningOptions") -> int:
    answer = _row_answer(arguments, options)
    print(json.dumps(answer, allow_nan=False) if arguments.json else "\n".join(_row_lines(answer)))
    return 0


def _row_answer(arguments: argparse.Namespace, options: "OpeningOptions") -> dict[str, Any]:
    """Return the columns of one row; None stands for NaN."""
    from jpas_gui.core.inference.catalogue_files import open_catalogues

    row = arguments.row
    for catalogue in open_catalogues(arguments.catalogue, options):
        if row < catalogue.n_rows:
            from jpas_gui.core.inference.catalogue_run import answers, photometry_for

            _warn(catalogue.warnings)
            galaxies, ids = catalogue.galaxies(row, row + 1), catalogue.ids(row, row + 1)
            model = arguments.model.load()
            (answer,) = answers(model, galaxies, ids).to_pylist()
            if answer["log_age"] is None or not math.isfinite(answer["log_age"]):
                _warn(model.why_not(photometry_for(model, galaxies)))
            missing = (key for key, value in answer.items() if isinstance(value, float) and not math.isfinite(value))
            return answer | dict.fromkeys(missing)
        row -= catalogue.n_rows
    raise InputError(f"{arguments.catalogue}: no row {arguments.row}: the last is {arguments.row - row - 1}")


def _row_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    from jpas_gui.core.evaluation.labels import LABELS
    from jpas_gui.core.flags import flag_sentences

    shown = {key: value for key, value in answer.items() if not key.startswith((*LABELS, "problem"))}
    yield from (f"{key:12} {'-' if value is None else value}" for key, value in shown.items())
    yield f"{'':12} {'value':>8} {'16%':>8} {'50%':>8} {'84%':>8}"
    for parameter in LABELS:
        values = [answer[parameter], *(answer[f"{parameter}_p{level}"] for level in (16, 50, 84))]
        yield " ".join([f"{parameter:12}", *(f"{'-':>8}" if value is None else f"{value:8.3f}" for value in values)])
    yield from flag_sentences(answer["flag"])
    if answer["problem"]:
        yield answer["problem"]
