"""A whole training: from settings to a model bundle."""

import math
import os
import platform
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch

from jpas_gui import __version__
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import file_hash
from jpas_gui.core.inference.bundle import ModelBundle, read_bundle, write_bundle
from jpas_gui.core.inference.checkpoint import Checkpoint, Tensors, check_same, read_checkpoint
from jpas_gui.core.inference.devices import DeviceMemoryError, device_problems
from jpas_gui.core.inference.kept_arrays import Arrays, Keep, Make, kept_arrays, made_anew
from jpas_gui.core.inference.paper_task import PaperTask, paper_description, paper_task, paper_test
from jpas_gui.core.inference.posterior_task import PosteriorTask, posterior_description, posterior_task
from jpas_gui.core.inference.run_folder import CHECKPOINT, training_folder
from jpas_gui.core.inference.settings import PaperSettings, TrainingSettings, settings_record
from jpas_gui.core.inference.shipped import DESCRIPTION
from jpas_gui.core.inference.training import Report, TrainingResult, train
from jpas_gui.core.inference.watch import Watch
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import survey_names
from jpas_gui.core.provenance import library_provenance, program_provenance
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.citations import citation_of

_SMALLEST_BATCH = 8
"""A batch is halved down to here where the device's memory is full."""

_NOISE_KEYS = ("noise", "zero_point", "aperture_factor", "one_magnitude", "aperture_factor_range", "fresh_noise")


def run_training(
    settings: TrainingSettings,
    folder: Path,
    device: torch.device,
    report: Report = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    resume: bool = False,
    watched: bool = False,
    overwrite: bool = False,
) -> TrainingResult:
    """Train a model, and leave it as a bundle in the folder.

    A training that was asked to stop, while it prepares itself too, leaves the bundle of its best epoch, if it has
    finished any, and its checkpoint, from which it can go on; one that came to its end leaves the bundle alone. Where
    the device's memory is full before the first epoch is done, the training begins anew with half the batch.

    Parameters
    ----------
    settings : TrainingSettings
    folder : Path
        Empty or not there; with `resume`, that of the training.
    device : torch.device
        As `device_named` returns it.
    report : callable
        As `train` takes it. Before its events there is ``preparing``, several times; ``batch_halved`` tells a smaller
        batch; ``saving`` comes before the bundle is made. The last event, ``stopped`` or ``done``, is told when it is
        there.
    should_stop, resume
        As `train` takes them. One that came to its end already is not resumed: ``done`` is told at once, with the key
        ``already``.
    watched : bool
        Report the event ``mocks``, too, and with every epoch what the network predicts of them; see `Watch`.
    overwrite : bool
        Remove the model, or the training, that is in the folder.

    Raises
    ------
    InputError
        If the folder, a library, the noise model or the checkpoint cannot be used, something cannot be written, a
        loss is not a number, or the device fails.
    """
    if resume and (done := _result_of_done(folder, settings)):
        report({**done.event, "already": True})
        return done
    with training_folder(folder, resume, overwrite):
        use_processor(settings)
        if resume:
            settings = _with_halved_batch(settings, folder / CHECKPOINT, report)
        while True:
            run = _Run(settings, folder, device, report, should_stop, watched)
            try:
                with device_problems(device):
                    return run(resume)
            except _StoppedEarlyError:
                return _keep(folder, report)
            except DeviceMemoryError:
                if not run.is_at_first_epoch or settings.training.batch_size < 2 * _SMALLEST_BATCH:
                    raise
            settings, resume = _halved(settings, settings.training.batch_size // 2), False
            report({"event": "batch_halved", "batch_size": settings.training.batch_size})


def _result_of_done(folder: Path, settings: TrainingSettings | None = None) -> TrainingResult | None:
    """Return what came out of a training, of these settings if any, that came to its end; None where none did here."""
    if (folder / CHECKPOINT).exists() or not (folder / DESCRIPTION).exists():
        return None
    bundle = read_bundle(folder)
    kept = bundle.description["training"]
    if kept.get("stopped", True):
        return None
    if settings is not None:
        record = settings_record(settings)
        for either in (kept["training"], record["training"]):
            for key in ("threads", "batch_size"):  # another machine may have more, or had less memory
                either.pop(key, None)
        check_same(record, {key: kept[key] for key in record if key in kept}, folder / DESCRIPTION)
    return TrainingResult(
        dict(bundle.weights),
        kept["best_epoch"],
        kept["validation_loss"],
        kept["epochs_done"],
        False,
        kept["history"],
        kept["seconds"],
    )


def keep_best(folder: Path, report: Report = lambda event: None) -> TrainingResult:
    """Leave the bundle of the best epoch of a training that was cut off, from its checkpoint alone.

    Parameters
    ----------
    folder : Path
        That of the training, at which no program is at work.
    report : callable
        Is told ``stopped``; ``done``, with the key ``already``, where the training came to its end.

    Raises
    ------
    InputError
        If the folder or the checkpoint cannot be used, or something cannot be written.
    """
    if done := _result_of_done(folder):
        report({**done.event, "already": True})
        return done
    with training_folder(folder, resume=True):
        return _keep(folder, report)


def _keep(folder: Path, report: Report) -> TrainingResult:
    path = folder / CHECKPOINT
    if not path.exists():
        result = TrainingResult({}, 0, math.inf, 0, True, [], 0.0)
    else:
        checkpoint = read_checkpoint(path)
        result = TrainingResult.kept_in(checkpoint)
        if result.best_epoch and not _is_kept(folder, result):
            report({"event": "saving"})
            _write_kept(folder, checkpoint, result)
    report(result.event)
    return result


def _is_kept(folder: Path, result: TrainingResult) -> bool:
    """Return whether the folder holds the model of the best epoch already."""
    with suppress(InputError):
        training = read_bundle(folder).description["training"]
        return bool((training["best_epoch"], training["validation_loss"]) == (result.best_epoch, result.best_loss))
    return False


def _write_kept(folder: Path, checkpoint: Checkpoint, result: TrainingResult) -> None:
    if not checkpoint.description:
        raise InputError(
            f"{folder / CHECKPOINT}: an older version of jpas-gui wrote it, which did not keep what a model is made "
            "from: resume the training, and stop it once its epochs go on"
        )
    _write_model(folder, checkpoint.description, checkpoint.domain, result)


def _write_model(folder: Path, description: Mapping[str, Any], domain: Tensors, result: TrainingResult) -> None:
    """Write the bundle of the best epoch."""
    training = {**description["training"], **_course(result)}
    described = {**description, "training": training}
    write_bundle(
        folder, ModelBundle(folder.resolve().name, training["preset"], {**result.weights, **domain}, described)
    )


class _StoppedEarlyError(Exception):
    """The training was asked to stop while it prepared itself."""


class _Run:
    """A training with one size of the batch."""

    def __init__(
        self,
        settings: TrainingSettings,
        folder: Path,
        device: torch.device,
        report: Report,
        should_stop: Callable[[], bool],
        watched: bool,
    ) -> None:
        self._settings, self._folder, self._device, self._tell = settings, folder, device, report
        self._should_stop, self._watched = should_stop, watched
        self.is_at_first_epoch = False
        self._watch: Watch | None = None

    def __call__(self, resume: bool) -> TrainingResult:
        settings, folder, device = self._settings, self._folder, self._device
        torch.manual_seed(settings.seed)
        self._prepare("reading the libraries")
        description = _common_description(settings, device)
        self._prepare("making the mocks")
        makings = _makings(settings, description, device)

        def keep(kind: str, make: Make) -> Arrays:
            self._look()
            return kept_arrays(makings, kind, make)

        task, describe = training_task(settings, device, keep)
        description |= describe()
        domain = task.feature_domain().tensors()
        if self._watched:
            self._prepare("asking the exact posterior what can be known")
            self._watch = Watch(settings, description, task.network, domain, device, keep)
            self._tell(self._watch.event())
        self._look()
        result = train(task, settings.training, folder, self._report, self._should_stop, resume, description, domain)
        self._tell({"event": "saving"})
        if result.best_epoch:
            if isinstance(task, PaperTask) and isinstance(settings, PaperSettings):
                description |= paper_test(task, settings)
            _write_model(folder, description, domain, result)
        if not result.stopped:
            (folder / CHECKPOINT).unlink()
        self._tell(result.event)
        return result

    def _look(self) -> None:
        if self._should_stop():
            raise _StoppedEarlyError

    def _prepare(self, what: str) -> None:
        self._look()
        self._tell({"event": "preparing", "what": what, "device": device_title(self._device)})

    def _report(self, event: Mapping[str, Any]) -> None:
        self.is_at_first_epoch = event["event"] == "start" and event["epoch"] == 0
        if event["event"] == "epoch" and self._watch:
            event = {**event, "predicted": self._watch.predicted()}
        self._tell(event)


def _halved(settings: TrainingSettings, batch_size: int) -> TrainingSettings:
    training = msgspec.structs.replace(settings.training, batch_size=batch_size)
    return msgspec.structs.replace(settings, training=training)


def _with_halved_batch(settings: TrainingSettings, path: Path, report: Report) -> TrainingSettings:
    """Return the settings with the batch that a training came down to for want of memory, if it did."""
    if not path.exists():
        return settings
    kept = read_checkpoint(path).record["training"]["batch_size"]
    asked = settings.training.batch_size
    if kept >= asked or asked not in (kept << n for n in range(1, asked.bit_length())):
        return settings
    report({"event": "batch_halved", "batch_size": kept})
    return _halved(settings, kept)


def use_processor(settings: TrainingSettings) -> None:
    """Let torch use as many threads as the settings say."""
    torch.set_num_threads(settings.training.threads or max(1, _n_processors() - 1))


def device_title(device: torch.device) -> str:
    """Return the name of a device for people."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def _n_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def training_task(
    settings: TrainingSettings, device: torch.device, keep: Keep = made_anew
) -> tuple[PaperTask | PosteriorTask, Callable[[], dict[str, Any]]]:
    """Return the task of the preset, and what tells what its bundle says of it."""
    if isinstance(settings, PaperSettings):
        paper = paper_task(settings, device)
        return paper, partial(paper_description, paper, settings)
    posterior = posterior_task(settings, device, keep)
    return posterior, partial(posterior_description, posterior, settings)


def _makings(settings: TrainingSettings, description: Mapping[str, Any], device: torch.device) -> dict[str, Any]:
    """Return whatever decides what is computed before the first epoch."""
    record, noise = description["training"], settings.data.noise
    return {
        **{key: record[key] for key in ("preset", "seed", "data")},
        "libraries": [library["numbers_sha256"] for library in description["libraries"]],
        "filters": description["filters"]["sha256"],
        "noise": "" if noise in survey_names() else file_hash(Path(noise)),
        "device": device.type,
        "versions": [__version__, torch.__version__, np.__version__],
    }


def _common_description(settings: TrainingSettings, device: torch.device) -> dict[str, Any]:
    """Return what the bundles of all presets say."""
    filters = embedded_filters()
    libraries = [load_library(name) for name in settings.data.libraries]
    cited = [citation_of("paper").text, *(library.source.citation for library in libraries)]
    record = settings_record(settings)
    program = program_provenance() | {"python": platform.python_version()}
    return {
        "bands": list(filters.names[:N_SURVEY_BANDS]),
        "filters": {"source": filters.source, "sha256": filters.sha256},
        "libraries": [
            library_provenance(library) | {"numbers_sha256": library.numbers_sha256} for library in libraries
        ],
        "noise": {key: value for key, value in record["data"].items() if key in _NOISE_KEYS},
        "training": {**record, "device": device_title(device)},
        "versions": program | {"torch": torch.__version__, "numpy": np.__version__},
        "citations": list(dict.fromkeys(filter(None, cited))),
    }


def _course(result: TrainingResult) -> dict[str, Any]:
    """Return how the training went."""
    return {
        "epochs_done": result.epochs,
        "stopped": result.stopped,
        "best_epoch": result.best_epoch,
        "validation_loss": result.best_loss,
        "seconds": round(result.seconds, 1),
        "history": result.history,
    }
