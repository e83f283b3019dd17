"""The lemmas of docs/method.md, by trial: chi2 is nowhere smaller than each bound says."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from nasty_galaxies import BANDS, nasty_galaxies

from jpas_gui.core.inference.band_grid import BandGrid
from jpas_gui.core.inference.exact.cell_fluxes import CellFluxes
from jpas_gui.core.inference.exact.dust_lines import DustLines
from jpas_gui.core.inference.exact.expansion import Expansion
from jpas_gui.core.inference.exact.log_space import LogSpace
from jpas_gui.core.inference.exact.measurement import Measurement
from jpas_gui.core.inference.exact.quadratic import BoxedQuadratic

ROUNDING = 1 + 1e-5
N_BOXES, N_POINTS = 200, 20


@pytest.fixture(scope="module")
def fluxes(grid: BandGrid) -> CellFluxes:
    return CellFluxes(grid, BANDS)


def measurements(grid: BandGrid) -> Iterator[tuple[Measurement, np.random.Generator]]:
    for number, galaxy in enumerate(nasty_galaxies(grid, 40, 5)):
        yield Measurement.of(*galaxy), np.random.default_rng(number)


def boxes(fluxes: CellFluxes, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cells, shape (n,), and low and high ends of boxes of all sizes in them, shape (3, n)."""
    cell = random.integers(len(fluxes), size=N_BOXES)
    low, high = (np.broadcast_to(end, (3, N_BOXES)) for end in fluxes.ends)
    half = (high - low) / 2 * 10.0 ** random.uniform(-3, 0, (3, N_BOXES))
    centre = np.clip((low + (high - low) * random.random((3, N_BOXES))), low + half, high - half)
    return cell, centre - half, centre + half


def chi2_within(fluxes: CellFluxes, data: Measurement, cell, low, high, random) -> tuple[np.ndarray, np.ndarray]:
    """Return points in boxes, of which some are corners, shape (3, n, N_POINTS), and their chi2, (n, N_POINTS)."""
    part = random.random((3, cell.size, N_POINTS))
    part[..., ::2] = part[..., ::2].round()
    place = low[..., None] + (high - low)[..., None] * part
    log_flux = fluxes.log_fluxes(cell, place).double().numpy()
    model = np.exp(log_flux) * data.per_error
    along = np.maximum(model @ data.sigmas, 0) / (model**2).sum(axis=2)
    return place, ((data.sigmas - along[..., None] * model) ** 2).sum(axis=2)


def test_ln_flux_is_that_of_the_grid(grid: BandGrid, fluxes: CellFluxes) -> None:
    random = np.random.default_rng(3)
    cell = random.integers(len(fluxes), size=50)
    place = np.vstack([random.uniform(-1, 1, (2, 50)), random.random((1, 50))])
    parameters = np.vstack([fluxes.centre[:, cell] + fluxes.half_width[:, cell] * place[:2], place[2:]]).T
    np.testing.assert_allclose(fluxes.log_fluxes(cell, place), grid.log_fluxes(parameters)[:, BANDS], atol=5e-6)


def test_slopes_are_differences(fluxes: CellFluxes) -> None:
    cell, place = np.arange(0, len(fluxes), 50), np.full((3, len(range(0, len(fluxes), 50))), 0.3)
    rows = fluxes.with_slopes(cell, place, torch.float64).numpy()
    for axis in range(3):
        step = np.zeros_like(place)
        step[axis] = 1e-4
        higher, lower = (fluxes.with_slopes(cell, place + s * step, torch.float64).numpy()[:, 0] for s in (1, -1))
        np.testing.assert_allclose((higher - lower) / 2e-4, rows[:, 1 + axis], atol=1e-6)


def test_dust_lines_are_never_too_high(grid: BandGrid, fluxes: CellFluxes) -> None:
    lines = DustLines(fluxes)
    for data, random in measurements(grid):
        least = lines.chi2(data)[1]
        cell, step = random.integers(len(fluxes), size=N_BOXES), random.integers(len(lines.ebv) - 1, size=N_BOXES)
        low, high = np.full((3, N_BOXES), -1.0), np.full((3, N_BOXES), 1.0)
        low[2], high[2] = lines.ebv[step], lines.ebv[step + 1]
        chi2 = chi2_within(fluxes, data, cell, low, high, random)[1]
        assert (chi2.min(axis=1) * ROUNDING >= least[cell, step]).all()


def test_the_bound_in_ln_flux_is_never_too_high(grid: BandGrid, fluxes: CellFluxes) -> None:
    n_useful = 0
    for data, random in measurements(grid):
        cell, low, high = boxes(fluxes, random)
        place, chi2 = chi2_within(fluxes, data, cell, low, high, random)
        largest = float(np.quantile(chi2, random.choice([0.01, 0.3])))
        space = LogSpace(fluxes, data, largest)
        if not space.is_useful:
            continue
        n_useful += 1
        quadratic, off = space.quadratic(cell, low, high)
        sigmas = np.where(chi2 <= largest, np.sqrt(chi2), np.inf).min(axis=1) * ROUNDING + off
        assert (sigmas >= np.sqrt(quadratic.least)).all()
        limit = sigmas**2
        first, last = quadratic.ranges(np.where(np.isfinite(limit), limit, 0))
        units = (place - low[..., None]) / (high - low)[..., None] * 2 - 1
        inside = ((units >= first[..., None] - 1e-6) & (units <= last[..., None] + 1e-6)).all(axis=0)
        is_least = (chi2 <= largest) & (chi2 <= chi2.min(axis=1, keepdims=True))
        assert inside[is_least].all()
    assert n_useful > 3


def test_the_expansion_is_never_too_high(grid: BandGrid, fluxes: CellFluxes) -> None:
    n_telling = 0
    for data, random in measurements(grid):
        cell, low, high = boxes(fluxes, random)
        place, chi2 = chi2_within(fluxes, data, cell, low, high, random)
        expansion = Expansion(fluxes, data, cell, (low + high) / 2, (high - low) / 2)
        quadratic = expansion.quadratic()
        sigmas = np.sqrt(chi2.min(axis=1)) * ROUNDING + expansion.remainder
        assert (sigmas >= np.sqrt(quadratic.least)).all()
        n_telling += int((np.sqrt(quadratic.least) > expansion.remainder + 1).sum())
        largest = float(chi2.max())
        first, last = expansion.ranges(quadratic, sigmas**2, largest)
        units = (place - low[..., None]) / (high - low)[..., None] * 2 - 1
        inside = ((units >= first[..., None] - 1e-6) & (units <= last[..., None] + 1e-6)).all(axis=0)
        assert inside[chi2 <= chi2.min(axis=1, keepdims=True)].all()
    assert n_telling > 1000


def test_of_parts_of_a_box_too(grid: BandGrid, fluxes: CellFluxes) -> None:
    for data, random in measurements(grid):
        cell, low, high = boxes(fluxes, random)
        expansion = Expansion(fluxes, data, cell, (low + high) / 2, (high - low) / 2)
        ends = np.sort(random.uniform(-1, 1, (2, 3, N_BOXES)), axis=0)
        middle, half = (low + high) / 2, (high - low) / 2
        chi2 = chi2_within(fluxes, data, cell, middle + half * ends[0], middle + half * ends[1], random)[1]
        part = expansion.quadratic_within(np.arange(N_BOXES), *ends, float(chi2.max()))
        sigmas = np.sqrt(chi2.min(axis=1)) * ROUNDING + expansion.remainder
        assert (sigmas >= np.sqrt(part.least)).all()


def test_quadratics_in_boxes() -> None:
    random = np.random.default_rng(4)
    n = 300
    root = random.normal(size=(n, 3, 3)) * 10.0 ** random.uniform(-2, 2, (n, 1, 1))
    # Slopes of fewer bands than parameters are parallel, but for the rounding of single precision.
    root[::2, 2] = root[::2, 1] + root[::2, 0] * random.choice([0, 1e-2, 1e-4], (n // 2, 1))
    curvature, centre = root @ root.transpose(0, 2, 1), random.normal(size=(n, 3))
    slope, constant = (curvature @ centre[..., None])[..., 0], random.random(n)
    noise = 1 + 3e-7 * random.normal(size=curvature.shape)
    curvature = curvature * (noise + noise.transpose(0, 2, 1)) / 2
    constant = constant + (slope * centre).sum(axis=1)  # so that it is nowhere below zero
    low = random.uniform(-2, 0.5, (3, n))
    high = low + random.uniform(0.01, 2, (3, n))
    quadratic = BoxedQuadratic(curvature.transpose(1, 2, 0), slope.T, constant, low, high)
    points = low[..., None] + (high - low)[..., None] * np.stack(
        np.meshgrid(*[np.linspace(0, 1, 9)] * 3, indexing="ij")
    ).reshape(3, 1, -1)
    values = constant[:, None] - 2 * np.einsum("ni,inp->np", slope, points)
    values += np.einsum("inp,nij,jnp->np", points, curvature, points)
    assert (quadratic.least <= values.min(axis=1) + 1e-6 * np.abs(values).max(axis=1)).all()
    assert ((quadratic.at >= low - 1e-12) & (quadratic.at <= high + 1e-12)).all()
    limit = values.min(axis=1) * 1.5 + 1e-6
    first, last = quadratic.ranges(limit)
    below = values <= limit[:, None]
    inside = ((points >= first[..., None] - 1e-6) & (points <= last[..., None] + 1e-6)).all(axis=0)
    assert inside[below].all()


def test_two_parallel_slopes_and_none_at_all_are_no_trouble() -> None:
    curvature = np.zeros((3, 3, 2))
    curvature[:2, :2, 0] = 4.0
    quadratic = BoxedQuadratic(curvature, np.zeros((3, 2)), np.ones(2), -np.ones((3, 2)), np.ones((3, 2)))
    assert np.isfinite(quadratic.least).all()
    assert quadratic.least == pytest.approx([1, 1], abs=1e-6)
    assert math.isfinite(quadratic.ranges(np.full(2, 2.0))[0].sum())
