"""Mocks whose truth is known, the answers of a model to them, and those of the exact posterior."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation.answers import ExactAnswers, TestAnswers
from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior
from jpas_gui.core.inference.exact.posterior import Posterior, mixture_of
from jpas_gui.core.inference.mocks import MockPrior, draw_parameters
from jpas_gui.core.inference.model_libraries import libraries_of
from jpas_gui.core.inference.paper_sample import TEST
from jpas_gui.core.inference.paper_task import paper_makings
from jpas_gui.core.inference.predictor import Photometry, Predictor
from jpas_gui.core.inference.settings import PaperSettings, TrainingSettings, settings_of_record
from jpas_gui.core.magnitudes import MAGNITUDE_PER_RELATIVE_ERROR, flux_of_magnitude
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, REFERENCE_BANDS
from jpas_gui.core.photometry.filter_files import embedded_filters
from jpas_gui.core.photometry.noise_settings import ZERO_POINT_ERROR, NoiseSettings, noise_model
from jpas_gui.core.ssp.catalogue import load_library
from jpas_gui.core.ssp.library import SSPLibrary

MAGNITUDES = tuple(16 + i / 2 for i in range(13))
"""Of the mocks, one bin each: those of the paper."""

_N_REDSHIFTS = 20
"""Redshifts of fresh mocks: the exact posterior needs a grid for each."""

Progress = Callable[[str, int, int], object]
"""Told what is done, how much of it, and of how much; what it raises ends the work."""


@dataclass(frozen=True, eq=False)
class AnsweredMocks:
    """Mocks, and what a model answered to them, row by row."""

    photometry: Photometry
    answers: TestAnswers


def answer_mocks(
    model: Path | str,
    n_per_bin: int,
    n_exact: int,
    seed: int,
    libraries: tuple[str, ...] | None = None,
    split: Literal["fresh", "test"] = "fresh",
) -> TestAnswers:
    """Let a model answer mocks whose truth is known.

    Fresh mocks have continuous parameters within what their library has, redshifts within what the model was trained
    on, every band that the library covers, and the noise of the training.

    Parameters
    ----------
    model : Path or str
        Folder of a bundle, or name of a shipped model.
    n_per_bin : int
        Mocks of each of `MAGNITUDES`; at the most, for the split ``"test"``.
    n_exact : int
        For so many of each the exact posterior is computed, under the libraries that the mocks are made from.
    seed : int
    libraries : tuple of str, optional
        Names or paths of the libraries to make mocks from; those of the training by default.
    split : str
        ``"test"``: the mocks of the training's own sample that were kept apart; only the preset ``paper`` has them.

    Raises
    ------
    InputError
        If the model or a library cannot be used, or the model has no such mocks.
    """
    return answered_mocks(Predictor.load(model), n_per_bin, n_exact, seed, libraries, split).answers


def answered_mocks(
    predictor: Predictor,
    n_per_bin: int,
    n_exact: int,
    seed: int,
    libraries: tuple[str, ...] | None = None,
    split: Literal["fresh", "test"] = "fresh",
    progress: Progress = lambda what, done, total: None,
) -> AnsweredMocks:
    """Do as `answer_mocks` with a model that is loaded, say how far it is, and return the mocks, too.

    Parameters
    ----------
    predictor : Predictor
    n_per_bin, n_exact, seed, libraries, split
        As `answer_mocks` takes them.
    progress : callable, optional

    Raises
    ------
    InputError
        As `answer_mocks`.
    """
    progress("reading the libraries", 0, 1)
    settings = _settings_of(predictor, libraries)
    read = _libraries_of(predictor, settings, own=libraries is None)
    if split == "test":
        mocks = _kept_apart(predictor, settings, read, n_per_bin, seed)
    else:
        mocks = _fresh(settings, read, n_per_bin, n_exact, seed, progress)
    progress("predicting", 0, len(mocks.truth))
    prediction = predictor.predict(mocks.photometry)
    ranks = predictor.ranks(mocks.photometry, mocks.truth)
    answers = TestAnswers(
        truth=mocks.truth,
        point=prediction.point,
        percentiles=None if ranks is None else prediction.percentiles,
        ranks=ranks,
        magnitude=mocks.magnitude,
        snr=mocks.snr,
        library=mocks.library,
        libraries=mocks.libraries,
        exact=mocks.exact,
    )
    return AnsweredMocks(mocks.photometry, answers)


@dataclass(frozen=True, eq=False)
class _Mocks:
    photometry: Photometry
    truth: FloatArray
    magnitude: FloatArray
    snr: FloatArray
    library: IndexArray
    libraries: tuple[str, ...]
    exact: ExactAnswers | None


def _settings_of(predictor: Predictor, libraries: tuple[str, ...] | None) -> TrainingSettings:
    """Return the settings that the model was trained with, or with other libraries."""
    description = predictor.bundle.description
    settings = settings_of_record(description["training"], predictor.bundle.name)
    if libraries is None:
        return settings
    data = msgspec.structs.replace(settings.data, libraries=libraries)
    if not isinstance(settings, PaperSettings):
        data = msgspec.structs.replace(data, weights=())
    return msgspec.structs.replace(settings, data=data)


def _libraries_of(predictor: Predictor, settings: TrainingSettings, own: bool) -> tuple[SSPLibrary, ...]:
    """Read the libraries of the settings; where they are the model's own, they must have the same numbers still."""
    names = settings.data.libraries
    if not own:
        return tuple(load_library(name) for name in names)
    return libraries_of(predictor.bundle.name, names, predictor.bundle.description["libraries"])


def _prior(settings: TrainingSettings, libraries: tuple[SSPLibrary, ...]) -> MockPrior:
    data = settings.data
    weights = (1.0,) * len(libraries) if isinstance(settings, PaperSettings) else settings.data.weights
    redshift_range = (0.0, 0.0) if isinstance(settings, PaperSettings) else settings.data.redshift_range
    law = attenuation_law(data.dust_law)
    filters = embedded_filters()
    return MockPrior(libraries, weights or (1.0,) * len(libraries), filters, law, len(filters.names), redshift_range)


def _fresh(
    settings: TrainingSettings,
    libraries: tuple[SSPLibrary, ...],
    n_per_bin: int,
    n_exact: int,
    seed: int,
    progress: Progress,
) -> _Mocks:
    random = np.random.default_rng(seed)
    prior = _prior(settings, libraries)
    low, high = prior.redshift_range
    redshifts = np.linspace(low, high, _N_REDSHIFTS if high > low else 1)
    n = n_per_bin * len(MAGNITUDES)
    number = np.tile(np.arange(n_per_bin), len(MAGNITUDES))  # within the bin
    at = number % redshifts.size
    library = random.choice(len(libraries), n, p=np.array(prior.weights) / np.sum(prior.weights))
    magnitude = np.repeat(MAGNITUDES, n_per_bin)
    truth, log_flux, mask = np.empty((n, 3)), np.empty((n, prior.n_bands)), np.empty((n, prior.n_bands), dtype=bool)
    for z, own in np.ndindex(redshifts.size, len(libraries)):
        progress("making mocks", z * len(libraries) + own, redshifts.size * len(libraries))
        rows = np.flatnonzero((at == z) & (library == own))
        grid = prior.grid(own, float(redshifts[z]))
        truth[rows] = draw_parameters(grid, rows.size, random)
        log_flux[rows], mask[rows] = grid.log_fluxes(truth[rows]), grid.mask
    flux = np.exp(log_flux) * flux_of_magnitude(magnitude)[:, np.newaxis]
    error = _errors(settings, flux, magnitude, random)
    noisy = flux + error * random.standard_normal(flux.shape)
    bands = slice(0, N_SURVEY_BANDS)
    photometry = Photometry(noisy[:, bands], error[:, bands], mask[:, bands], redshifts[at])
    asked = np.flatnonzero(number < n_exact)
    exact = _exact(prior, photometry, truth, asked, at, redshifts, progress) if asked.size else None
    reference = embedded_filters().index(REFERENCE_BANDS[0])
    snr = _snr(flux[:, reference], error[:, reference])
    return _Mocks(photometry, truth, magnitude, snr, library, tuple(own.name for own in libraries), exact)


def _snr(flux: FloatArray, error: FloatArray) -> FloatArray:
    """Return 1.08 / magnitude error, as the paper defines it."""
    return 1.08 / (MAGNITUDE_PER_RELATIVE_ERROR * error / flux)


def _errors(
    settings: TrainingSettings, flux: FloatArray, magnitude: FloatArray, random: np.random.Generator
) -> FloatArray:
    """Return the errors of mocks, shape (n, n_bands), each with an aperture of its own."""
    data = settings.data
    noise = noise_model(NoiseSettings(data.noise, aperture_factor=1.0), embedded_filters().names)
    if isinstance(settings, PaperSettings):
        aperture = np.full((len(flux), 1), settings.data.aperture_factor)
        one_magnitude = settings.data.one_magnitude
    else:
        aperture, one_magnitude = random.uniform(*settings.data.aperture_factor_range, (len(flux), 1)), False
    error = np.empty_like(flux)
    for value in np.unique(magnitude):
        rows = magnitude == value
        error[rows] = noise.flux_nu_error(flux[rows], float(value) if one_magnitude else None)
    zero_point = ZERO_POINT_ERROR / MAGNITUDE_PER_RELATIVE_ERROR if data.zero_point else 0.0
    return np.hypot(aperture * error, zero_point * flux)


def _exact(
    prior: MockPrior,
    photometry: Photometry,
    truth: FloatArray,
    asked: IndexArray,
    at: IndexArray,
    redshifts: FloatArray,
    progress: Progress,
) -> ExactAnswers:
    """Return the exact posterior, under all libraries of the prior, of the galaxies in the rows `asked`."""
    percentiles, ranks = np.empty((asked.size, 3, 3)), np.empty((asked.size, 3))
    done = 0
    for z, redshift in enumerate(redshifts):
        members = np.flatnonzero(at[asked] == z)
        if not members.size:
            continue
        under = [
            ExactPosterior(prior.grid(own, float(redshift)), slice(0, N_SURVEY_BANDS))
            for own in range(len(prior.libraries))
        ]
        for member in members:
            progress("exact posterior", done, asked.size)
            done += 1
            row = asked[member]
            posterior = _mixed(under, prior.weights, photometry, row)
            percentiles[member], ranks[member] = posterior.percentiles(), posterior.cumulative(truth[row])
    return ExactAnswers(
        rows=asked,
        median=percentiles[:, 1],
        ranks=np.clip(ranks, 0, 1),
        width=percentiles[:, 2] - percentiles[:, 0],
    )


def _mixed(under: Sequence[ExactPosterior], weights: Sequence[float], photometry: Photometry, row: int) -> Posterior:
    galaxy = photometry.flux_nu[row], photometry.flux_nu_error[row], photometry.mask[row]
    posteriors = [exact(*galaxy) for exact in under]
    return posteriors[0] if len(posteriors) == 1 else mixture_of(posteriors, weights)


def _kept_apart(
    predictor: Predictor, settings: TrainingSettings, libraries: tuple[SSPLibrary, ...], n_per_bin: int, seed: int
) -> _Mocks:
    """Return mocks of the training's sample on which the model was neither trained nor chosen."""
    if not isinstance(settings, PaperSettings):
        raise InputError(f"{predictor.bundle.name}: its mocks are drawn anew in every epoch: evaluate on fresh ones")
    random = np.random.default_rng(seed)
    _, make = paper_makings(settings, libraries)
    sample = make()
    mocks = sample.mocks(TEST)
    mocks = mocks[_at_most(n_per_bin, sample.seds_and_magnitudes(mocks)[1], random)]
    seds, magnitudes = sample.seds_and_magnitudes(mocks)
    unit = flux_of_magnitude(sample.magnitude[magnitudes])[:, np.newaxis]
    flux = sample.noisy_flux_nu(mocks, random) * unit
    error = sample.flux_nu_error[seds, magnitudes] * unit
    known: BoolArray = np.ones(flux.shape, dtype=bool)
    photometry = Photometry(flux.astype(float), error.astype(float), known, np.zeros(len(flux)))
    names = tuple(library.name for library in libraries)
    truth, magnitude = sample.parameters[seds].astype(float), sample.magnitude[magnitudes]
    snr = _snr(unit[:, 0], _reference_error(settings, unit[:, 0]))
    return _Mocks(photometry, truth, magnitude, snr, sample.library[seds], names, None)


def _at_most(n: int, group: IndexArray, random: np.random.Generator) -> IndexArray:
    """Return the positions of n members of each group, or of all that it has."""
    order = random.permutation(group.size)
    return np.sort(np.concatenate([order[group[order] == value][:n] for value in np.unique(group)]))


def _reference_error(settings: PaperSettings, flux: FloatArray) -> FloatArray:
    filters = embedded_filters()
    data = settings.data
    noise = noise_model(NoiseSettings(data.noise, data.aperture_factor, data.zero_point), filters.names)
    every_band = np.repeat(flux[:, np.newaxis], len(filters.names), axis=1)
    return noise.flux_nu_error(every_band)[:, filters.index(REFERENCE_BANDS[0])]
