"""A few numbers that describe the colours of every population of some libraries, at any redshift."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product

import numpy as np

from jpas_gui.core.arrays import AnyArray, BoolArray, Float32Array, FloatArray
from jpas_gui.core.inference.band_grid import BandGrid, GridSettings, NodeSpectra, band_grid, node_spectra
from jpas_gui.core.inference.parameters import PRIOR_EBV, PRIOR_LOG_AGE
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS, AttenuationLaw
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.ssp.library import SSPLibrary

N_COMPONENTS = (40, 4)
"""Principal components of the first library, and of what each further one adds: 0.04 % (rms) of PopStar is left."""

REDSHIFT_STEP = 0.002
"""Between the steps mean and components are linear in redshift."""

_RIDGE = 1e-6

_BLOCK = (3, 2)
"""Cells of a block, along log_age and metallicity."""


@dataclass(frozen=True, eq=False)
class ColourCells:
    """Rectangles of log_age and metallicity, in which coefficients are bilinear in these and linear in E(B-V).

    Parameters
    ----------
    centre, half_width : ndarray, shape (..., 2), float32
        log_age and metallicity.
    terms : ndarray, shape (..., 4, n_components), float32
        Coefficients at the centre without dust, their change over half the cell in log_age and in metallicity, and
        with E(B-V) per mag.
    twist : ndarray, shape (..., n_components), float32
        Their change over half the cell in both log_age and metallicity, beyond the sum of the two.
    """

    centre: Float32Array
    half_width: Float32Array
    terms: Float32Array
    twist: Float32Array


@dataclass(frozen=True, eq=False)
class ColourBasis:
    """Principal components of ln flux.

    ln flux_nu of a population in the bands is ``mean + components @ coefficients`` but for its amplitude. The
    coefficients belong to the population, mean and components to the redshift.

    Parameters
    ----------
    redshift : ndarray, shape (n_redshifts,)
        In equal steps.
    mean : ndarray, shape (n_redshifts, n_bands), float32
    components : ndarray, shape (n_redshifts, n_bands, n_components), float32
    blocks : ColourCells, shape (n_blocks,)
        Of all libraries: some neighbouring cells taken as one.
    cells : ColourCells, shape (n_blocks, n_cells)
        The cells of each block; where a block has fewer, the last are empty: of no width.
    """

    redshift: FloatArray
    mean: Float32Array
    components: Float32Array
    blocks: ColourCells
    cells: ColourCells

    @property
    def arrays(self) -> dict[str, AnyArray]:
        """All of it by name."""
        own: dict[str, AnyArray] = {name: getattr(self, name) for name in ("redshift", "mean", "components")}
        for part in ("blocks", "cells"):
            own |= {f"{part}.{field.name}": getattr(getattr(self, part), field.name) for field in fields(ColourCells)}
        return own

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, AnyArray]) -> "ColourBasis":
        """Return the basis of `arrays`."""
        parts = (
            ColourCells(**{field.name: arrays[f"{part}.{field.name}"] for field in fields(ColourCells)})
            for part in ("blocks", "cells")
        )
        return cls(arrays["redshift"], arrays["mean"], arrays["components"], *parts)


def colour_basis(
    libraries: Sequence[SSPLibrary],
    filters: FilterSet,
    n_bands: int,
    redshift_range: tuple[float, float],
    law: AttenuationLaw = ATTENUATION_LAWS["calzetti"],
) -> ColourBasis:
    """Find the basis of some libraries, the most complete of them first.

    The coefficients of a population are found from its colours at the lowest, the middle and the highest redshift.
    Each further library is described by the components so far, and by components of what these cannot describe.

    Parameters
    ----------
    n_bands : int
        The first bands of the set are used.

    Raises
    ------
    InputError
        If a library covers no band.
    """
    low, high = redshift_range
    ends = np.unique([low, (low + high) / 2, high])
    redshift = np.linspace(low, high, max(2, round((high - low) / REDSHIFT_STEP) + 1)) if high > low else ends
    spectra = [node_spectra(library, _OWN_NODES) for library in libraries]
    grids = [[_grid(*own, filters, z, law) for z in ends] for own in zip(libraries, spectra, strict=True)]
    tables = [_Stack.of(several, n_bands) for several in grids]
    mean, components = _components(tables)
    coefficients = [table.coefficients(mean, components) for table in tables]
    at_redshift = [_regress(libraries, spectra, filters, n_bands, float(z), coefficients, law) for z in redshift]
    blocks, cells = [], []
    for own in libraries:
        several = [_fine_grid(own, filters, z, law) for z in ends]
        own_blocks, own_cells = _cells(several[0], _Stack.of(several, n_bands).coefficients(mean, components))
        blocks.append(own_blocks)
        cells.append(own_cells)
    return ColourBasis(
        redshift,
        np.stack([m for m, _ in at_redshift]).astype(np.float32),
        np.stack([c for _, c in at_redshift]).astype(np.float32),
        _joined(blocks),
        _joined(cells),
    )


_OWN_NODES = GridSettings(log_age=np.inf, metallicity=np.inf, ebv=0.5, log_age_range=PRIOR_LOG_AGE, ebv_range=PRIOR_EBV)
"""Only the library's own nodes: between them the coefficients are linear."""


def _grid(
    library: SSPLibrary, spectra: NodeSpectra, filters: FilterSet, redshift: float, law: AttenuationLaw
) -> BandGrid:
    return band_grid(library, filters, redshift, _OWN_NODES, law, spectra=spectra)


def _fine_grid(library: SSPLibrary, filters: FilterSet, redshift: float, law: AttenuationLaw) -> BandGrid:
    return band_grid(library, filters, redshift, GridSettings(ebv=0.5), law)


@dataclass(frozen=True, eq=False)
class _Stack:
    """ln flux of populations, shape (n, n_values), in bands at several redshifts; False in mask: not covered."""

    log_flux: FloatArray
    mask: BoolArray

    @classmethod
    def of(cls, grids: Sequence[BandGrid], n_bands: int) -> "_Stack":
        rows = np.concatenate([g.log_flux[..., :n_bands].reshape(-1, n_bands) for g in grids], axis=1).astype(float)
        mask = np.concatenate([g.mask[:n_bands] for g in grids])
        rows = rows[np.isfinite(rows[:, 0])]
        return cls(rows - rows[:, mask].mean(axis=1, keepdims=True), mask)

    def coefficients(self, mean: FloatArray, components: FloatArray) -> FloatArray:
        """Return the coefficients, shape (n, n_components), with a free amplitude."""
        design = np.column_stack([np.ones(self.mask.sum()), components[self.mask]])
        ridge = _RIDGE * np.diag(np.r_[0.0, np.ones(components.shape[1])]) * self.mask.sum()
        residual = (self.log_flux - mean)[:, self.mask]
        return np.asarray(np.linalg.solve(design.T @ design + ridge, design.T @ residual.T).T[:, 1:])


def _components(tables: Sequence[_Stack]) -> tuple[FloatArray, FloatArray]:
    """Return mean, shape (n_values,), and components, shape (n_values, n_components), of unit variance."""
    first = tables[0].log_flux
    mean = first.mean(axis=0)
    components = _principal(first - mean, N_COMPONENTS[0])
    for table in tables[1:]:
        fitted = table.coefficients(mean, components) @ components.T
        rest = np.where(table.mask, table.log_flux - mean - fitted, 0)
        rest -= rest[:, table.mask].mean(axis=1, keepdims=True) * table.mask
        components = np.column_stack([components, _principal(rest, N_COMPONENTS[1])])
    return mean, components


def _principal(rows: FloatArray, n: int) -> FloatArray:
    _, strength, directions = np.linalg.svd(rows, full_matrices=False)
    return np.asarray(directions[:n].T * strength[:n] / np.sqrt(len(rows)))


def _regress(
    libraries: Sequence[SSPLibrary],
    spectra: Sequence[NodeSpectra],
    filters: FilterSet,
    n_bands: int,
    redshift: float,
    coefficients: list[FloatArray],
    law: AttenuationLaw,
) -> tuple[FloatArray, FloatArray]:
    """Return mean and components of the bands at a redshift, by least squares over all that cover a band."""
    n_components = coefficients[0].shape[1]
    size = n_components + 1
    normal, right = np.zeros((n_bands, size, size)), np.zeros((n_bands, size))
    for library, nodes, own in zip(libraries, spectra, coefficients, strict=True):
        stack = _Stack.of([_grid(library, nodes, filters, redshift, law)], n_bands)
        design = np.column_stack([np.ones(len(own)), own])
        share = 1 / len(own)
        normal[stack.mask] += share * design.T @ design
        right[stack.mask] += share * (stack.log_flux.T @ design)[stack.mask]
    normal += _RIDGE * np.eye(size)
    solved = np.linalg.solve(normal, right[..., np.newaxis])[..., 0]
    return solved[:, 0], solved[:, 1:]


def _cells(grid: BandGrid, coefficients: FloatArray) -> tuple[ColourCells, ColourCells]:
    """Return blocks of cells, and the cells of each."""
    known = np.isfinite(grid.log_flux[..., 0])
    table = np.full((*known.shape, coefficients.shape[1]), np.nan)
    table[known] = coefficients
    blocks, members = [], []
    for low, high, cells in _blocks(np.asarray(known.all(axis=2))):
        blocks.append(_cell(grid, table, low, high))
        own = [_cell(grid, table, cell, (cell[0] + 1, cell[1] + 1)) for cell in cells]
        empty = [ColourCells(cell.centre, np.zeros_like(cell.half_width), cell.terms, cell.twist) for cell in own[-1:]]
        members.append(_stacked(own + empty * (_BLOCK[0] * _BLOCK[1] - len(own))))
    return _stacked(blocks), _stacked(members)


_Place = tuple[int, int]


def _blocks(known: BoolArray) -> Iterator[tuple[_Place, _Place, list[_Place]]]:
    """Yield the corners of blocks, as nodes, and the cells in each. Around a hole each cell is its own block."""
    n_cells = known.shape[0] - 1, known.shape[1] - 1
    for low in product(range(0, n_cells[0], _BLOCK[0]), range(0, n_cells[1], _BLOCK[1])):
        high = (min(low[0] + _BLOCK[0], n_cells[0]), min(low[1] + _BLOCK[1], n_cells[1]))
        cells = [(i, j) for i in range(low[0], high[0]) for j in range(low[1], high[1])]
        whole = [(i, j) for i, j in cells if known[i : i + 2, j : j + 2].all()]
        if len(whole) == len(cells):
            yield low, high, cells
        else:
            yield from ((cell, (cell[0] + 1, cell[1] + 1), [cell]) for cell in whole)


def _cell(grid: BandGrid, table: FloatArray, low: _Place, high: _Place) -> ColourCells:
    """Return the rectangle between two nodes."""
    corners = np.array([[table[i, j] for j in (low[1], high[1])] for i in (low[0], high[0])])
    dust = (corners[:, :, -1] - corners[:, :, 0]) / (grid.ebv[-1] - grid.ebv[0])
    # The middle of the range of E(B-V) is fitted best, its ends a little less.
    bare = corners.mean(axis=2) - dust * grid.ebv.mean()
    terms = [
        bare.mean(axis=(0, 1)),
        (bare[1] - bare[0]).mean(axis=0) / 2,
        (bare[:, 1] - bare[:, 0]).mean(axis=0) / 2,
        dust.mean(axis=(0, 1)),
    ]
    twist = (bare[1, 1] - bare[1, 0] - bare[0, 1] + bare[0, 0]) / 4
    ends = np.array([[grid.log_age[i], grid.metallicity[j]] for i, j in (low, high)])
    numbers = ends.mean(axis=0), np.diff(ends, axis=0)[0] / 2, terms, twist
    return ColourCells(*(np.asarray(values, np.float32) for values in numbers))


def _stacked(cells: Sequence[ColourCells]) -> ColourCells:
    return ColourCells(*(np.stack([getattr(c, f.name) for c in cells]) for f in fields(ColourCells)))


def _joined(cells: Sequence[ColourCells]) -> ColourCells:
    return ColourCells(*(np.concatenate([getattr(c, f.name) for c in cells]) for f in fields(ColourCells)))
