"""``jpas-gui train``: a model from its settings, with a progress bar or JSON lines."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jpas_gui.commands.overwriting import add_overwrite
from jpas_gui.commands.pipes import refuse_piped
from jpas_gui.commands.stopping import stop_request
from jpas_gui.core.errors import InputError

if TYPE_CHECKING:
    import torch
    from tqdm import tqdm

    from jpas_gui.core.inference.settings import TrainingSettings


_SETTINGS = "settings"
"""Stands for the list of settings until help is asked for: other commands need not read what it is made from."""


class _HelpWithSettings(argparse.HelpFormatter):
    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text is not _SETTINGS:
            return super()._fill_text(text, width, indent)
        from jpas_gui.core.inference.setting_table import settings_help

        return settings_help(width)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``jpas-gui``."""
    parser = commands.add_parser(
        "train",
        help="train a model",
        formatter_class=_HelpWithSettings,
        epilog=_SETTINGS,
        description="Train a model as a TOML file says, and leave it in a folder. Every epoch ends with a checkpoint: "
        "a training that was cut off, even by force, goes on with --resume and comes to the same result. Ctrl-C or "
        "SIGTERM stops it early and keeps the best model so far; a second Ctrl-C ends it at once.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "config",
        type=Path,
        metavar="CONFIG.toml",
        help="settings: preset (paper or posterior), seed, and the tables [data], [network] and [training]; see below",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="folder of the model; made, or empty")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--resume", action="store_true", help="go on with the training in that folder, or say that it is done"
    )
    how.add_argument(
        "--keep-best",
        action="store_true",
        help="train no further: leave the model of the best epoch of a training that was cut off, from its checkpoint",
    )
    add_overwrite(how, "a model or a training")
    parser.add_argument(
        "--device",
        default="auto",
        help="cpu, cuda, cuda:1 ..., mps, or auto: CUDA where there is any (default); 'jpas-gui devices' lists them",
    )
    parser.add_argument(
        "--preview",
        action="store_true",
        help="train nothing: say how large the sample is, and how long the training would take on the device",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object a line, with the key event (preparing, mocks, start, epoch, batch_halved, saving, "
        "stopped, done), in place of the progress "
        "bar; a line 'stop' on standard input stops early, too",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train the model.

    Raises
    ------
    InputError
        If the settings, what they name, the folder or the device cannot be used, or the training fails.
    """
    from jpas_gui.core.inference.setting_files import check_files
    from jpas_gui.core.inference.settings import read_settings

    refuse_piped(arguments.output, "the folder of a model")
    if arguments.output is None and not arguments.preview:
        raise InputError("no folder for the model: give one with -o, or ask for a --preview")
    if arguments.keep_best:
        return _keep_best(arguments)  # the checkpoint knows the settings
    settings = read_settings(arguments.config)
    # torch takes seconds to import: settings that cannot be used are told at once, before the folder is made.
    check_files(settings, str(arguments.config))
    from jpas_gui.core.inference.devices import device_named
    from jpas_gui.core.inference.running import run_training

    device = device_named(arguments.device)
    if arguments.preview:
        _print_preview(settings, device, arguments.json)
        return 0
    with stop_request(arguments.json) as should_stop, _reporting(arguments) as report:
        run_training(
            settings,
            arguments.output,
            device,
            report,
            should_stop,
            arguments.resume,
            watched=arguments.json,
            overwrite=arguments.overwrite,
        )
    return 0


def _keep_best(arguments: argparse.Namespace) -> int:
    from jpas_gui.core.inference.running import keep_best

    if not arguments.output.is_dir():
        raise InputError(f"{arguments.output}: no such folder: no model to keep")
    with _reporting(arguments) as report:
        keep_best(arguments.output, report)
    return 0


def _print_preview(settings: "TrainingSettings", device: "torch.device", as_json: bool) -> None:
    from jpas_gui.app.catalogue_prediction import time_text
    from jpas_gui.core.inference.preview import preview_of

    preview = preview_of(settings, device)
    if as_json:
        print(json.dumps(preview))
        return
    print(f"{preview['mocks']:,} mocks, {preview['samples']:,} in an epoch; {preview['bytes'] / 1e6:,.0f} MB of memory")
    print(f"{preview['parameters']:,} parameters of the network")
    each, whole = (time_text(preview[key]) for key in ("seconds_per_epoch", "seconds"))
    print(f"{each} an epoch, {whole} in all on {device}")


@contextmanager
def _reporting(arguments: argparse.Namespace) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Yield what shows events: as JSON lines, or by a progress bar on stderr and a sentence on stdout at the end."""
    if arguments.json:
        yield lambda event: print(json.dumps(event), flush=True)
        return
    with ExitStack() as stack:
        bar: tqdm[NoReturn] | None = None

        def report(event: Mapping[str, Any]) -> None:
            nonlocal bar
            match event["event"]:
                case "start":
                    bar = stack.enter_context(_bar(event))
                case "epoch" if bar is not None:
                    bar.set_postfix_str(_losses(event), refresh=False)
                    bar.update()
                case "batch_halved":
                    print(f"the memory of the device is full: batches of {event['batch_size']}", file=sys.stderr)
                case "saving" if bar is not None:
                    bar.close()
                case "stopped" | "done":
                    print(_summary(event, arguments.output))

        yield report


def _bar(start: Mapping[str, Any]) -> "tqdm[NoReturn]":
    from tqdm import tqdm

    # In a log file each state of the bar is a line.
    interval = 0.5 if sys.stderr.isatty() else 60
    return tqdm(total=start["epochs"], initial=start["epoch"], unit="epoch", leave=False, mininterval=interval)


def _losses(event: Mapping[str, Any]) -> str:
    return (
        f"loss {event['train_loss']:.4f}, validation {event['validation_loss']:.4f}, best epoch {event['best_epoch']}"
    )


def _summary(event: Mapping[str, Any], folder: Path) -> str:
    if not event["best_epoch"]:
        return f"{folder}: stopped before the end of the first epoch: nothing is learned yet; --resume begins anew"
    what = f"the model of epoch {event['best_epoch']}, validation loss {event['validation_loss']:.4f}"
    if event.get("already"):
        return f"{folder}: the training is done: {what}"
    if event["event"] == "stopped":
        return f"{folder}: {what}; stopped after epoch {event['epoch']}, --resume goes on"
    return f"{folder}: {what}"
