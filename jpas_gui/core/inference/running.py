"""A whole training: from settings to a model bundle."""

import os
import platform
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.bundle import ModelBundle, write_bundle
from jpas_gui.core.inference.paper_task import PaperTask, paper_description, paper_task
from jpas_gui.core.inference.posterior_task import PosteriorTask, posterior_description, posterior_task
from jpas_gui.core.inference.run_folder import prepare_folder
from jpas_gui.core.inference.settings import PaperSettings, TrainingSettings, settings_record
from jpas_gui.core.inference.training import CHECKPOINT, Report, TrainingResult, train
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.provenance import library_provenance, program_provenance
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.citations import citation_of

_NOISE_KEYS = ("noise", "zero_point", "aperture_factor", "one_magnitude", "aperture_factor_range", "fresh_noise")


def run_training(
    settings: TrainingSettings,
    folder: Path,
    device: torch.device,
    report: Report = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    resume: bool = False,
) -> TrainingResult:
    """Train a model, and leave it as a bundle in the folder.

    A training that was asked to stop leaves the bundle of its best epoch, if it has finished any, and its checkpoint,
    from which it can go on; one that came to its end leaves the bundle alone.

    Parameters
    ----------
    settings : TrainingSettings
    folder : Path
        Empty or not there; with `resume`, that of the training.
    device : torch.device
        As `device_named` returns it.
    report : callable
        As `train` takes it. The last event, ``stopped`` or ``done``, is told when the bundle is there.
    should_stop, resume
        As `train` takes them.

    Raises
    ------
    InputError
        If the folder, a library, the noise model or the checkpoint cannot be used, something cannot be written, or a
        loss is not a number.
    """
    prepare_folder(folder, resume)
    torch.set_num_threads(settings.training.threads or max(1, _n_processors() - 1))
    torch.manual_seed(settings.seed)
    description = _common_description(settings)
    task, describe = _task(settings, device)
    start = time.perf_counter()
    result = train(task, settings.training, folder, report, should_stop, resume)
    if result.best_epoch:
        description |= describe()
        description["training"] |= _course(result, device, time.perf_counter() - start)
        weights = result.weights | task.feature_domain().tensors()
        name, preset = folder.resolve().name, description["training"]["preset"]
        write_bundle(folder, ModelBundle(name, preset, weights, description))
    if not result.stopped:
        (folder / CHECKPOINT).unlink()
    report(result.event)
    return result


def device_named(name: str) -> torch.device:
    """Return the device of a name.

    Parameters
    ----------
    name : str
        ``"cpu"``, ``"cuda"``, or ``"auto"``: CUDA where there is any.

    Raises
    ------
    InputError
        If it is not there.
    """
    has_cuda = torch.cuda.is_available()
    if name == "cuda" and not has_cuda:
        raise InputError("no CUDA device: torch sees none here; train on the processor, or install torch for CUDA")
    return torch.device("cuda" if has_cuda and name != "cpu" else "cpu")


def _n_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _task(
    settings: TrainingSettings, device: torch.device
) -> tuple[PaperTask | PosteriorTask, Callable[[], dict[str, Any]]]:
    """Return the task of the preset, and what tells after the training what its bundle says of it."""
    if isinstance(settings, PaperSettings):
        paper = paper_task(settings, device)
        return paper, partial(paper_description, paper, settings)
    posterior = posterior_task(settings, device)
    return posterior, partial(posterior_description, posterior, settings)


def _common_description(settings: TrainingSettings) -> dict[str, Any]:
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
        "training": record,
        "versions": program | {"torch": torch.__version__, "numpy": np.__version__},
        "citations": list(dict.fromkeys(filter(None, cited))),
    }


def _course(result: TrainingResult, device: torch.device, seconds: float) -> dict[str, Any]:
    """Return how the training went."""
    return {
        "epochs_done": result.epochs,
        "stopped": result.stopped,
        "best_epoch": result.best_epoch,
        "validation_loss": result.best_loss,
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else device.type,
        "seconds": round(seconds, 1),
        "history": result.history,
    }
