"""The preset ``posterior`` as a task of the training engine."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch

from jpas_gui.core.inference.colour_basis import ColourBasis, colour_basis
from jpas_gui.core.inference.domain import FeatureDomain, rare
from jpas_gui.core.inference.kept_arrays import Arrays, Keep, made_anew
from jpas_gui.core.inference.mocks import MockPrior, Mocks
from jpas_gui.core.inference.noise_table import NoiseTable
from jpas_gui.core.inference.parameters import PARAMETERS, PRIOR_EBV, PRIOR_LOG_AGE
from jpas_gui.core.inference.posterior_network import NetworkShape, PosteriorNetwork
from jpas_gui.core.inference.settings import DataSettings, PosteriorData, PosteriorSettings, settings_record
from jpas_gui.core.inference.training import Task
from jpas_gui.core.magnitudes import ZERO_POINT
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import ZERO_POINT_ERROR, NoiseSettings, noise_model
from jpas_gui.core.ssp.catalogue import load_library

_VALIDATION_REDSHIFTS, _VALIDATION_PER_REDSHIFT = 64, 128
_VALIDATION = "validation."
_CHUNK = 1024

_FEWEST_BANDS = 10
"""Fewer hold no posterior worth the name; even at redshift 0 MIUSCAT covers many more."""

_COMPLETE = 0.5
"""Part of the mocks that lack no band but those that their library does not cover."""


class Photometry(NamedTuple):
    """Observed mocks and their truth, on the device, shape (n, n_bands), and (n,) and (n, 3) for the last two."""

    flux: torch.Tensor
    error: torch.Tensor
    mask: torch.Tensor
    redshift: torch.Tensor
    stretched: torch.Tensor


class ValidationAnswers(NamedTuple):
    """The analytic fits of the validation mocks.

    Parameters
    ----------
    coefficients : Tensor, shape (n, n_components)
    chi2_per_band, median_flux_nu : Tensor, shape (n,)
    """

    coefficients: torch.Tensor
    chi2_per_band: torch.Tensor
    median_flux_nu: torch.Tensor


class PosteriorTask(Task):
    """A network that learns the posterior of mocks at continuous values; the loss is minus ln of density at the truth.

    A pool of noise-free mocks lies on the device. Each epoch takes some of them, and each mock gets a magnitude, an
    aperture, missing bands and noise of its own when it is used.

    Parameters
    ----------
    settings : PosteriorSettings
    prior : MockPrior
    noise : NoiseTable
    device : torch.device
    description : mapping
        As `Task` has it.
    keep : callable
        Keeps what is computed here for the next time.
    """

    def __init__(
        self,
        settings: PosteriorSettings,
        prior: MockPrior,
        noise: NoiseTable,
        device: torch.device,
        description: Mapping[str, Any] | None = None,
        keep: Keep = made_anew,
    ) -> None:
        self.description = description or {}
        self._seed, self._data, self._noise, self._device = settings.seed, settings.data, noise, device
        self._batch_size = settings.training.batch_size
        self._keep = keep
        torch.manual_seed(settings.seed)
        basis = ColourBasis.of_arrays(
            keep(
                "colour basis",
                lambda: (
                    colour_basis(prior.libraries, prior.filters, prior.n_bands, prior.redshift_range, prior.law).arrays
                ),
            )
        )
        self.network = network_of(settings, prior, basis).to(device)
        data = settings.data
        drawn = keep("mocks", lambda: _drawn(prior, data, settings.seed))
        self._pool = _Pool(Mocks.of_arrays(drawn), self.network, device)
        self.n_samples = min(data.samples_per_epoch, len(self._pool.log_flux))
        self.n_batches = -(-self.n_samples // self._batch_size)
        validation = _Pool(Mocks.of_arrays(drawn, _VALIDATION), self.network, device)
        everything = torch.arange(len(validation.log_flux), device=device)
        # The processor's generator: the same mocks on every device.
        self._validation = self._observed(validation, everything, torch.Generator().manual_seed(settings.seed))

    def batches(self, epoch: int) -> Iterator[Photometry]:
        """Yield observed mocks, others in every epoch."""
        random = torch.Generator(self._device).manual_seed(self._seed * 1_000_003 + epoch)
        order = torch.randperm(len(self._pool.log_flux), generator=random, device=self._device)[: self.n_samples]
        for mocks in torch.split(order, self._batch_size):
            yield self._observed(self._pool, mocks, random)

    def _observed(self, pool: "_Pool", mocks: torch.Tensor, random: torch.Generator) -> Photometry:
        """Draw magnitude, aperture, missing bands and noise of some mocks."""

        def uniform(low: float, high: float, *shape: int) -> torch.Tensor:
            draw = torch.rand(len(mocks), *shape, generator=random, device=random.device)
            return (low + (high - low) * draw).to(self._device)

        data = self._data
        log_flux = pool.log_flux[mocks]
        flux = torch.exp(log_flux) * 10 ** (-0.4 * (uniform(*data.magnitude_range, 1) - ZERO_POINT))
        error = self._noise.flux_nu_error(flux, uniform(*data.aperture_factor_range, 1))
        lost = uniform(-_COMPLETE / (1 - _COMPLETE), 1, 1).clamp_min(0) * data.band_dropout
        mask = pool.mask[mocks] & self._noise.mask & (uniform(0, 1, flux.shape[1]) >= lost)
        noise = torch.randn(flux.shape, generator=random, device=random.device).to(self._device)
        return Photometry(flux + noise * error, error, mask.float(), pool.redshift[mocks], pool.stretched[mocks])

    def loss(self, batch: Photometry) -> torch.Tensor:
        """Return minus the mean of ln density at the truth."""
        return -self.network.log_probability(*batch).mean()

    def validation_loss(self) -> float:
        """Return `loss` of the validation mocks."""
        with torch.no_grad():
            parts = zip(*(torch.split(values, _CHUNK) for values in self._validation), strict=True)
            total = sum(float(self.network.log_probability(*part).double().sum()) for part in parts)
        return -total / len(self._validation.flux)

    def feature_domain(self) -> FeatureDomain:
        """Return the domain of the basis coefficients of the mocks."""
        return FeatureDomain.of(self.validation_answers.coefficients)

    @cached_property
    def validation_answers(self) -> ValidationAnswers:
        """What the limits of the model's domain follow from: the fit alone, which learning does not change."""

        def make() -> Arrays:
            return {name: values.cpu().numpy() for name, values in self._answered()._asdict().items()}

        kept = self._keep("fits of the validation mocks", make)
        return ValidationAnswers(**{name: torch.from_numpy(kept[name]).to(self._device) for name in kept})

    @torch.no_grad()
    def _answered(self) -> ValidationAnswers:
        parts = zip(*(torch.split(values, _CHUNK) for values in self._validation[:4]), strict=True)
        fits = [self.network.describe(*part)[2] for part in parts]
        flux, _, mask, *_ = self._validation
        chi2 = torch.cat([fit.misfit for fit in fits]) + torch.cat([fit.chi2 for fit in fits]) / mask.sum(dim=1)
        typical = torch.where(mask > 0, flux, torch.nan).nanmedian(dim=1).values
        return ValidationAnswers(torch.cat([fit.coefficients for fit in fits]), chi2, typical)


def _drawn(prior: MockPrior, data: PosteriorData, seed: int) -> Arrays:
    """Draw the mocks to train on, and those to validate with, whose names begin with `_VALIDATION`."""
    random = np.random.default_rng(seed)
    pool = prior.draw(data.n_redshifts, data.n_per_redshift, random)
    validation = prior.draw(_VALIDATION_REDSHIFTS, _VALIDATION_PER_REDSHIFT, random)
    return pool.arrays() | validation.arrays(_VALIDATION)


class _Pool:
    """Noise-free mocks on the device."""

    def __init__(self, mocks: Mocks, network: PosteriorNetwork, device: torch.device) -> None:
        self.log_flux = torch.from_numpy(mocks.log_flux).to(device)
        self.mask = torch.from_numpy(mocks.mask).to(device)
        self.redshift = torch.from_numpy(mocks.redshift).to(device)
        self.stretched = network.box.stretch(torch.from_numpy(mocks.parameters).to(device))


def network_of(settings: PosteriorSettings, prior: MockPrior, basis: ColourBasis) -> PosteriorNetwork:
    """Return the network before training: what is not learned is in place."""
    network = PosteriorNetwork(
        NetworkShape(
            n_bands=prior.n_bands,
            width=settings.network.width,
            depth=settings.network.depth,
            n_gaussians=settings.network.gaussians,
            n_redshifts=basis.redshift.size,
            n_components=basis.components.shape[2],
            n_blocks=basis.cells.terms.shape[0],
            n_cells=basis.cells.terms.shape[1],
        )
    )
    network.fitter.set_basis(basis)
    low, high = prior_box(prior)
    network.prior_low.copy_(torch.tensor(low))
    network.prior_high.copy_(torch.tensor(high))
    return network


def prior_box(prior: MockPrior) -> tuple[list[float], list[float]]:
    """Return the smallest and the largest log_age, metallicity and ebv that any of the libraries has in the prior."""
    youngest = min(max(PRIOR_LOG_AGE[0], float(library.log_age[0])) for library in prior.libraries)
    oldest = max(min(PRIOR_LOG_AGE[1], float(library.log_age[-1])) for library in prior.libraries)
    poorest = min(float(library.metallicity[0]) for library in prior.libraries)
    richest = max(float(library.metallicity[-1]) for library in prior.libraries)
    return [youngest, poorest, PRIOR_EBV[0]], [oldest, richest, PRIOR_EBV[1]]


def mock_prior(data: DataSettings, redshift_range: tuple[float, float]) -> MockPrior:
    """Return what the settings draw mocks from.

    Raises
    ------
    InputError
        If a library or the dust law is not there, or a library cannot be read.
    """
    libraries = tuple(load_library(name) for name in data.libraries)
    weights = data.weights if isinstance(data, PosteriorData) and data.weights else (1.0,) * len(libraries)
    law = attenuation_law(data.dust_law)
    return MockPrior(libraries, weights, embedded_filters(), law, N_SURVEY_BANDS, redshift_range)


def noise_table(data: DataSettings, device: torch.device) -> NoiseTable:
    """Return the errors that the settings ask for.

    Raises
    ------
    InputError
        If the noise model is not there, or cannot be used.
    """
    bands = embedded_filters().names[:N_SURVEY_BANDS]
    noise = noise_model(NoiseSettings(data.noise, aperture_factor=1.0), bands)
    return NoiseTable(noise, N_SURVEY_BANDS, ZERO_POINT_ERROR if data.zero_point else 0.0, device)


def posterior_task(settings: PosteriorSettings, device: torch.device, keep: Keep = made_anew) -> PosteriorTask:
    """Return the task of some settings.

    Parameters
    ----------
    settings : PosteriorSettings
    device : torch.device
    keep : callable
        Keeps what is computed for the next time.

    Raises
    ------
    InputError
        If a library, the noise model or the dust law is not there, or cannot be used.
    """
    prior = mock_prior(settings.data, settings.data.redshift_range)
    record = settings_record(settings)
    description = {
        "preset": "posterior",
        **{key: record[key] for key in ("seed", "data", "network")},
        "libraries": {library.name: library.numbers_sha256 for library in prior.libraries},
        "filters": prior.filters.sha256,
    }
    return PosteriorTask(settings, prior, noise_table(settings.data, device), device, description, keep)


def posterior_description(task: PosteriorTask, settings: PosteriorSettings) -> dict[str, Any]:
    """Return what the bundle of the trained network says of it and of nothing else.

    Returns
    -------
    dict
        ``features``, ``targets``, ``network`` (its sizes), and ``domain``: the limits of the parameters, of what may
        be asked, and of what one in 1000 mocks exceeds.
    """
    answers = task.validation_answers
    box = task.network.box
    data = settings.data
    return {
        "features": {"recipe": "flux, error and mask of every band, redshift, and the fit with principal colours"},
        "targets": {"names": list(PARAMETERS), "scale": "normal quantile of the place within the prior"},
        "network": asdict(task.network.shape),
        "domain": {
            **{name: [float(box.low[i]), float(box.high[i])] for i, name in enumerate(PARAMETERS)},
            "magnitude": list(data.magnitude_range),
            "redshift": list(data.redshift_range),
            "min_bands": _FEWEST_BANDS,
            "median_flux_nu": [float(-rare(-answers.median_flux_nu)), float(rare(answers.median_flux_nu))],
            "chi2_per_band": float(rare(answers.chi2_per_band)),
        },
    }
