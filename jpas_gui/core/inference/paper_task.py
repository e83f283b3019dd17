"""The preset ``paper`` as a task of the training engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from jpas_gui.core.arrays import Float32Array, IndexArray
from jpas_gui.core.files import file_hash
from jpas_gui.core.inference.domain import FeatureDomain, rare
from jpas_gui.core.inference.paper_network import PaperNetwork, median_of_bands, paper_features
from jpas_gui.core.inference.paper_sample import TEST, TRAIN, VALIDATION, PaperSample, paper_sample
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.sample_file import cached_sample
from jpas_gui.core.inference.settings import PaperSettings, settings_record
from jpas_gui.core.inference.training import Task
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model, survey_names
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.library import SSPLibrary

_CHUNK = 4096
"""Mocks that are answered at once: what the hidden layers hold of them fits the processor's cache."""

_PROCESSOR = torch.device("cpu")


class PaperTask(Task):
    """Three networks that learn log_age, metallicity and ebv from the paper's sample; the loss is mean absolute error.

    The whole sample lies on the device; a batch is some numbers of mocks. The sum of the three losses is minimised,
    which is to minimise each, as they share no weight.

    Parameters
    ----------
    sample : PaperSample
    seed : int
        Of the weights, the noise and the order of the mocks.
    batch_size : int
    fresh_noise : bool
        Draw the noise of the training mocks anew in every epoch, on the device.
    device : torch.device
    description : mapping
        As `Task` has it.
    """

    def __init__(
        self,
        sample: PaperSample,
        seed: int,
        batch_size: int,
        fresh_noise: bool = False,
        device: torch.device = _PROCESSOR,
        description: Mapping[str, Any] | None = None,
    ) -> None:
        self.description = description or {}
        self._seed, self._batch_size, self._device = seed, batch_size, device
        train = sample.mocks(TRAIN)
        self.target_scale = _largest(sample.parameters[sample.seds_and_magnitudes(train)[0]])
        """Largest absolute value of each parameter among the training mocks, shape (3,): the unit of the targets."""
        self.domain: tuple[list[float], list[float]] = (
            sample.parameters.min(axis=0).astype(float).round(6).tolist(),
            sample.parameters.max(axis=0).astype(float).round(6).tolist(),
        )
        """Smallest and largest value of each parameter in the sample."""
        self._train = (
            _FreshNoise(sample, train, self.target_scale, self._device)
            if fresh_noise
            else _FixedNoise(sample, train, self.target_scale, self._device, seed)
        )
        self._validation = _FixedNoise(sample, sample.mocks(VALIDATION), self.target_scale, self._device, seed)
        self._test = _FixedNoise(sample, sample.mocks(TEST), self.target_scale, self._device, seed)
        self.network = PaperNetwork(seed).to(self._device)
        self.n_samples = train.size
        self.n_batches = -(-train.size // batch_size)

    def batches(self, epoch: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yield features and targets of the mocks, in another order in every epoch."""
        random = torch.Generator(self._device).manual_seed(self._seed * 1_000_003 + epoch)
        order = torch.randperm(self.n_samples, generator=random, device=self._device)
        for mocks in torch.split(order, self._batch_size):
            yield self._train.batch(mocks, random)

    def loss(self, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Return the sum of the mean absolute errors of the three scaled parameters."""
        return self.network.mean_absolute_error(*batch)

    def validation_loss(self) -> float:
        """Return `loss` of the validation mocks, in full precision."""
        return float(self._absolute_errors(self._validation).sum())

    def test_errors(self) -> list[float]:
        """Return the mean absolute error of each parameter over the test mocks, in dex, dex and mag."""
        errors: list[float] = (self._absolute_errors(self._test).numpy() * self.target_scale).tolist()
        return errors

    def _absolute_errors(self, mocks: "_FixedNoise") -> torch.Tensor:
        """Return the mean absolute error of each scaled parameter, shape (3,)."""
        with torch.no_grad():
            parts = zip(torch.split(mocks.features, _CHUNK), torch.split(mocks.targets, _CHUNK), strict=True)
            sums = [(self.network(features) - targets).abs().double().sum(dim=0) for features, targets in parts]
        return (torch.stack(sums).sum(dim=0) / len(mocks.features)).cpu()

    def feature_domain(self) -> FeatureDomain:
        """Return where in the space of features the mocks lie."""
        return FeatureDomain.of(self._validation.features)

    def median_flux_range(self) -> tuple[float, float]:
        """Return the median flux of the bands, in nanomaggies, that one of 1000 mocks falls below, and exceeds."""
        median = self._validation.median_flux_nu
        return -float(rare(-median)), float(rare(median))

    def clip_gradients(self, largest: float) -> None:
        """Shorten the gradient of each network by itself."""
        self.network.clip_gradients(largest)


def _largest(parameters: Float32Array) -> Float32Array:
    largest = np.abs(parameters).max(axis=0)
    return np.asarray(np.where(largest > 0, largest, 1), dtype=np.float32)


class _FixedNoise:
    """Mocks whose noise was drawn once: features, shape (n, n_bands), and targets, shape (n, 3), on the device.

    `median_flux_nu`, shape (n,), is that of the bands in nanomaggies, in main memory.

    The noise comes from the processor's generator, so that it is the same on all devices.
    """

    def __init__(
        self, sample: PaperSample, mocks: IndexArray, target_scale: Float32Array, device: torch.device, seed: int
    ) -> None:
        random = np.random.default_rng([seed, int(sample.split[mocks[0]])])
        flux_nu = torch.from_numpy(sample.noisy_flux_nu(mocks, random))
        seds, magnitudes = sample.seds_and_magnitudes(mocks)
        unit = torch.from_numpy(flux_of_magnitude(sample.magnitude)[magnitudes])
        self.median_flux_nu = median_of_bands(flux_nu)[:, 0] * unit
        self.features = paper_features(flux_nu).to(device)
        self.targets = torch.from_numpy(sample.parameters[seds] / target_scale).to(device)

    def batch(self, mocks: torch.Tensor, random: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Return features and targets of some mocks."""
        return self.features[mocks], self.targets[mocks]


class _FreshNoise:
    """Mocks whose noise is drawn when they are used."""

    def __init__(
        self, sample: PaperSample, mocks: IndexArray, target_scale: Float32Array, device: torch.device
    ) -> None:
        self._seds, self._magnitudes = (torch.from_numpy(i).to(device) for i in sample.seds_and_magnitudes(mocks))
        self._flux_nu = torch.from_numpy(np.ascontiguousarray(sample.flux_nu)).to(device)
        self._flux_nu_error = torch.from_numpy(sample.flux_nu_error).to(device)
        self._targets = torch.from_numpy(sample.parameters / target_scale).to(device)

    def batch(self, mocks: torch.Tensor, random: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Return features and targets of some mocks."""
        seds = self._seds[mocks]
        flux_nu = self._flux_nu[seds]
        noise = torch.randn(flux_nu.shape, generator=random, device=flux_nu.device)
        flux_nu += noise * self._flux_nu_error[seds, self._magnitudes[mocks]]
        return paper_features(flux_nu), self._targets[seds]


def paper_task(settings: PaperSettings, device: torch.device = _PROCESSOR) -> PaperTask:
    """Return the task of some settings.

    Raises
    ------
    InputError
        If a library, the noise model or the dust law is not there, or cannot be used.
    """
    makings, make = paper_makings(settings)
    return PaperTask(
        cached_sample(makings, make),
        settings.seed,
        settings.training.batch_size,
        settings.data.fresh_noise,
        device,
        {"preset": "paper", **makings},
    )


def paper_makings(
    settings: PaperSettings, libraries: Sequence[SSPLibrary] | None = None
) -> tuple[dict[str, Any], Callable[[], PaperSample]]:
    """Return what decides the mock sample of some settings, as plain data, and what makes the sample.

    Parameters
    ----------
    settings : PaperSettings
    libraries : sequence of SSPLibrary, optional
        Those of the settings, where they are read already; they may have other names by now.

    Raises
    ------
    InputError
        As `paper_task`.
    """
    data = settings.data
    read = [load_library(name) for name in data.libraries] if libraries is None else libraries
    filters = embedded_filters()
    noise_settings = NoiseSettings(data.noise, data.aperture_factor, data.zero_point, data.one_magnitude)
    noise = noise_model(noise_settings, filters.names)
    makings = {
        "seed": settings.seed,
        "data": settings_record(settings)["data"],
        "libraries": {library.name: library.numbers_sha256 for library in read},
        "filters": filters.sha256,
        "noise": "" if data.noise in survey_names() else file_hash(Path(data.noise)),
    }
    return makings, lambda: paper_sample(data, settings.seed, read, filters, noise)


def paper_description(task: PaperTask, settings: PaperSettings) -> dict[str, Any]:
    """Return what the bundle of the trained networks says of them and of nothing else.

    Returns
    -------
    dict
        ``features``, ``targets`` (their names and units: the network's output times the scale is the parameter) and
        ``domain``.
    """
    low, high = task.domain
    return {
        "features": {"recipe": "flux_nu over its median of all bands"},
        "targets": {"names": list(PARAMETERS), "scale": task.target_scale.tolist()},
        "domain": {
            **{name: [low[i], high[i]] for i, name in enumerate(PARAMETERS)},
            "magnitude": [min(settings.data.magnitudes), max(settings.data.magnitudes)],
            "redshift": [0.0, 0.0],
            "min_bands": N_SURVEY_BANDS,
            "median_flux_nu": list(task.median_flux_range()),
        },
    }


def paper_test(task: PaperTask, settings: PaperSettings) -> dict[str, Any]:
    """Return what the bundle says of the trained networks: ``test``, the errors over the part that was kept apart."""
    errors = zip(PARAMETERS, task.test_errors(), strict=True)
    return {"test": {"split": settings.data.split, "mean_absolute_error": dict(errors)}}
