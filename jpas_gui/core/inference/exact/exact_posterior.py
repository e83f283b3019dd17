"""The exact posterior of one galaxy: the likelihood of every population of a library."""

import numpy as np
import torch

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.inference.band_grid import BandGrid
from jpas_gui.core.inference.exact.cell_fluxes import CellFluxes
from jpas_gui.core.inference.exact.density import posterior_of
from jpas_gui.core.inference.exact.dust_lines import DustLines
from jpas_gui.core.inference.exact.measurement import Measurement
from jpas_gui.core.inference.exact.posterior import Posterior
from jpas_gui.core.inference.exact.search import Search


class ExactPosterior:
    """Posteriors under one library at one redshift.

    The prior is uniform in log_age, metallicity and ebv over the cells of the grid that have models, and uniform in
    magnitude. The likelihood is Gaussian in flux. The amplitude is solved for analytically: chi2 at its minimum, and
    the width of the minimum.

    Degeneracies are long and thin, and a fixed grid fine enough for a high S/N would be huge. So boxes of the three
    parameters are cut until they are as small as the errors ask for; those that cannot hold the best population, and
    whose chi2 is far from its, are dropped (branch and bound: Land & Doig 1960, Econometrica 28, 497). That the bounds
    hold is proven in `docs/method.md`.

    Parameters
    ----------
    grid : BandGrid
    bands : slice or list of int
        The bands of the grid that the photometry has, in its order.
    """

    def __init__(self, grid: BandGrid, bands: slice | list[int]) -> None:
        self.grid = grid
        self._fluxes = CellFluxes(grid, bands)
        self._lines = DustLines(self._fluxes)
        low, high = self._fluxes.ebv_range
        self._volume = float((4 * self._fluxes.half_width.prod(axis=0)).sum()) * (high - low)

    @torch.inference_mode()
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
            are beyond what can be computed or far from all populations.
        """
        used = self._fluxes.covered & (np.isfinite(flux_nu) if mask is None else mask)
        data = Measurement.of(flux_nu, flux_nu_error, used)
        found = Search(self._fluxes, self._lines, data).run()
        return posterior_of(self._fluxes, data, found, self._volume)
