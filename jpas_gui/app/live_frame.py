"""What trained models say of the noisy SED in the explorer: pure functions and frozen arrays.

All of it is computed away from the window; torch is imported when a model is first asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jpas_gui.app.frame import ExplorerFrame
from jpas_gui.app.instrument import Instrument
from jpas_gui.app.model_shelf import ModelShelf
from jpas_gui.app.state import DustSettings, Model
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.evaluation.statistics import scatter
from jpas_gui.core.flags import Flag, flag_meanings
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.comparison import Comparison, compare
from jpas_gui.core.photometry.noise import draw_noise
from jpas_gui.core.populations import LIMITS
from jpas_gui.core.ssp.library import SSPLibrary

if TYPE_CHECKING:
    from jpas_gui.core.inference.predictor import Photometry, Predictor

N_DRAWS = 500
"""Draws of the noise in a whole cloud."""

_PART = 100
"""Draws that are predicted at once: what waits behind them waits for a few hundredths of a second."""

_LAW = DustSettings().law
"""The dust law of the mocks that models are trained on."""


@dataclass(frozen=True, eq=False)
class LiveRequest:
    """What the models are asked: the SED of a frame, and where the SEDs of their answers come from.

    Parameters
    ----------
    models : tuple of str
        Names of shipped models, or folders.
    frame : ExplorerFrame
    instrument : Instrument
    library : SSPLibrary
    """

    models: tuple[str, ...]
    frame: ExplorerFrame
    instrument: Instrument
    library: SSPLibrary

    @property
    def truth(self) -> FloatArray:
        """What the sliders say, shape (3,), in the order of `PARAMETERS`."""
        return np.array([getattr(self.frame.state.model.population, name) for name in PARAMETERS])

    def asks_the_same(self, other: "LiveRequest") -> bool:
        """Return whether the answers of another request are those of this one."""
        ours, theirs = self.frame, other.frame
        return (
            (self.models, self.instrument, self.library) == (other.models, other.instrument, other.library)
            and (ours.state.model, ours.state.seed) == (theirs.state.model, theirs.state.seed)
            and np.array_equal(ours.flux_nu_noisy, theirs.flux_nu_noisy, equal_nan=True)
            and np.array_equal(ours.flux_nu_error, theirs.flux_nu_error, equal_nan=True)
        )


@dataclass(frozen=True, eq=False)
class ModelAnswer:
    """What one model says.

    Parameters
    ----------
    model : str
    point : ndarray, shape (3,)
        In the order of `PARAMETERS`; NaN where there is no answer.
    percentiles : ndarray, shape (3, 3)
        16, 50 and 84 on the last axis; NaN from a network without a posterior.
    flux_nu : ndarray, shape (n_bands,)
        Nanomaggies: the SED of the library in use at `point`, fitted to the noisy one; NaN where there is none.
    comparison : Comparison
        The noisy SED minus that one, in the survey's 56 bands.
    remarks : tuple of str
        Why the answer deserves no trust, or why there is none.
    """

    model: str
    point: FloatArray
    percentiles: FloatArray
    flux_nu: FloatArray
    comparison: Comparison
    remarks: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class LiveFrame:
    """The answers of all models to a request, in its order."""

    request: LiveRequest
    answers: tuple[ModelAnswer, ...]


@dataclass(frozen=True, eq=False)
class ModelCloud:
    """What one model says of many draws of the noise.

    Parameters
    ----------
    model : str
    points : ndarray, shape (n, 3)
        In the order of `PARAMETERS`; NaN where there is no answer.
    bias, scatter : ndarray, shape (3,)
        Mean and standard deviation of predicted minus true; NaN with too few answers.
    """

    model: str
    points: FloatArray
    bias: FloatArray
    scatter: FloatArray


@dataclass(frozen=True, eq=False)
class Cloud:
    """What all models say of the first `n_draws` draws of the noise; the first is the one that is shown."""

    request: LiveRequest
    n_draws: int
    clouds: tuple[ModelCloud, ...]

    @property
    def is_whole(self) -> bool:
        """Whether there are no more draws to come."""
        return self.n_draws >= N_DRAWS


def answer(request: LiveRequest, shelf: ModelShelf) -> LiveFrame:
    """Return what the models say of the noisy SED."""
    return LiveFrame(request, tuple(_answer(request, model, shelf) for model in request.models))


def no_cloud(request: LiveRequest) -> Cloud:
    """Return a cloud that has no draws yet."""
    nothing, nan = np.empty((0, len(PARAMETERS))), np.full(len(PARAMETERS), np.nan)
    return Cloud(request, 0, tuple(ModelCloud(model, nothing, nan, nan) for model in request.models))


def grown(cloud: Cloud, shelf: ModelShelf) -> Cloud:
    """Return a cloud with some more draws."""
    frame, stop = cloud.request.frame, min(cloud.n_draws + _PART, N_DRAWS)
    shape = (stop, frame.flux_nu.size)
    draws = draw_noise(
        np.broadcast_to(frame.flux_nu, shape), np.broadcast_to(frame.flux_nu_error, shape), frame.state.seed
    )
    more = draws[cloud.n_draws :]
    return Cloud(cloud.request, stop, tuple(_grown(own, cloud.request, more, shelf) for own in cloud.clouds))


def _grown(own: ModelCloud, request: LiveRequest, draws: FloatArray, shelf: ModelShelf) -> ModelCloud:
    try:
        predictor = shelf.predictor(own.model)
    except InputError:  # which is what its answer to the draw that is shown says
        new = np.full((len(draws), len(PARAMETERS)), np.nan)
    else:
        new = predictor.predict(_photometry(request.frame, draws, predictor.bands)).point
    points = np.concatenate([own.points, new])
    delta = (points - request.truth)[np.isfinite(points).all(axis=1)]
    bias = delta.mean(axis=0) if len(delta) else np.full(len(PARAMETERS), np.nan)
    return ModelCloud(own.model, points, bias, np.array([scatter(values) for values in delta.T]))


def _answer(request: LiveRequest, model: str, shelf: ModelShelf) -> ModelAnswer:
    frame = request.frame
    try:
        predictor = shelf.predictor(model)
    except InputError as error:
        n = len(PARAMETERS)
        return _fitted(
            request, model, np.full(n, np.nan), np.full((n, n), np.nan), (str(error).removeprefix(f"{model}: "),)
        )
    photometry = _photometry(frame, frame.flux_nu_noisy[None], predictor.bands)
    found = predictor.predict(photometry)
    why_not = predictor.why_not(photometry)  # which band, which redshift: in place of the words of these flags
    flag = int(found.flag[0]) & ~(Flag.BANDS | Flag.REDSHIFT)
    remarks = (*why_not, *flag_meanings(flag), *_foreign(request, predictor))
    return _fitted(request, model, found.point[0], found.percentiles[0], remarks)


def _foreign(request: LiveRequest, predictor: "Predictor") -> tuple[str, ...]:
    """Return what the sliders use and the model has never seen."""
    libraries, remarks = predictor.bundle.description["libraries"], []
    if request.library.numbers_sha256 not in {library["numbers_sha256"] for library in libraries}:
        remarks.append(f"trained on {', '.join(library['title'] for library in libraries)}")
    if request.frame.state.model.dust.law != _LAW:
        remarks.append(f"trained with the dust law {_LAW}")
    return tuple(remarks)


def _photometry(frame: ExplorerFrame, flux_nu: FloatArray, bands: Sequence[str]) -> "Photometry":
    """Return SEDs of the frame, shape (n, n_bands), in the bands of a model."""
    from jpas_gui.core.inference.predictor import Photometry

    place = {band.name: index for index, band in enumerate(frame.bands)}
    index = np.array([place[name] for name in bands])
    n = len(flux_nu)
    return Photometry(
        flux_nu[:, index],
        np.tile(frame.flux_nu_error[index], (n, 1)),
        np.tile(_usable(frame)[index], (n, 1)),
        np.full(n, frame.state.model.population.redshift),
    )


def _usable(frame: ExplorerFrame) -> BoolArray:
    return frame.mask & np.isfinite(frame.flux_nu_error) & (frame.flux_nu_error > 0)


def _fitted(
    request: LiveRequest, model: str, point: FloatArray, percentiles: FloatArray, remarks: tuple[str, ...]
) -> ModelAnswer:
    """Return an answer with the SED of the library at its point."""
    frame, own = request.frame, request.frame.state.model
    survey = np.array([not band.is_broad for band in frame.bands])
    flux_nu, notes = np.full(frame.flux_nu.shape, np.nan), tuple[str, ...]()
    if np.isfinite(point).all():
        inside = np.clip(point, *np.transpose([LIMITS[name] for name in PARAMETERS]))
        remarks += tuple(
            f"its {LABELS[name].symbol} {value:.2f} cannot be drawn: {drawn:.2f} is shown"
            for name, value, drawn in zip(PARAMETERS, point, inside, strict=True)
            if round(value, 2) != round(drawn, 2)
        )
        answered = dict(zip(PARAMETERS, map(float, inside), strict=True))
        flux_nu, notes = _sed(request, replace(own, population=replace(own.population, **answered)))
    comparison = compare(frame.flux_nu_noisy, frame.flux_nu_error, _usable(frame) & survey, flux_nu)
    return ModelAnswer(model, point, percentiles, flux_nu * comparison.scale, comparison, (*remarks, *notes))


def _sed(request: LiveRequest, model: Model) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the SED of a model, and what the library could not meet; NaN and why where there is none."""
    try:
        sed = request.instrument.sed(model, request.library)
    except InputError as error:
        return np.full(request.frame.flux_nu.shape, np.nan), (str(error),)
    return sed.flux_nu, sed.clipped
