"""Mocks that a network is asked after every epoch, so that one can watch what it learns."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import msgspec
import numpy as np
import torch

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.inference.bundle import ModelBundle
from jpas_gui.core.inference.kept_arrays import Arrays, Keep, made_anew
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.predictor import Photometry, Predictor
from jpas_gui.core.inference.settings import TrainingSettings
from jpas_gui.core.inference.testing import answered_mocks

_PER_MAGNITUDE, _EXACT_PER_MAGNITUDE = 40, 6
_SEED = 20_250_601
"""One for all trainings: those of the same libraries are asked the same mocks."""


class Watch:
    """Asks the network of a training the same mocks again and again. They are neither trained on nor chosen by.

    Nothing of it changes what is learned.

    Parameters
    ----------
    settings : TrainingSettings
    description : mapping
        That of the bundle to be: what the network is valid for does not change while it learns.
    network : torch.nn.Module
    domain : dict of Tensor
        Of the features.
    device : torch.device
    keep : callable
        Keeps the mocks and their exact posteriors for the next time.

    Raises
    ------
    InputError
        If a library or the noise model cannot be used.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        description: Mapping[str, Any],
        network: torch.nn.Module,
        domain: dict[str, torch.Tensor],
        device: torch.device,
        keep: Keep = made_anew,
    ) -> None:
        # With whole paths, unlike what goes into files.
        self._description = {**description, "training": msgspec.to_builtins(settings)}
        self._network, self._domain, self._device = network, domain, device
        asked = keep("watched mocks", self._asked)
        self._truth, self._magnitude = asked["truth"], asked["magnitude"]
        self._exact = (asked["exact_rows"], asked["exact_width"]) if asked["exact_rows"].size else None
        self._rows = np.flatnonzero(_within(self._truth, description["domain"]))
        photometry = Photometry(**{field.name: asked[field.name] for field in fields(Photometry)})
        self._photometry = photometry.rows(self._rows)

    def event(self) -> dict[str, Any]:
        """Return what is reported before the first epoch: the mocks, and what the exact posterior can do."""
        event: dict[str, Any] = {
            "event": "mocks",
            "truth": _plain(self._truth[self._rows]),
            "magnitude": self._magnitude[self._rows].tolist(),
        }
        if self._exact is not None:
            event["exact"] = _exact_scatter(*self._exact, self._magnitude, self._rows)
        return event

    def _asked(self) -> Arrays:
        """Make the mocks, with what the exact posterior says of some of them."""
        asked = answered_mocks(self._predictor(), _PER_MAGNITUDE, _EXACT_PER_MAGNITUDE, _SEED)
        answers, exact = asked.answers, asked.answers.exact
        return {
            **{field.name: getattr(asked.photometry, field.name) for field in fields(Photometry)},
            "truth": answers.truth,
            "magnitude": answers.magnitude,
            "exact_rows": exact.rows if exact else np.empty(0, dtype=np.intp),
            "exact_width": exact.width if exact else np.empty((0, len(PARAMETERS))),
        }

    def predicted(self) -> list[list[float | None]]:
        """Return what the network says now, shape (n, 3); None where it has no answer."""
        return _plain(self._predictor().predict(self._photometry).point)

    def _predictor(self) -> Predictor:
        preset = self._description["training"]["preset"]
        with torch.random.fork_rng(devices=[]):
            weights = {**self._network.state_dict(), **self._domain}
            return Predictor(ModelBundle("watch", preset, weights, self._description), str(self._device))


def _within(truth: FloatArray, domain: Mapping[str, Any]) -> BoolArray:
    """Return which mocks the network is made for: the paper's sample may be a part of what the libraries have."""
    low, high = np.array([domain[name] for name in PARAMETERS], dtype=float).T
    return np.asarray(((truth >= low) & (truth <= high)).all(axis=1))


def _exact_scatter(exact: IndexArray, width: FloatArray, magnitude: FloatArray, rows: IndexArray) -> dict[str, Any]:
    """Return the scatter that the widths of the exact posteriors let expect, shape (n, 3), where any is known."""
    there = np.isin(exact, rows)
    at, half = magnitude[exact[there]], width[there] / 2
    known = np.unique(at)
    scatter = [np.sqrt(np.mean(half[at == value] ** 2, axis=0)) for value in known]
    return {"magnitude": known.tolist(), "scatter": _plain(np.array(scatter).reshape(-1, len(PARAMETERS)))}


def _plain(values: FloatArray) -> list[list[float | None]]:
    return [[round(value, 4) if np.isfinite(value) else None for value in row] for row in values.tolist()]
