"""The last digits of the best population, in double precision."""

import itertools

import numpy as np
import torch

from jpas_gui.core.arrays import FloatArray, IndexArray
from jpas_gui.core.inference.exact.boxes import Best
from jpas_gui.core.inference.exact.cell_fluxes import CellFluxes
from jpas_gui.core.inference.exact.measurement import Measurement

_MOST_STEPS = 60
_ENOUGH = 1e-3
"""A step that seems to lower chi2 by less than this is the last."""

_FIRST_DAMPING, _LESS, _MORE = 1e-2, 0.1, 10.0
"""Of the steps after one that failed, as a part of the curvature; and by which factors it changes after others."""

_HELD = np.array(list(itertools.product((0, -1, 1), repeat=3)))
"""Which variables are free, 0, or held at their lower, -1, or upper ends, 1."""

_SMALL = 1e-12


def polished(fluxes: CellFluxes, data: Measurement, cell: IndexArray, place: FloatArray) -> Best:
    """Return the best population near some, each within its cell.

    By Levenberg and Marquardt's method (Marquardt 1963, J. SIAM 11, 431), all at once.

    Parameters
    ----------
    cell : ndarray of int, shape (n,)
    place : ndarray, shape (3, n)
    """
    place = fluxes.inside(place)
    damping = np.zeros(cell.size)
    chi2, slope, curvature = _expanded(fluxes, data, cell, place)
    for _ in range(_MOST_STEPS):
        low, high = ((end - place).T for end in fluxes.ends)
        damped = curvature * (1 + damping[:, np.newaxis, np.newaxis] * np.eye(3))
        step = _best_step(damped, slope, low, high)
        is_moving = _lowered(curvature, slope, step) > _ENOUGH
        if not is_moving.any():
            break
        moved = fluxes.inside(place + step.T)
        there = _expanded(fluxes, data, cell, moved)
        is_better = is_moving & (there[0] < chi2)
        place = np.where(is_better, moved, place)
        chi2 = np.where(is_better, there[0], chi2)
        slope = np.where(is_better[:, np.newaxis], there[1], slope)
        curvature = np.where(is_better[:, np.newaxis, np.newaxis], there[2], curvature)
        damping = np.where(is_better, damping * _LESS, np.maximum(damping * _MORE, _FIRST_DAMPING))
    i = int(chi2.argmin())
    x, y, e = place[:, i].tolist()
    return Best(int(cell[i]), (x, y, e), float(chi2[i]))


def _best_step(curvature: FloatArray, slope: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return the step between low and high, shape (n, 3), that seems to lower chi2 most, shape (n, 3).

    Each variable is free, or held at one of its ends: of all such steps one is the best.
    """
    trace = np.trace(curvature, axis1=1, axis2=2)[:, np.newaxis, np.newaxis]
    curvature = (curvature + _SMALL * (1 + trace) * np.eye(3))[:, np.newaxis]
    low, high, slope = low[:, np.newaxis], high[:, np.newaxis], slope[:, np.newaxis]
    held = np.where(_HELD < 0, low, np.where(_HELD > 0, high, 0))
    free = _HELD == 0
    matrix = np.where(free[:, :, np.newaxis] & free[:, np.newaxis], curvature, np.eye(3))
    right = np.where(free, slope - (curvature @ held[..., np.newaxis])[..., 0], held)
    steps = np.clip(np.linalg.solve(matrix, right[..., np.newaxis])[..., 0], low, high)
    best = _lowered(curvature, slope, steps).argmax(axis=1)
    return np.asarray(steps[np.arange(len(steps)), best])


def _lowered(curvature: FloatArray, slope: FloatArray, step: FloatArray) -> FloatArray:
    """Return by how much steps, shape (..., 3), seem to lower chi2."""
    return np.asarray(((2 * slope - (curvature @ step[..., np.newaxis])[..., 0]) * step).sum(axis=-1))


def _expanded(
    fluxes: CellFluxes, data: Measurement, cell: IndexArray, place: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return chi2 at places, shape (3, n), half its slopes downhill, (n, 3), and half its curvature, (n, 3, 3)."""
    rows = fluxes.with_slopes(cell, place, torch.float64).numpy()
    model = np.exp(rows[:, 0]) * data.per_error
    model /= np.linalg.norm(model, axis=1, keepdims=True)
    along = np.maximum(model @ data.sigmas, 0)
    slopes = rows[:, 1:] - rows[:, 1:] @ (model**2)[..., np.newaxis]
    model *= along[:, np.newaxis]
    residual = data.sigmas - model
    moves = slopes * model[:, np.newaxis]
    return (residual**2).sum(axis=1), (moves @ residual[..., np.newaxis])[..., 0], moves @ moves.transpose(0, 2, 1)
