"""An analytic fit of photometry with the colours of libraries: what the posterior network starts from."""

from typing import NamedTuple

import torch
from torch import nn

from jpas_gui.core.inference.colour_basis import ColourBasis

_FLOOR = 0.002
"""Relative error of the basis itself."""

_PRIOR_PRECISION = 0.1
"""Of coefficients, whose variance over the populations is 1."""

_N_REFINED = 6
"""So many cells are compared without loss of digits."""

_SMALL = 1e-6


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


class ColourFitter(nn.Module):
    """Fits galaxies with a `ColourBasis`; nothing in it is learned.

    Parameters
    ----------
    n_redshifts, n_bands, n_components, n_cells : int
        Sizes; the numbers come with the state of the module.
    """

    redshift_range: torch.Tensor
    ebv_range: torch.Tensor
    basis_mean: torch.Tensor
    design: torch.Tensor
    cell_centre: torch.Tensor
    cell_half: torch.Tensor
    cell_terms: torch.Tensor
    _pairs: torch.Tensor
    _pair_weight: torch.Tensor

    def __init__(self, n_redshifts: int, n_bands: int, n_components: int, n_cells: int) -> None:
        super().__init__()
        self.register_buffer("redshift_range", torch.zeros(2))
        self.register_buffer("ebv_range", torch.tensor([0.0, 1.0]))
        self.register_buffer("basis_mean", torch.zeros(n_redshifts, n_bands))
        self.register_buffer("design", torch.ones(n_redshifts, n_bands, 1 + n_components))  # the amplitude comes first
        self.register_buffer("cell_centre", torch.zeros(n_cells, 2))
        self.register_buffer("cell_half", torch.ones(n_cells, 2))
        self.register_buffer("cell_terms", torch.zeros(n_cells, 4, n_components))
        rows, columns = torch.triu_indices(n_components, n_components)
        self.register_buffer("_pairs", rows * n_components + columns, persistent=False)
        self.register_buffer("_pair_weight", torch.where(rows == columns, 1.0, 2.0), persistent=False)
        self._prepared: tuple[torch.Tensor, torch.Tensor] | None = None

    def set_basis(self, basis: ColourBasis) -> None:
        """Put the numbers of a basis in place."""
        self.redshift_range.copy_(torch.from_numpy(basis.redshift[[0, -1]]))
        self.basis_mean.copy_(torch.from_numpy(basis.mean))
        self.design[..., 1:].copy_(torch.from_numpy(basis.components))
        self.cell_centre.copy_(torch.from_numpy(basis.cells.centre))
        self.cell_half.copy_(torch.from_numpy(basis.cells.half_width))
        self.cell_terms.copy_(torch.from_numpy(basis.cells.terms))
        self._prepared = None

    def forward(self, flux: torch.Tensor, error: torch.Tensor, mask: torch.Tensor, redshift: torch.Tensor) -> ColourFit:
        """Fit.

        Parameters
        ----------
        flux, error, mask : Tensor, shape (n, n_bands)
            Flux and error in one unit, of order 1; positive errors everywhere, mask 1 where a band counts, else 0.
        redshift : Tensor, shape (n,)
        """
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
        """Return the mean and the design at the nearest redshift of the basis."""
        low, high = self.redshift_range
        last = len(self.basis_mean) - 1
        place = (redshift - low) / (high - low).clamp_min(_SMALL) * last
        index = place.round().long().clamp(0, last)
        return self.basis_mean[index], self.design[index]

    def _solve(self, design: torch.Tensor, value: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        weighted = design * weight[..., None]
        normal = design.transpose(1, 2) @ weighted + self._prior(design)
        right = (weighted * value[..., None]).sum(1)
        return torch.cholesky_solve(right[..., None], torch.linalg.cholesky(normal))[..., 0]

    def _prior(self, design: torch.Tensor) -> torch.Tensor:
        diagonal = torch.full((design.shape[2],), _PRIOR_PRECISION, device=design.device)
        diagonal[0] = _SMALL
        return torch.diag(diagonal)

    def _normal(
        self, design: torch.Tensor, value: torch.Tensor, weight: torch.Tensor
    ) -> tuple[_Quadratic, torch.Tensor, torch.Tensor]:
        weighted = design * weight[..., None]
        normal = design.transpose(1, 2) @ weighted
        right = (weighted * value[..., None]).sum(1)
        factor = torch.linalg.cholesky(normal + self._prior(design))
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
        products, vectors = self._prepare()
        n_cells = len(self.cell_terms)
        flat = quadratic.curvature.flatten(1)[:, self._pairs]
        pairs = (flat @ products).view(len(flat), 10, n_cells).unbind(1)
        lines = (quadratic.linear @ vectors).view(len(flat), 4, n_cells).unbind(1)
        solution, chi2 = self._solve_cells(pairs, lines)
        mean, mean_factor = self._moments(solution, chi2)
        best, best_factor, least = self._refine(quadratic, coefficients, chi2)
        return ColourFit(coefficients, variance.sqrt(), misfit, best, best_factor, mean, mean_factor, least)

    def _prepare(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the products of the terms of each cell, for c G c, and the terms, for h c."""
        if self._prepared is None or self._prepared[0].device != self.cell_terms.device:
            terms = self.cell_terms
            products = []
            for one, other in _TERM_PAIRS:
                outer = terms[:, one, :, None] * terms[:, other, None, :]
                outer = (outer + outer.transpose(1, 2)) / 2
                products.append((outer.flatten(1)[:, self._pairs] * self._pair_weight).T)
            self._prepared = torch.cat(products, dim=1).contiguous(), terms.permute(2, 1, 0).flatten(1).contiguous()
        return self._prepared

    def _solve_cells(
        self, pairs: tuple[torch.Tensor, ...], lines: tuple[torch.Tensor, ...]
    ) -> tuple[tuple[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]:
        """Return the best place and E(B-V) within each cell, and chi2 there but for a constant.

        Parameters
        ----------
        pairs, lines : tuple of Tensor, shape (n, n_cells) each
            The products in the order of `_TERM_PAIRS`, and those with `linear`.
        """
        cc, ca, cm, cd, aa, am, ad, mm, md, dd = pairs
        hc, ha, hm, hd = lines
        low, high = self.ebv_range
        a, m, d = ha - ca, hm - cm, hd - cd
        tiny = _SMALL * (aa + mm + dd) + _SMALL
        aa, mm, dd = aa + tiny, mm + tiny, dd + tiny
        # Without the dust, then without the metallicity: the Schur complements.
        aa_, am_, mm_ = aa - ad * ad / dd, am - ad * md / dd, mm - md * md / dd
        a_, m_ = a - ad * d / dd, m - md * d / dd
        determinant = (aa_ * mm_ - am_ * am_).clamp_min(1e-12)
        x = ((mm_ * a_ - am_ * m_) / determinant).clamp(-1, 1)
        y = ((m_ - am_ * x) / mm_.clamp_min(1e-12)).clamp(-1, 1)
        e = ((d - ad * x - md * y) / dd).clamp(low, high)
        x = ((a - am * y - ad * e) / aa).clamp(-1, 1)
        e = ((d - ad * x - md * y) / dd).clamp(low, high)
        chi2 = (
            cc
            - 2 * hc
            - 2 * (a * x + m * y + d * e)
            + aa * x * x
            + mm * y * y
            + dd * e * e
            + 2 * (am * x * y + ad * x * e + md * y * e)
        )
        return (x, y, e), chi2

    def _moments(
        self, solution: tuple[torch.Tensor, torch.Tensor, torch.Tensor], chi2: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        x, y, e = solution
        area = self.cell_half.log().sum(1)
        weight = torch.softmax(area - 0.5 * (chi2 - chi2.min(dim=1, keepdim=True).values).clamp_max(200), dim=1)
        place = torch.stack(
            [
                self.cell_centre[:, 0] + self.cell_half[:, 0] * x,
                self.cell_centre[:, 1] + self.cell_half[:, 1] * y,
                e,
            ],
            dim=1,
        )
        mean = (place * weight[:, None]).sum(2)
        offset = place - mean[:, :, None]
        covariance = (offset * weight[:, None]) @ offset.transpose(1, 2)
        inside = weight @ (self.cell_half**2 / 12)
        spread = torch.cat([inside, torch.full_like(inside[:, :1], 1e-4)], dim=1) + 1e-6
        return mean, torch.linalg.cholesky(covariance + torch.diag_embed(spread))

    def _refine(
        self, quadratic: _Quadratic, coefficients: torch.Tensor, chi2: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the nearest SED among the best cells, its Cholesky factor and chi2, from differences to the fit."""
        few = min(_N_REFINED, chi2.shape[1])
        chosen = chi2.topk(few, dim=1, largest=False).indices
        terms = self.cell_terms[chosen].clone()  # (n, few, 4, k)
        terms[:, :, 0] -= coefficients[:, None]
        bent = terms @ quadratic.curvature[:, None]
        gram = bent @ terms.transpose(2, 3)
        residual = quadratic.linear - (quadratic.curvature @ coefficients[..., None])[..., 0]
        along = (terms @ residual[:, None, :, None])[..., 0]
        pairs = tuple(gram[..., one, other] for one, other in _TERM_PAIRS)
        (x, y, e), least = self._solve_cells(pairs, along.unbind(2))
        value, first = least.min(dim=1)
        rows = torch.arange(len(first), device=first.device)
        cell = chosen[rows, first]
        place = torch.stack([x[rows, first], y[rows, first]], dim=1)
        half = self.cell_half[cell]
        best = torch.cat([self.cell_centre[cell] + half * place, e[rows, first][:, None]], dim=1)
        unit = torch.cat([half, torch.ones_like(half[:, :1])], dim=1)
        precision = gram[rows, first][:, 1:, 1:] / (unit[:, :, None] * unit[:, None])
        prior = torch.diag_embed(_SMALL * torch.diagonal(precision, dim1=1, dim2=2) + 1.0)
        return best, _factor_of_inverse(precision + prior), value


_TERM_PAIRS = ((0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3))


def _softened(
    flux: torch.Tensor, error: torch.Tensor, mask: torch.Tensor, mean: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ln flux, defined for any flux, and its weight."""
    value = torch.asinh(flux / (2 * error)) + error.log()
    significance = (flux / error).clamp_min(1.0)
    return value - mean, mask / (significance**-2 + _FLOOR**2)


def _factor_of_inverse(matrix: torch.Tensor) -> torch.Tensor:
    """Return the lower Cholesky factor of the inverse."""
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(matrix))
    factor: torch.Tensor = torch.linalg.cholesky((inverse + inverse.transpose(1, 2)) / 2)
    return factor
