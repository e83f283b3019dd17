"""What a training would be, before it begins: its sample, its memory, its time."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import torch

from jpas_gui.core.inference.devices import device_problems
from jpas_gui.core.inference.optimiser import Optimiser
from jpas_gui.core.inference.paper_task import PaperTask
from jpas_gui.core.inference.posterior_task import PosteriorTask, mock_prior
from jpas_gui.core.inference.running import training_task, use_processor
from jpas_gui.core.inference.settings import PaperSettings, PosteriorSettings, TrainingSettings
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.ssp.catalogue import load_library

_PROBE_SECONDS = 2.0
_WARM_UP = 3
"""Batches that are not timed: the first ones wait for memory and compilers."""

_PROBE_REDSHIFTS, _TIMED_REDSHIFTS = 16, 4
_EXAMPLE_MAGNITUDES = (17.0, 19.0, 21.0)
_FLOAT = 4


def preview_of(settings: TrainingSettings, device: torch.device) -> dict[str, Any]:
    """Return what a training would be, from a short probe on its device.

    Parameters
    ----------
    settings : TrainingSettings
    device : torch.device

    Returns
    -------
    dict
        Plain data: ``event`` ("preview"), ``mocks`` and ``samples`` (in all, and in an epoch), ``bytes`` (of the
        mocks on the device), ``parameters`` (of the network), ``seconds_per_epoch``, ``seconds`` (of the whole
        training, with what comes before it), ``coverage`` (title and nodes of each library) and ``examples``.

    Raises
    ------
    InputError
        As `run_training`, but for the folder.
    """
    use_processor(settings)
    with device_problems(device):
        start = time.perf_counter()
        task, _ = training_task(_reduced(settings), device)
        preparing = time.perf_counter() - start
        per_batch = _seconds_per_batch(task, settings, device)
        validating = _timed(task.validation_loss, device)
    mocks, samples = _sizes(settings, task)
    per_epoch = per_batch * -(-samples // settings.training.batch_size) + validating
    return {
        "event": "preview",
        "mocks": mocks,
        "samples": samples,
        "bytes": mocks * (N_SURVEY_BANDS + 3) * _FLOAT,
        "parameters": sum(parameter.numel() for parameter in task.network.parameters()),
        "seconds_per_epoch": per_epoch,
        "seconds": preparing + _left_out(settings) + per_epoch * settings.training.epochs,
        "coverage": [_coverage(name) for name in settings.data.libraries],
        "examples": list(_examples(settings)),
    }


def _reduced(settings: TrainingSettings) -> TrainingSettings:
    """Return settings whose batches are the same, but whose pool of mocks is made in a moment."""
    if isinstance(settings, PaperSettings):
        return settings
    data = settings.data
    few = msgspec.structs.replace(data, n_redshifts=min(data.n_redshifts, _PROBE_REDSHIFTS))
    return msgspec.structs.replace(settings, data=few)


def _left_out(settings: TrainingSettings) -> float:
    """Return the seconds that the mocks would take that `_reduced` leaves out."""
    if isinstance(settings, PaperSettings):
        return 0.0
    data = settings.data
    prior, random = mock_prior(data, data.redshift_range), np.random.default_rng(settings.seed)
    start = time.perf_counter()
    prior.draw(_TIMED_REDSHIFTS, data.n_per_redshift, random)
    each = (time.perf_counter() - start) / _TIMED_REDSHIFTS
    return each * max(0, data.n_redshifts - _PROBE_REDSHIFTS)


def _sizes(settings: TrainingSettings, task: PaperTask | PosteriorTask) -> tuple[int, int]:
    """Return the number of mocks in all, and in an epoch."""
    if isinstance(settings, PosteriorSettings):
        mocks = settings.data.n_redshifts * settings.data.n_per_redshift
        return mocks, min(mocks, settings.data.samples_per_epoch)
    return round(task.n_samples / 0.64), task.n_samples


def _seconds_per_batch(task: PaperTask | PosteriorTask, settings: TrainingSettings, device: torch.device) -> float:
    optimiser = Optimiser(task.network, settings.training, task.n_batches)
    reduced = torch.autocast(device.type, torch.bfloat16, enabled=settings.training.precision == "bfloat16")
    seconds: list[float] = []
    began = time.perf_counter()

    def step(batch: Any) -> None:
        with reduced:
            loss = task.loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step(len(seconds))

    for batch in _again_and_again(task):
        seconds.append(_timed(lambda batch=batch: step(batch), device))
        if len(seconds) > _WARM_UP and time.perf_counter() - began > _PROBE_SECONDS:
            break
    return float(np.median(seconds[_WARM_UP:]))


def _again_and_again(task: PaperTask | PosteriorTask) -> Iterator[Any]:
    epoch = 0
    while True:
        epoch += 1
        yield from task.batches(epoch)


def _timed(work: Any, device: torch.device) -> float:
    start = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - start


def _coverage(name: str) -> dict[str, Any]:
    library = load_library(name)
    return {"title": library.title, "nodes": library.nodes.round(4).tolist()}


def _examples(settings: TrainingSettings) -> Iterator[dict[str, Any]]:
    """Yield a mock at each of some magnitudes, with its noise: nanomaggies in the bands of the survey."""
    random = np.random.default_rng(settings.seed)
    redshift_range = settings.data.redshift_range if isinstance(settings, PosteriorSettings) else (0.0, 0.0)
    prior = mock_prior(settings.data, redshift_range)
    drawn = prior.draw(len(_EXAMPLE_MAGNITUDES), 1, random)
    noise = noise_model(_noise_settings(settings), prior.filters.names[:N_SURVEY_BANDS])
    wavelength = [band.wavelength for band in all_bands()[:N_SURVEY_BANDS]]
    for row, magnitude in enumerate(_EXAMPLE_MAGNITUDES):
        flux = np.exp(drawn.log_flux[row].astype(float)) * flux_of_magnitude(magnitude)
        error = noise.flux_nu_error(flux, magnitude if isinstance(settings, PaperSettings) else None)
        noisy = flux + error * random.standard_normal(flux.shape)
        known = drawn.mask[row] & np.isfinite(error)
        yield {
            "magnitude": magnitude,
            "parameters": drawn.parameters[row].tolist(),
            "redshift": float(drawn.redshift[row]),
            "wavelength": _kept(wavelength, known),
            "flux_nu": _kept(noisy.tolist(), known),
            "flux_nu_error": _kept(error.tolist(), known),
        }


def _kept(values: Sequence[float], known: Sequence[bool]) -> list[float]:
    return [value for value, there in zip(values, known, strict=True) if there]


def _noise_settings(settings: TrainingSettings) -> NoiseSettings:
    data = settings.data
    if isinstance(settings, PaperSettings):
        paper = settings.data
        return NoiseSettings(data.noise, paper.aperture_factor, data.zero_point, paper.one_magnitude)
    return NoiseSettings(data.noise, zero_point=data.zero_point)
