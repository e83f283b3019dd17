"""What J-PAS sees through one set of filters, remembered while the sliders move."""

from functools import lru_cache

import numpy as np

from jpas_gui.app.state import Model
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.noise import NoiseModel
from jpas_gui.core.photometry.noise_settings import NoiseSettings, noise_model
from jpas_gui.core.photometry.synthesis import SyntheticSED, synthesize
from jpas_gui.core.ssp.library import SSPLibrary

_CACHED_SEDS = 256
"""More than anybody pins: each step of a drag needs all of them."""


class Instrument:
    """Makes SEDs and noise models for a set of filters; those made last are kept.

    Parameters
    ----------
    filters : FilterSet

    Attributes
    ----------
    bands : tuple of Band
        In the order of the filters.
    pivot : ndarray, shape (n_bands,)
        Pivot wavelengths, Angstrom.
    """

    def __init__(self, filters: FilterSet) -> None:
        self.filters = filters
        self.bands = filters.bands
        self.pivot = np.array([curve.pivot for curve in filters.curves])
        self.sed = lru_cache(maxsize=_CACHED_SEDS)(self._sed)
        self._noise: dict[NoiseSettings, NoiseModel] = {}

    def _sed(self, model: Model, library: SSPLibrary) -> SyntheticSED:
        """Return the SED of a model, whose library is `library`."""
        law = attenuation_law(model.dust.law)
        return synthesize(model.population, library, self.filters, law, model.dust.r_v)

    def noise(self, settings: NoiseSettings) -> NoiseModel:
        """Return the noise model of these settings for the filters."""
        if settings not in self._noise:
            self._noise[settings] = noise_model(settings, self.filters.names)
        return self._noise[settings]

    def read_noise(self, settings: NoiseSettings) -> NoiseModel:
        """Return the noise model of these settings, from its file as it is now."""
        self._noise = {known: model for known, model in self._noise.items() if known.survey != settings.survey}
        return self.noise(settings)
