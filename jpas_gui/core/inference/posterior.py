"""The exact posterior of one galaxy: the likelihood of every population of a library, on a grid that adapts to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from jpas_gui.core.arrays import BoolArray, Float32Array, FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.band_grid import BandGrid
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.magnitudes import ZERO_POINT

_LEAF_RADIUS = 0.5
"""A cell is not split further along a parameter that moves the colours by fewer sigmas than this from its centre."""

_POOR_CHI2 = 2.0
"""Per band: galaxies that no SED fits better than this."""

_LEAF_SLOPE = 1.0
"""For them, cells are also split along parameters along which ln likelihood changes by more than this from the centre.

Where residuals are many sigmas, even small moves of the colours count.
"""

_DEPTH = 16.0
"""Cells whose chi2 is larger than the best by more than this at every point hold no probability worth a look."""

_SAFETY = 1.3
"""How much farther than by its slope at the centre an SED may move within a cell."""

_EBV_SIGMAS = 3.5
_EBV_STEPS = 8
"""How far the boxes of a cell reach from its best E(B-V), and how many there are."""

_N_NODES = 8192
"""Between so many values of a parameter its cumulative probability is taken as linear."""

_NEGLIGIBLE = 1e-9
"""Part of the probability that a box may hold and be left out; and what stands for zero in a denominator."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """A probability density over log_age, metallicity and ebv: constant within each of many boxes.

    Parameters
    ----------
    centre, half_width : ndarray, shape (n, 3)
        Of the boxes; parameters in the order of `parameters.PARAMETERS`.
    weight : ndarray, shape (n,)
        Probability of each box; the sum is 1.
    log_evidence : float
        ln of the mean likelihood under the prior, but for a constant of the data; compares libraries.
    best : ndarray, shape (3,)
        The population of the smallest chi2 among the centres.
    chi2 : float
        Its chi2, with the amplitude that fits best.
    magnitude : float
        AB magnitude of the best population in the reference band.
    n_bands : int
        Number of bands that were used.
    """

    centre: FloatArray
    half_width: FloatArray
    weight: FloatArray
    log_evidence: float
    best: FloatArray
    chi2: float
    magnitude: float
    n_bands: int

    def percentiles(self, percent: Sequence[float] = (16.0, 50.0, 84.0)) -> FloatArray:
        """Return percentiles of each parameter, shape (len(percent), 3)."""
        return np.column_stack(
            [self._quantiles(number, np.asarray(percent) / 100) for number in range(len(PARAMETERS))]
        )

    def _quantiles(self, number: int, level: FloatArray) -> FloatArray:
        low, high = self._ends(number)
        density = self.weight / (high - low)
        nodes, step = np.linspace(low.min(), high.max(), _N_NODES, retstep=True)
        # The density changes where boxes begin and end. Shared between two nodes, each change keeps its place, so that
        # the probability below each node is exact.
        change = np.concatenate([density, -density])
        place = (np.concatenate([low, high]) - nodes[0]) / step
        node = place.astype(np.intp)
        change, shared = change * (node + 1 - place), change * (place - node)
        at_node = np.bincount(node, change, _N_NODES + 1) + np.bincount(node + 1, shared, _N_NODES + 1)
        cumulative = np.concatenate([[0.0], np.cumsum(np.cumsum(at_node))[: _N_NODES - 1]])
        return np.asarray(np.interp(level * cumulative[-1], cumulative, nodes))

    def cumulative(self, value: FloatArray) -> FloatArray:
        """Return the probability below `value`, shape (3,), for each parameter, shape (3,)."""
        part = (np.asarray(value) - self.centre + self.half_width) / (2 * self.half_width)
        return np.asarray(self.weight @ np.clip(part, 0, 1))

    def mean(self) -> FloatArray:
        """Return the mean of each parameter, shape (3,)."""
        return np.asarray(self.weight @ self.centre)

    def marginal(self, parameter: str, edges: FloatArray) -> FloatArray:
        """Return the density of one parameter in bins, shape (n_edges - 1,)."""
        return np.asarray(self.weight @ self._shares(parameter, edges)) / np.diff(edges)

    def map(self, parameters: tuple[str, str], edges: tuple[FloatArray, FloatArray]) -> FloatArray:
        """Return the density of two parameters in bins, shape (n_edges_0 - 1, n_edges_1 - 1)."""
        first, second = (self._shares(name, edge) for name, edge in zip(parameters, edges, strict=True))
        probability = first.T @ (self.weight[:, np.newaxis] * second)
        return np.asarray(probability / np.outer(*(np.diff(edge) for edge in edges)))

    def _shares(self, parameter: str, edges: FloatArray) -> FloatArray:
        """Return which part of each box lies in each bin, shape (n, n_edges - 1)."""
        low, high = self._ends(PARAMETERS.index(parameter))
        part = (edges[np.newaxis] - low[:, np.newaxis]) / (high - low)[:, np.newaxis]
        return np.diff(np.clip(part, 0, 1), axis=1)

    def _ends(self, number: int) -> tuple[FloatArray, FloatArray]:
        centre, half = self.centre[:, number], self.half_width[:, number]
        return centre - half, centre + half

    def sample(self, n: int, seed: int) -> FloatArray:
        """Return draws, shape (n, 3)."""
        random = np.random.default_rng(seed)
        box = random.choice(self.weight.size, size=n, p=self.weight)
        return self.centre[box] + self.half_width[box] * random.uniform(-1, 1, (n, len(PARAMETERS)))


def mixture_of(posteriors: Sequence[Posterior], prior: Sequence[float]) -> Posterior:
    """Return the posterior under several libraries, of which each has a prior probability.

    All must be of the same data.
    """
    log_weight = np.array([p.log_evidence for p in posteriors]) + np.log(np.asarray(prior) / np.sum(prior))
    peak = log_weight.max()
    share = np.exp(log_weight - peak)
    best = min(posteriors, key=lambda posterior: posterior.chi2)
    return Posterior(
        np.concatenate([p.centre for p in posteriors]),
        np.concatenate([p.half_width for p in posteriors]),
        np.concatenate([p.weight * s for p, s in zip(posteriors, share / share.sum(), strict=True)]),
        float(peak + math.log(share.sum())),
        best.best,
        best.chi2,
        best.magnitude,
        best.n_bands,
    )


class ExactPosterior:
    """Posteriors under one library at one redshift, by brute force.

    The prior is uniform in log_age, metallicity and ebv over the cells of the grid that have models, and uniform in
    magnitude. The likelihood is Gaussian in flux. The amplitude is solved for analytically: chi2 at its minimum, and
    the width of the minimum.

    Degeneracies are long and thin, and a fixed grid fine enough for a high S/N would be huge. So cells of metallicity
    and log_age are split where they hold probability and as long as the colours change within them by more than the
    errors, whatever the dust; one is dropped once no point of it can be within reach of the best, as the triangle
    inequality of sqrt(chi2) tells. Each that is left is cut into boxes around the E(B-V) that fits it best, of a width
    that the errors allow.

    Parameters
    ----------
    grid : BandGrid
    bands : slice or list of int
        The bands of the grid that the photometry has, in its order.
    device : str
        Of torch.
    """

    def __init__(self, grid: BandGrid, bands: slice | Sequence[int], device: str = "cpu") -> None:
        self.grid = grid
        self._device = device
        self._covered = grid.mask[bands]
        # A cell is complete or missing for all E(B-V) alike.
        cells = np.nonzero(grid.has_cell[..., 0])
        ends = [np.stack([nodes[:-1][i], nodes[1:][i]]) for nodes, i in zip(grid.axes[:2], cells, strict=True)]
        self._centre = self._tensor(np.stack([end.mean(axis=0) for end in ends], axis=1))
        self._half = self._tensor(np.stack([np.diff(end, axis=0)[0] / 2 for end in ends], axis=1))
        self._ebv_range = float(grid.ebv[0]), float(grid.ebv[-1])
        self._volume = float((4 * self._half.double().prod(dim=1)).sum()) * (grid.ebv[-1] - grid.ebv[0])
        # ln flux is a polynomial in E(B-V), fitted at the nodes before the corners of cells share them.
        powers = np.linalg.pinv(grid.ebv[:, np.newaxis] ** np.arange(3)).astype(np.float32)
        in_ebv = powers @ grid.log_flux[..., bands]
        corners = np.stack([in_ebv[cells[0] + i, cells[1] + j] for i, j in _CORNERS], axis=1)
        terms = _TERMS @ torch.as_tensor(corners).flatten(2)
        self._terms = terms.view(len(terms), 12, -1).to(device)
        self._derivatives = self._tensor(_derivatives())
        self._start_ebv = self._tensor(grid.ebv)
        # At the centres of whole cells x and y are zero: the first three terms are all there is.
        at_centre, ebv = self._terms[:, :3], self._start_ebv
        one, none = torch.ones_like(ebv), torch.zeros_like(ebv)
        self._start_flux = (torch.stack([one, ebv, ebv**2], dim=1) @ at_centre).exp()
        self._start_dust = torch.stack([none, one, 2 * ebv], dim=1) @ at_centre
        self._start_square = self._start_flux**2

    def _tensor(self, values: FloatArray | Float32Array) -> torch.Tensor:
        return torch.as_tensor(values, dtype=torch.float32, device=self._device)

    def __call__(self, flux_nu: FloatArray, flux_nu_error: FloatArray, mask: BoolArray | None = None) -> Posterior:
        """Return the posterior of one galaxy.

        Parameters
        ----------
        flux_nu, flux_nu_error : ndarray, shape (n_bands,)
            Nanomaggies.
        mask : ndarray of bool, shape (n_bands,), optional
            True where a band is usable. Bands that the library does not cover are never used.

        Raises
        ------
        InputError
            If fewer than two bands can be used, one that is to be used has no flux or no positive error, or the numbers
            are beyond what can be computed.
        """
        used = self._covered & (np.isfinite(flux_nu) if mask is None else mask)
        if used.sum() < 2:
            raise InputError(f"{int(used.sum())} usable bands: the posterior needs two or more")
        if not (np.isfinite(flux_nu[used]).all() and (flux_nu_error[used] > 0).all()):
            raise InputError("a usable band has no flux or no positive error")
        # In units of a typical error, single precision holds what follows.
        unit = float(np.median(flux_nu_error[used]))
        data = _Data(
            self._tensor(np.where(used, flux_nu / unit, 0)),
            self._tensor(np.where(used, unit / np.where(used, flux_nu_error, 1), 0) ** 2),
            int(used.sum()),
        )
        leaves = self._leaves(data)
        return self._posterior(data, leaves, unit)

    def _leaves(self, data: "_Data") -> "_Cells":
        """Split cells until none moves the colours by more than the errors."""
        cells = self._whole_cells(data)
        best = torch.tensor(torch.inf, device=self._device)
        leaves: list[_Cells] = []
        while len(cells):
            cells = _fitted(cells, self._rows(cells), data, self._ebv_range)
            best = torch.minimum(best, cells.chi2.min())
            cells = cells.take(cells.least_chi2() <= best + _DEPTH)
            is_leaf = (cells.extent <= 1).all(dim=1)
            leaves.append(cells.take(is_leaf))
            cells = cells.take(~is_leaf).split()
        joined = _Cells.joined(leaves)
        if not len(joined):
            raise InputError("fluxes or errors of such sizes cannot be compared with any SED: are both in one unit?")
        return joined.take(joined.chi2 <= joined.chi2.min() + _DEPTH)

    def _whole_cells(self, data: "_Data") -> "_Cells":
        """Return the cells of the grid at the E(B-V) that fits each best."""
        overlap = (self._start_flux @ (data.flux * data.inverse_variance)).clamp_min(0)
        node = (overlap**2 / (self._start_square @ data.inverse_variance)).argmax(dim=1)
        # The nodes of E(B-V) are far apart: start from where one step leads.
        row = torch.arange(len(node), device=self._device) * len(self._start_ebv) + node
        flux, dust = (values.flatten(0, 1).index_select(0, row) for values in (self._start_flux, self._start_dust))
        downhill, curvature = _Fit(data, flux).expansion(dust[:, None])
        step = downhill[:, 0] / curvature[:, 0, 0].clamp_min(_NEGLIGIBLE)
        return _Cells.whole((self._start_ebv[node] + step).clamp(*self._ebv_range))

    def _rows(self, cells: "_Cells") -> torch.Tensor:
        """Return ln flux and its slopes along log_age, metallicity and E(B-V) at the centres, shape (n, 4, n_bands)."""
        x, y = cells.place.unbind(dim=1)
        ebv, one = cells.ebv, torch.ones_like(x)
        place, dust = torch.stack([one, x, y, x * y], dim=1), torch.stack([one, ebv, ebv**2], dim=1)
        monomials = (place[:, :, None] * dust[:, None]).flatten(1)
        return (monomials @ self._derivatives).view(-1, 4, 12) @ self._terms.index_select(0, cells.index)

    def _posterior(self, data: "_Data", leaves: "_Cells", unit: float) -> Posterior:
        """Cut each leaf into boxes of E(B-V)."""
        rows = self._rows(leaves)
        at_best, slope = rows[:, _VALUE], rows[:, -1]
        _, curvature = _Fit(data, at_best.exp()).expansion(rows[:, -1:])
        reach = _EBV_SIGMAS / curvature[:, 0, 0].clamp_min(_NEGLIGIBLE).sqrt()
        low = (leaves.ebv - reach).clamp_min(self._ebv_range[0])
        width = ((leaves.ebv + reach).clamp_max(self._ebv_range[1]) - low) / _EBV_STEPS
        ebv = low[:, None] + (torch.arange(_EBV_STEPS, device=self._device) + 0.5) * width[:, None]
        log_flux = torch.addcmul(at_best[:, None], (ebv - leaves.ebv[:, None])[..., None], slope[:, None])
        fit = _Fit(data, log_flux.flatten(0, 1).exp_())
        whole = self._half[leaves.index]
        place = self._centre[leaves.index] + whole * leaves.place
        half = torch.cat([whole * leaves.size, width[:, None] / 2], dim=1)
        centre = torch.cat([place[:, None].expand(-1, _EBV_STEPS, -1), ebv[..., None]], dim=2).flatten(0, 1).double()
        half = half[:, None].expand(-1, _EBV_STEPS, -1).flatten(0, 1).double()
        log_weight = fit.log_likelihood.double() + torch.log(8 * half.prod(dim=1))
        peak = log_weight.max()
        weight = (log_weight - peak).exp()
        total, best = weight.sum(), int(fit.chi2.argmin())
        kept = weight > _NEGLIGIBLE * total
        return Posterior(
            centre=centre[kept].cpu().numpy(),
            half_width=half[kept].cpu().numpy(),
            weight=(weight[kept] / weight[kept].sum()).cpu().numpy(),
            log_evidence=float(peak + total.log()) - math.log(self._volume),
            best=centre[best].cpu().numpy(),
            chi2=float(fit.chi2[best]),
            magnitude=ZERO_POINT - 2.5 * math.log10(max(float(fit.amplitude[best]) * unit, _NEGLIGIBLE)),
            n_bands=data.n_bands,
        )


_CORNERS = tuple(np.ndindex(2, 2))
_TERMS = torch.tensor([[1, 1, 1, 1], [-1, -1, 1, 1], [-1, 1, -1, 1], [1, -1, -1, 1]]) / 4
"""From the values at the corners to the coefficients of 1, x, y, xy."""


def _derivatives() -> Float32Array:
    """Return what turns the monomials of a polynomial, 1, x, y, xy times 1, e, e^2, into those of it and its slopes.

    Returns
    -------
    ndarray, shape (12, 4 * 12)
        From monomials; to the factors of each term in the value and in the slopes along x, y and e.
    """
    along_x, along_y, along_e = np.zeros((4, 4)), np.zeros((4, 4)), np.zeros((3, 3))
    along_x[0, 1] = along_x[2, 3] = along_y[0, 2] = along_y[1, 3] = along_e[0, 1] = 1
    along_e[1, 2] = 2
    place, dust = np.eye(4), np.eye(3)
    parts = np.kron(place, dust), np.kron(along_x, dust), np.kron(along_y, dust), np.kron(place, along_e)
    return np.concatenate(parts, axis=1).astype(np.float32)


_VALUE, _SLOPES = 0, slice(1, 4)
"""Of ln flux at the centre of a cell: rows of `ExactPosterior._rows`."""


@dataclass(frozen=True, eq=False)
class _Data:
    """Photometry in units of a typical error, shape (n_bands,); unusable bands have no inverse variance."""

    flux: torch.Tensor
    inverse_variance: torch.Tensor
    n_bands: int


class _Fit:
    """SEDs with the amplitude that fits best.

    Parameters
    ----------
    data : _Data
    flux : Tensor, shape (n, n_bands)
    """

    def __init__(self, data: _Data, flux: torch.Tensor) -> None:
        root = data.inverse_variance.sqrt()
        model = flux * root
        overlap = (model @ (data.flux * root)).clamp_min(0)
        length = torch.linalg.vector_norm(model, dim=1)
        self.significance: torch.Tensor = overlap / length
        self.amplitude = self.significance / length
        self._sed = model.mul_(self.amplitude[:, None])  # in sigmas
        self.residual = data.flux * root - self._sed
        self.chi2: torch.Tensor = torch.linalg.vecdot(self.residual, self.residual)

    @property
    def log_likelihood(self) -> torch.Tensor:
        """Integrated over the amplitude, but for a constant.

        With the prior uniform in magnitude, 1 / amplitude, it is exp(-chi2 / 2) times the relative width of the
        minimum. Below a S/N of 1 the error takes the amplitude's place.
        """
        return -0.5 * self.chi2 - torch.log(self.significance.clamp_min(1))

    def expansion(self, slopes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return how chi2 / 2 changes when ln flux does, whatever the amplitude.

        Parameters
        ----------
        slopes : Tensor, shape (n, n_slopes, n_bands)
            Of ln flux.

        Returns
        -------
        downhill : Tensor, shape (n, n_slopes)
            Minus the first derivatives.
        curvature : Tensor, shape (n, n_slopes, n_slopes)
            The second ones.
        """
        moved = slopes * self._sed[:, None]
        sides = torch.cat([moved, self._sed[:, None], self.residual[:, None]], dim=1)
        products = moved @ sides.transpose(1, 2)
        gram, common, downhill = torch.split(products, [slopes.shape[1], 1, 1], dim=2)
        total = torch.linalg.vecdot(self._sed, self._sed).clamp_min(_NEGLIGIBLE)[:, None, None]
        return downhill[..., 0], gram - common * common.transpose(1, 2) / total


def _fitted(cells: "_Cells", rows: torch.Tensor, data: _Data, ebv_range: tuple[float, float]) -> "_Cells":
    """Fit amplitude and E(B-V) of each cell at its centre, by one Gauss-Newton step.

    Parameters
    ----------
    rows : Tensor, shape (n, 4, n_bands)
        ln flux and its slopes along log_age, metallicity and E(B-V), at the centres.
    """
    fit = _Fit(data, rows[:, _VALUE].exp())
    slopes = rows[:, _SLOPES]
    slopes[:, :2] *= cells.size[..., None]
    downhill, gram = fit.expansion(slopes)
    with_dust, curvature = downhill[:, 2], gram[:, 2, 2].clamp_min(_NEGLIGIBLE)
    ebv = (cells.ebv + with_dust / curvature).clamp(*ebv_range)
    step = ebv - cells.ebv
    chi2 = (fit.chi2 - step * (2 * with_dust - step * curvature)).clamp_min(0)
    bend = -gram[:, :2, 2] / curvature[:, None]
    power = gram.diagonal(dim1=1, dim2=2)[:, :2] + bend * gram[:, :2, 2]
    radius = power.clamp_min(_NEGLIGIBLE).sqrt()
    extent = radius / _LEAF_RADIUS
    if chi2.min() > _POOR_CHI2 * data.n_bands:
        slope = downhill[:, :2] - gram[:, :2, 2] * step[:, None]
        extent = torch.maximum(extent, slope.abs() / _LEAF_SLOPE)
    return cells.fitted(torch.cat([ebv[:, None], chi2[:, None], radius, bend, extent], dim=1))


_CELL, _PLACE, _SIZE, _EBV, _CHI2 = 0, slice(1, 3), slice(3, 5), 5, 6
_RADIUS, _BEND, _EXTENT = slice(7, 9), slice(9, 11), slice(11, 13)


@dataclass(frozen=True, eq=False)
class _Cells:
    """Parts of cells of log_age and metallicity, and the population at the centre of each.

    Parameters
    ----------
    table : Tensor, shape (n, 13)
        All that follows in one array, so that some of them are taken, or several sets joined, at once.
    """

    table: torch.Tensor

    @classmethod
    def whole(cls, ebv: torch.Tensor) -> "_Cells":
        """Return whole cells, to be fitted from these E(B-V), shape (n,)."""
        table = torch.zeros(len(ebv), 13, device=ebv.device)
        table[:, _CELL] = torch.arange(len(ebv), device=ebv.device)
        table[:, _SIZE] = 1
        table[:, _EBV] = ebv
        return cls(table)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def index(self) -> torch.Tensor:
        """The cell, shape (n,)."""
        return self.table[:, _CELL].long()

    @property
    def place(self) -> torch.Tensor:
        """Centre of the part within the cell, -1 to 1, shape (n, 2)."""
        return self.table[:, _PLACE]

    @property
    def size(self) -> torch.Tensor:
        """Half the width of the part in the same unit, shape (n, 2)."""
        return self.table[:, _SIZE]

    @property
    def ebv(self) -> torch.Tensor:
        """The E(B-V) that fits best, shape (n,)."""
        return self.table[:, _EBV]

    @property
    def chi2(self) -> torch.Tensor:
        """chi2 of the population at the centre, shape (n,)."""
        return self.table[:, _CHI2]

    @property
    def radius(self) -> torch.Tensor:
        """By how many sigmas the colours move from the centre to the sides, whatever the dust, shape (n, 2)."""
        return self.table[:, _RADIUS]

    @property
    def extent(self) -> torch.Tensor:
        """Half the width of the part in units of what one leaf may span, shape (n, 2)."""
        return self.table[:, _EXTENT]

    def fitted(self, found: torch.Tensor) -> "_Cells":
        """Return them with what a fit found.

        Parameters
        ----------
        found : Tensor, shape (n, 8)
            ebv, chi2, radius (2), how the best E(B-V) changes from centre to sides (2), extent (2).
        """
        return _Cells(torch.cat([self.table[:, :_EBV], found], dim=1))

    def take(self, which: torch.Tensor) -> "_Cells":
        """Return some of them."""
        return _Cells(self.table[which])

    @staticmethod
    def joined(parts: Sequence["_Cells"]) -> "_Cells":
        """Return those of several sets as one."""
        return _Cells(torch.cat([part.table for part in parts]))

    def least_chi2(self) -> torch.Tensor:
        """Return what chi2 can be at the least anywhere within each part."""
        return (self.chi2.sqrt() - _SAFETY * self.radius.sum(dim=1)).clamp_min(0) ** 2

    def split(self) -> "_Cells":
        """Return halves along each parameter that is too wide; to be fitted anew."""
        table = self.table
        for axis in range(2):
            wide = table[:, _EXTENT.start + axis] > 1
            half = table[wide]
            half[:, _SIZE.start + axis] /= 2
            step = torch.zeros_like(half)
            step[:, _PLACE.start + axis] = half[:, _SIZE.start + axis]
            step[:, _EBV] = half[:, _BEND.start + axis] / 2
            table = torch.cat([table[~wide], half - step, half + step])
        return _Cells(table)
