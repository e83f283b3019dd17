"""Exact posteriors at hand, of any library, dust law and redshift. torch is imported when one is first made."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpas_gui.app.state import DustSettings
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.ssp.library import SSPLibrary

if TYPE_CHECKING:
    from jpas_gui.core.inference.band_grid import BandGrid, NodeSpectra
    from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior

_KEPT = 8
"""About 20 MB each."""

_COARSE_EBV = 0.5
"""mag between the nodes of a grid that is made during a drag: the posterior fits a parabola to them anyway. In the 56
bands colours are within 1.5 mmag, and percentiles within 0.03 of the posterior's width, of those of the finer grid."""

_KEPT_BYTES = 2**27
"""Of the spectra of libraries at the nodes of their grids: those of finely sampled libraries are made each time."""


@dataclass(frozen=True, eq=False)
class ExactModel:
    """The grid of a library in all 60 bands, and the exact posterior under it."""

    grid: "BandGrid"
    exact: "ExactPosterior"


class ExactShelf:
    """Makes exact posteriors on demand, and keeps those used last. For one thread."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], ExactModel] = OrderedDict()
        self._spectra: OrderedDict[SSPLibrary, NodeSpectra] = OrderedDict()
        self._is_ready = False

    def model(
        self, library: SSPLibrary, filters: FilterSet, dust: DustSettings, redshift: float, is_coarse: bool = False
    ) -> ExactModel:
        """Return the exact posterior of a library at a redshift.

        Parameters
        ----------
        is_coarse : bool
            Make it in a part of the time if it is not there yet: while a slider of redshift or dust is dragged.

        Raises
        ------
        InputError
            If the library has too few models, or covers no band.
        """
        key = library, filters, dust, redshift
        for kind in (False, True) if is_coarse else (False,):
            if (*key, kind) in self._made:
                self._made.move_to_end((*key, kind))
                return self._made[(*key, kind)]
        made = self._made[(*key, is_coarse)] = self._make(library, filters, dust, redshift, is_coarse)
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)
        return made

    def _make(
        self, library: SSPLibrary, filters: FilterSet, dust: DustSettings, redshift: float, is_coarse: bool
    ) -> ExactModel:
        from jpas_gui.core.inference.band_grid import GridSettings, band_grid
        from jpas_gui.core.inference.exact.exact_posterior import ExactPosterior

        if not self._is_ready:
            import torch

            torch.set_num_threads(1)  # one galaxy is too little to share, and the window needs the other cores
            self._is_ready = True
        settings = GridSettings(ebv=_COARSE_EBV) if is_coarse else GridSettings()
        law, spectra = attenuation_law(dust.law), self._spectra_of(library)
        grid = band_grid(library, filters, redshift, settings, law, dust.r_v, spectra)
        return ExactModel(grid, ExactPosterior(grid, slice(0, len(all_bands()))))

    def _spectra_of(self, library: SSPLibrary) -> "NodeSpectra":
        """Return the spectra of a library at the nodes of its grid, which all redshifts and dust laws share."""
        from jpas_gui.core.inference.band_grid import node_spectra

        spectra = self._spectra.pop(library, None) or node_spectra(library)
        self._spectra[library] = spectra  # the last that goes
        while sum(one.luminosity.nbytes for one in self._spectra.values()) > _KEPT_BYTES:
            self._spectra.popitem(last=False)
        return spectra
