"""The posterior within cells of log_age and metallicity, in which the colours are linear in all three parameters."""

import math
from typing import NamedTuple

import torch

TERM_PAIRS = ((0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3))
"""Which products of terms `solved` is given: centre, log_age, metallicity, E(B-V)."""

_SMALL = 1e-6
_TINY = 1e-12
_FULL = math.sqrt(2 * math.pi)

_N_AGES, _REACH = 4, 2.8
"""A cell is summed over so many ages, up to so many sigmas from the best one."""


class CellFits(NamedTuple):
    """Cells and the SED in each that fits best, n galaxies.

    Parameters
    ----------
    centre, half : Tensor, shape (n_cells, 2) or (n, n_cells, 2)
        log_age and metallicity of the cell, and half its width. A cell of no width holds no probability.
    place : tuple of Tensor, shape (n, n_cells) each
        Of the best SED: log_age and metallicity within the cell, -1 to 1, and E(B-V).
    chi2 : Tensor, shape (n, n_cells)
    slope : tuple of Tensor, shape (n, n_cells) each
        Half the slope of -chi2 in each of the three, at the centre without dust.
    precision : tuple of Tensor, shape (n, n_cells) each
        Half the second derivatives: age-age, age-met, age-dust, met-met, met-dust, dust-dust.
    at_centre : Tensor, shape (n, n_cells)
        chi2 at the centre without dust.
    """

    centre: torch.Tensor
    half: torch.Tensor
    place: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
    chi2: torch.Tensor
    slope: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
    precision: tuple[torch.Tensor, ...]
    at_centre: torch.Tensor


def solved(
    pairs: tuple[torch.Tensor, ...],
    lines: tuple[torch.Tensor, ...],
    centre: torch.Tensor,
    half: torch.Tensor,
    ebv_range: tuple[float, float],
) -> CellFits:
    """Find the best SED of each cell.

    Parameters
    ----------
    pairs : tuple of Tensor, shape (n, n_cells) each
        Products of the terms of a cell, as `TERM_PAIRS` has them: c G c.
    lines : tuple of Tensor, shape (n, n_cells) each
        h c, for each term.
    centre, half : Tensor
        As `CellFits` has them.
    ebv_range : tuple of float
    """
    cc, ca, cm, cd, aa, am, ad, mm, md, dd = pairs
    hc, ha, hm, hd = lines
    a, m, d = ha - ca, hm - cm, hd - cd
    # Of each by itself: a share of the largest would outweigh what is left of the others.
    aa, mm, dd = (values * (1 + _SMALL) + _SMALL for values in (aa, mm, dd))
    # Without the dust, then without the metallicity: the Schur complements.
    aa_, am_, mm_ = aa - ad * ad / dd, am - ad * md / dd, (mm - md * md / dd).clamp_min(_TINY)
    a_, m_ = a - ad * d / dd, m - md * d / dd
    x = ((a_ - am_ * m_ / mm_) / (aa_ - am_ * am_ / mm_).clamp_min(_TINY)).clamp(-1, 1)
    y = ((m_ - am_ * x) / mm_).clamp(-1, 1)
    e = ((d - ad * x - md * y) / dd).clamp(*ebv_range)
    x = ((a - am * y - ad * e) / aa).clamp(-1, 1)
    e = ((d - ad * x - md * y) / dd).clamp(*ebv_range)
    slope, precision, at_centre = (a, m, d), (aa, am, ad, mm, md, dd), cc - 2 * hc
    chi2 = _chi2(at_centre, slope, precision, (x, y, e))
    return CellFits(centre, half, (x, y, e), chi2, slope, precision, at_centre)


def _chi2(
    at_centre: torch.Tensor,
    slope: tuple[torch.Tensor, ...],
    precision: tuple[torch.Tensor, ...],
    place: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    a, m, d = slope
    aa, am, ad, mm, md, dd = precision
    x, y, e = place
    bent = x * (aa * x + 2 * (am * y + ad * e)) + y * (mm * y + 2 * md * e) + dd * e * e
    return at_centre + bent - 2 * (a * x + m * y + d * e)


class Points(NamedTuple):
    """Populations that stand for the posterior, m for each of n galaxies.

    Parameters
    ----------
    log_weight : Tensor, shape (n, m)
    parameters : Tensor, shape (n, 3, m)
    variance : Tensor, shape (n, 2, m)
        Of metallicity and of E(B-V) at that metallicity, around each point.
    bend : Tensor, shape (n, m)
        How E(B-V) changes with metallicity around each point.
    """

    log_weight: torch.Tensor
    parameters: torch.Tensor
    variance: torch.Tensor
    bend: torch.Tensor


def points_within(cells: CellFits, ebv_range: tuple[float, float]) -> Points:
    """Return points within each cell: several ages, each with the metallicity and E(B-V) that fit it best."""
    slope, precision = (tuple(values[..., None] for values in part) for part in (cells.slope, cells.precision))
    at_centre = cells.at_centre[..., None]
    _, m, d = slope
    aa, am, ad, mm, md, dd = precision
    mm_, am_, m_ = (mm - md * md / dd).clamp_min(_TINY), am - ad * md / dd, m - md * d / dd
    sigma = (aa - ad * ad / dd - am_ * am_ / mm_).clamp_min(_TINY).rsqrt()
    best = cells.place[0][..., None]
    low, high = (best - _REACH * sigma).clamp_min(-1), (best + _REACH * sigma).clamp_max(1)
    step = (high - low) / _N_AGES
    x = low + step * (torch.arange(_N_AGES, device=step.device) + 0.5)
    y_free = (m_ - am_ * x) / mm_
    y = y_free.clamp(-1, 1)
    e_free = (d - ad * x - md * y) / dd
    e = e_free.clamp(*ebv_range)
    width = step * _width(y_free, y, mm_, -1, 1) * _width(e_free, e, dd, *ebv_range)
    half_age, half_met = cells.half[..., 0, None], cells.half[..., 1, None]
    log_weight = (width * half_age * half_met).log() - 0.5 * _chi2(at_centre, slope, precision, (x, y, e))
    age = cells.centre[..., 0, None] + half_age * x
    met = cells.centre[..., 1, None] + half_met * y
    variance = torch.stack([half_met**2 / (mm_ + 3).expand_as(x), 1 / (dd + 12).expand_as(x)], dim=1)
    bend = (-md / dd / half_met.clamp_min(_SMALL)).expand_as(x)
    return Points(
        log_weight.flatten(1), torch.stack([age, met, e], dim=1).flatten(2), variance.flatten(2), bend.flatten(1)
    )


def _width(free: torch.Tensor, held: torch.Tensor, precision: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """Return the integral of a Gaussian between two limits, over its height where it is held, to some percent."""
    root = precision.sqrt()
    outside = root * (free - held).abs()
    # 1.702: the logistic function is then the cumulative normal one, to 1 %.
    inside = torch.sigmoid(1.702 * root * (high - held)) - torch.sigmoid(1.702 * root * (low - held))
    return (_FULL / root * inside / (1 + 1.2533 * outside)).clamp_max(high - low)


def points_of_best(cells: CellFits, ebv_range: tuple[float, float]) -> Points:
    """Return one point for each cell: its best SED."""
    aa, _, _, mm, _, dd = cells.precision
    low, high = ebv_range
    widths = [(_FULL / values.sqrt()).clamp_max(most) for values, most in ((aa, 2), (mm, 2), (dd, high - low))]
    log_weight = (widths[0] * widths[1] * widths[2] * cells.half[..., 0] * cells.half[..., 1]).log() - 0.5 * cells.chi2
    x, y, e = cells.place
    age = cells.centre[..., 0] + cells.half[..., 0] * x
    met = cells.centre[..., 1] + cells.half[..., 1] * y
    variance = torch.stack([(cells.half[..., 1] ** 2 / 3).expand_as(x), torch.full_like(x, 1e-4)], dim=1)
    return Points(log_weight, torch.stack([age, met, e], dim=1), variance, torch.zeros_like(x))


def moments(parts: tuple[Points, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the mean, shape (n, 3), and the covariance, shape (n, 3, 3), of all points."""
    log_weight, parameters, variance, bend = (torch.cat(values, dim=-1) for values in zip(*parts, strict=True))
    weight = torch.softmax(log_weight, dim=1)
    mean = (parameters * weight[:, None]).sum(2)
    offset = parameters - mean[:, :, None]
    covariance = (offset * weight[:, None]) @ offset.transpose(1, 2)
    met = (weight * variance[:, 0]).sum(1)
    both = (weight * variance[:, 0] * bend).sum(1)
    ebv = (weight * (variance[:, 1] + variance[:, 0] * bend**2)).sum(1)
    covariance[:, 1, 1] += met
    covariance[:, 1, 2] += both
    covariance[:, 2, 1] += both
    covariance[:, 2, 2] += ebv
    return mean, covariance
