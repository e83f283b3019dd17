"""An analytic fit of photometry with the colours of libraries: what the posterior network starts from."""

from typing import NamedTuple

import torch
from torch import nn

from jpas_gui.core.inference.cell_posterior import (
    TERM_PAIRS,
    CellFits,
    moments,
    points_of_best,
    points_within,
    solved,
)
from jpas_gui.core.inference.colour_basis import ColourBasis

_FLOOR = 0.0005
"""Relative error of the basis itself."""

_PRIOR_PRECISION = 0.1
"""Of coefficients, whose variance over the populations is 1."""

_N_REFINED = 16
"""So many blocks are looked at cell by cell."""

_N_TWISTED = 8
"""In so many cells the slopes with log_age are those at the best metallicity, and the other way round."""

_SHARE = 0.3
"""Blocks that may all hold the best SED, as far as they bend, are ranked by this part of chi2 at their own."""

_CHUNK = 128
"""Galaxies that are fitted at once on a processor: what they need fits its cache."""

_LEAST_VARIANCE = (1e-6, 1e-6, 1e-7)
"""Of log_age, metallicity and ebv."""

_SMALL = 1e-6
_LOADING = 3e-5


class ColourFit(NamedTuple):
    """What the fit says, n galaxies.

    Parameters
    ----------
    coefficients, coefficient_error : Tensor, shape (n, n_components)
        Of the basis, whatever the population.
    misfit : Tensor, shape (n,)
        chi2 of the basis per band.
    best, best_factor : Tensor, shape (n, 3), (n, 3, 3)
        log_age, metallicity and ebv of the nearest SED, and the Cholesky factor of their covariance there.
    mean, mean_factor : Tensor, shape (n, 3), (n, 3, 3)
        Mean of the posterior over cells, and the Cholesky factor of its covariance.
    chi2 : Tensor, shape (n,)
        Of the nearest SED, beyond that of the basis.
    """

    coefficients: torch.Tensor
    coefficient_error: torch.Tensor
    misfit: torch.Tensor
    best: torch.Tensor
    best_factor: torch.Tensor
    mean: torch.Tensor
    mean_factor: torch.Tensor
    chi2: torch.Tensor


class _Quadratic(NamedTuple):
    """chi2 as a function of coefficients: c G c - 2 h c, the amplitude solved for."""

    curvature: torch.Tensor
    linear: torch.Tensor


class _Centre(NamedTuple):
    """chi2 around the coefficients of the fit.

    Parameters
    ----------
    curvature : Tensor, shape (n, k, k)
    residual : Tensor, shape (n, k)
        What is left of the linear term there.
    coefficients : Tensor, shape (n, k)
    """

    curvature: torch.Tensor
    residual: torch.Tensor
    coefficients: torch.Tensor


class ColourFitter(nn.Module):
    """Fits galaxies with a `ColourBasis`; nothing in it is learned.

    Parameters
    ----------
    n_redshifts, n_bands, n_components, n_blocks, n_cells : int
        Sizes, `n_cells` that of each block; the numbers come with the state of the module.
    """

    redshift_range: torch.Tensor
    ebv_range: torch.Tensor
    basis_mean: torch.Tensor
    design: torch.Tensor
    block_centre: torch.Tensor
    block_half: torch.Tensor
    block_terms: torch.Tensor
    cell_centre: torch.Tensor
    cell_half: torch.Tensor
    cell_terms: torch.Tensor
    cell_twist: torch.Tensor
    _pairs: torch.Tensor
    _pair_weight: torch.Tensor

    def __init__(self, n_redshifts: int, n_bands: int, n_components: int, n_blocks: int, n_cells: int) -> None:
        super().__init__()
        self.register_buffer("redshift_range", torch.zeros(2))
        self.register_buffer("ebv_range", torch.tensor([0.0, 1.0]))
        self.register_buffer("basis_mean", torch.zeros(n_redshifts, n_bands))
        self.register_buffer("design", torch.ones(n_redshifts, n_bands, 1 + n_components))  # the amplitude comes first
        for name, shape in (("block", (n_blocks,)), ("cell", (n_blocks, n_cells))):
            self.register_buffer(f"{name}_centre", torch.zeros(*shape, 2))
            self.register_buffer(f"{name}_half", torch.ones(*shape, 2))
            self.register_buffer(f"{name}_terms", torch.zeros(*shape, 4, n_components))
        self.register_buffer("cell_twist", torch.zeros(n_blocks, n_cells, n_components))
        rows, columns = torch.triu_indices(n_components, n_components)
        self.register_buffer("_pairs", rows * n_components + columns, persistent=False)
        self.register_buffer("_pair_weight", torch.where(rows == columns, 1.0, 2.0), persistent=False)
        self._prepared: tuple[torch.Tensor, torch.Tensor] | None = None

    def set_basis(self, basis: ColourBasis) -> None:
        """Put the numbers of a basis in place."""
        self.redshift_range.copy_(torch.from_numpy(basis.redshift[[0, -1]]))
        self.basis_mean.copy_(torch.from_numpy(basis.mean))
        self.design[..., 1:].copy_(torch.from_numpy(basis.components))
        for name, cells in (("block", basis.blocks), ("cell", basis.cells)):
            getattr(self, f"{name}_centre").copy_(torch.from_numpy(cells.centre))
            getattr(self, f"{name}_half").copy_(torch.from_numpy(cells.half_width))
            getattr(self, f"{name}_terms").copy_(torch.from_numpy(cells.terms))
        self.cell_twist.copy_(torch.from_numpy(basis.cells.twist))
        self._prepared = None

    def forward(self, flux: torch.Tensor, error: torch.Tensor, mask: torch.Tensor, redshift: torch.Tensor) -> ColourFit:
        """Fit.

        Parameters
        ----------
        flux, error, mask : Tensor, shape (n, n_bands)
            Flux and error in one unit, of order 1; positive errors everywhere, mask 1 where a band counts, else 0.
        redshift : Tensor, shape (n,)
        """
        whole = flux, error, mask, redshift
        if flux.device.type != "cpu" or len(flux) <= _CHUNK:
            return self._fit(*whole)
        parts = [self._fit(*part) for part in zip(*(torch.split(values, _CHUNK) for values in whole), strict=True)]
        return ColourFit(*(torch.cat(values) for values in zip(*parts, strict=True)))

    def _fit(self, flux: torch.Tensor, error: torch.Tensor, mask: torch.Tensor, redshift: torch.Tensor) -> ColourFit:
        mean, design = self._at_redshift(redshift)
        first = self._solve(design, *_softened(flux, error, mask, mean))
        # Once more around the fit: noise then enters linearly and the weights do not follow it.
        log_flux = (mean + (design @ first[..., None])[..., 0]).clamp(-12, 12)
        model = log_flux.exp()
        weight = mask / ((error / model) ** 2 + _FLOOR**2)
        value = log_flux - mean + (flux - model) / model
        quadratic, solved, covariance = self._normal(design, value, weight)
        misfit = (weight * (value - (design @ solved[..., None])[..., 0]) ** 2).sum(1) / mask.sum(1).clamp_min(1)
        return self._populations(quadratic, solved[:, 1:], covariance, misfit)

    def _at_redshift(self, redshift: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the mean and the design at each redshift."""
        low, high = self.redshift_range
        last = len(self.basis_mean) - 1
        place = (redshift - low) / (high - low).clamp_min(_SMALL) * last
        index = place.floor().long().clamp(0, last)
        following = (index + 1).clamp_max(last)
        part = (place - index)[:, None].clamp(0, 1)
        mean = torch.lerp(self.basis_mean[index], self.basis_mean[following], part)
        return mean, torch.lerp(self.design[index], self.design[following], part[..., None])

    def _solve(self, design: torch.Tensor, value: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        weighted = design * weight[..., None]
        normal = design.transpose(1, 2) @ weighted + self._prior(design)
        right = (weighted * value[..., None]).sum(1)
        return torch.cholesky_solve(right[..., None], _cholesky(normal))[..., 0]

    def _prior(self, design: torch.Tensor) -> torch.Tensor:
        diagonal = torch.full((design.shape[2],), _PRIOR_PRECISION, dtype=design.dtype, device=design.device)
        diagonal[0] = _SMALL
        return torch.diag(diagonal)

    def _normal(
        self, design: torch.Tensor, value: torch.Tensor, weight: torch.Tensor
    ) -> tuple[_Quadratic, torch.Tensor, torch.Tensor]:
        weighted = design * weight[..., None]
        normal = design.transpose(1, 2) @ weighted
        right = (weighted * value[..., None]).sum(1)
        factor = _cholesky(normal + self._prior(design))
        solved = torch.cholesky_solve(right[..., None], factor)[..., 0]
        # Variance given all later coefficients: cheap, and what tells bright from faint.
        variance = torch.diagonal(factor, dim1=1, dim2=2)[:, 1:] ** -2
        amplitude = normal[:, 0, 0].clamp_min(_SMALL)
        mixed = normal[:, 0, 1:]
        curvature = normal[:, 1:, 1:] - mixed[:, :, None] * mixed[:, None] / amplitude[:, None, None]
        linear = right[:, 1:] - mixed * (right[:, :1] / amplitude[:, None])
        return _Quadratic(curvature, linear), solved, variance

    def _populations(
        self, quadratic: _Quadratic, coefficients: torch.Tensor, variance: torch.Tensor, misfit: torch.Tensor
    ) -> ColourFit:
        """Compare all blocks, and those that fit best cell by cell."""
        low, high = self.ebv_range.tolist()
        blocks, bend = self._solved_blocks(quadratic, (low, high))
        # chi2 of the cells is that beyond the fit, chi2 of the blocks is not.
        bent = (quadratic.curvature @ coefficients[..., None])[..., 0]
        of_fit = ((bent - 2 * quadratic.linear) * coefficients).sum(1, keepdim=True)
        beyond = (blocks.chi2 - of_fit).clamp_min(0)
        least_chi2 = (beyond.sqrt() - bend.clamp_min(0).sqrt()).clamp_min(0) ** 2
        few = min(_N_REFINED, len(self.block_terms))
        chosen = (least_chi2 + _SHARE * beyond).topk(few, dim=1, largest=False).indices
        fit = _Centre(quadratic.curvature, quadratic.linear - bent, coefficients)
        near, flat = self._cells_of(chosen, fit, (low, high))
        best, best_factor, least = _best(near)
        rest = blocks._replace(chi2=beyond.scatter(1, chosen, torch.inf))
        parts = points_within(near, (low, high)), points_within(flat, (low, high)), points_of_best(rest, (low, high))
        mean, covariance = moments(parts)
        floor = torch.diag(covariance.new_tensor(_LEAST_VARIANCE))
        mean_factor = _cholesky(covariance + floor)
        return ColourFit(coefficients, variance.sqrt(), misfit, best, best_factor, mean, mean_factor, least)

    def _solved_blocks(self, quadratic: _Quadratic, ebv_range: tuple[float, float]) -> tuple[CellFits, torch.Tensor]:
        products, vectors = self._prepare()
        n_blocks = len(self.block_terms)
        flat = quadratic.curvature.flatten(1)[:, self._pairs]
        *pairs, bend = (flat @ products).view(len(flat), len(TERM_PAIRS) + 1, n_blocks).unbind(1)
        lines = (quadratic.linear @ vectors).view(len(flat), 4, n_blocks).unbind(1)
        return solved(tuple(pairs), lines, self.block_centre, self.block_half, ebv_range), bend

    def _cells_of(
        self, blocks: torch.Tensor, fit: "_Centre", ebv_range: tuple[float, float]
    ) -> tuple[CellFits, CellFits]:
        """Solve the cells of some blocks.

        Returns
        -------
        CellFits, CellFits
            Those that fit best, bilinear around their best SED; and all, as planes, the former ones of no width.
        """
        # Whole rows at once: several times faster than by an index in brackets.
        gathered = self.cell_terms.index_select(0, blocks.flatten()).view(*blocks.shape, *self.cell_terms.shape[1:])
        terms = gathered.flatten(1, 2)  # (n, n_cells, 4, k)
        terms[:, :, 0] -= fit.coefficients[:, None]
        centre, half = self.cell_centre[blocks].flatten(1, 2), self.cell_half[blocks].flatten(1, 2)
        flat = _solved_cells(fit, terms, centre, half, ebv_range)
        value = torch.where(half[..., 0] > 0, flat.chi2, torch.inf)
        nearest = value.topk(min(_N_TWISTED, value.shape[1]), dim=1, largest=False).indices
        rows = torch.arange(len(nearest), device=nearest.device)[:, None]
        x, y = (place[rows, nearest][..., None] for place in flat.place[:2])
        size = self.cell_twist.shape[1]
        twist = self.cell_twist[blocks.gather(1, nearest // size), nearest % size]
        offset, with_age, with_met, with_dust = terms[rows, nearest].unbind(2)
        around = torch.stack([offset - x * y * twist, with_age + y * twist, with_met + x * twist, with_dust], dim=2)
        near = _solved_cells(fit, around, centre[rows, nearest], half[rows, nearest], ebv_range)
        half[rows, nearest] = 0
        return near, flat._replace(half=half)

    def _prepare(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the products of the terms of each block, and of its bend, for c G c, and the terms, for h c."""
        terms = self.block_terms
        kept = self._prepared and (self._prepared[0].device, self._prepared[0].dtype)
        if self._prepared is None or kept != (terms.device, terms.dtype):
            parts = [(terms[:, one], terms[:, other]) for one, other in TERM_PAIRS]
            bend = self._bend()
            products = []
            for one, other in [*parts, (bend, bend)]:
                outer = one[:, :, None] * other[:, None]
                outer = (outer + outer.transpose(1, 2)) / 2
                products.append((outer.flatten(1)[:, self._pairs] * self._pair_weight).T)
            self._prepared = torch.cat(products, dim=1).contiguous(), terms.permute(2, 1, 0).flatten(1).contiguous()
        return self._prepared

    def _bend(self) -> torch.Tensor:
        """Return by how much the coefficients of one cell in each block are off its plane, shape (n_blocks, k)."""
        place = (self.cell_centre - self.block_centre[:, None]) / self.block_half[:, None]
        plane = self.block_terms[:, None, 0] + (place[..., None] * self.block_terms[:, None, 1:3]).sum(2)
        off = self.cell_terms[:, :, 0] - plane
        worst = off.square().sum(2).argmax(1)
        return off[torch.arange(len(off), device=off.device), worst]


def _solved_cells(
    fit: "_Centre", terms: torch.Tensor, centre: torch.Tensor, half: torch.Tensor, ebv_range: tuple[float, float]
) -> CellFits:
    """Solve cells from terms, shape (n, n_cells, 4, k), relative to the coefficients of the fit: no digits are lost."""
    rows = terms.flatten(1, 2)
    bent = (rows @ fit.curvature).view_as(terms)
    products = terms @ bent.transpose(2, 3)
    pairs = tuple(products[..., one, other].contiguous() for one, other in TERM_PAIRS)
    lines = (rows @ fit.residual[..., None]).view(*terms.shape[:3]).unbind(2)
    return solved(pairs, lines, centre, half, ebv_range)


def _best(cells: CellFits) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the nearest SED of all cells, its Cholesky factor and its chi2."""
    rows = torch.arange(len(cells.chi2), device=cells.chi2.device)
    value, cell = torch.where(cells.half[..., 0] > 0, cells.chi2, torch.inf).min(dim=1)
    x, y, e = (place[rows, cell] for place in cells.place)
    half = cells.half[rows, cell]
    best = torch.cat([cells.centre[rows, cell] + half * torch.stack([x, y], dim=1), e[:, None]], dim=1)
    aa, am, ad, mm, md, dd = (values[rows, cell] for values in cells.precision)
    precision = torch.stack([aa, am, ad, am, mm, md, ad, md, dd], dim=1).view(-1, 3, 3)
    unit = torch.cat([half, torch.ones_like(half[:, :1])], dim=1)
    precision = precision / (unit[:, :, None] * unit[:, None])
    prior = torch.diag_embed(_SMALL * torch.diagonal(precision, dim1=1, dim2=2) + 1.0)
    return best, _factor_of_inverse(precision + prior), value


def _softened(
    flux: torch.Tensor, error: torch.Tensor, mask: torch.Tensor, mean: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ln flux, defined for any flux, and its weight."""
    value = torch.asinh(flux / (2 * error)) + error.log()
    significance = (flux / error).clamp_min(1.0)
    return value - mean, mask / (significance**-2 + _FLOOR**2)


def _cholesky(matrix: torch.Tensor) -> torch.Tensor:
    """Return the lower Cholesky factor, of a matrix a little larger where single precision makes it indefinite."""
    factor: torch.Tensor
    factor, failed = torch.linalg.cholesky_ex(matrix)
    if failed.any():
        loaded = matrix + torch.diag_embed(_LOADING * torch.diagonal(matrix, dim1=1, dim2=2))
        factor = torch.where((failed > 0)[:, None, None], torch.linalg.cholesky_ex(loaded).L, factor)
    return factor


def _factor_of_inverse(matrix: torch.Tensor) -> torch.Tensor:
    """Return the lower Cholesky factor of the inverse."""
    inverse = torch.cholesky_inverse(_cholesky(matrix))
    factor: torch.Tensor = _cholesky((inverse + inverse.transpose(1, 2)) / 2)
    return factor
