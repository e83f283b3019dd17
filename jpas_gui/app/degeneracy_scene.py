"""What the degeneracy explorer looks at: photometry, and how it was or would be taken."""

from dataclasses import dataclass

import numpy as np

from jpas_gui.app.band_sets import band_set_of
from jpas_gui.app.degeneracy_options import DegeneracyOptions, Source
from jpas_gui.app.explorer import Explorer
from jpas_gui.app.frame import model_label, stands_on
from jpas_gui.app.observed_frame import title_of
from jpas_gui.app.state import DustSettings, Model
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.exposure import with_exposure
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.noise import NoiseModel
from jpas_gui.core.photometry.noise_settings import NoiseSettings
from jpas_gui.core.ssp.library import SSPLibrary


@dataclass(frozen=True, eq=False)
class Scene:
    """Photometry, of which the posterior is asked. Arrays have the 60 bands in the order of `all_bands`.

    Parameters
    ----------
    library : SSPLibrary
    filters : FilterSet
    model : Model
        What the sliders say; of an observed galaxy only library and dust law count.
    redshift : float
    flux_nu, flux_nu_error : ndarray, shape (60,)
        Nanomaggies; NaN where there is no number. The errors of an observed galaxy, which no zero-point error is known
        to be part of, all fall as the square root of the exposure time; its fluxes stay.
    present_error : ndarray, shape (60,)
        The errors with the present exposure time.
    usable : ndarray of bool, shape (60,)
        Bands that can be used, whether they are or not.
    options : DegeneracyOptions
    noise : NoiseModel
        With the exposure of the options.
    noise_settings : NoiseSettings
    stamp : str
        For figures and files.
    """

    library: SSPLibrary
    filters: FilterSet
    model: Model
    redshift: float
    flux_nu: FloatArray
    flux_nu_error: FloatArray
    present_error: FloatArray
    usable: BoolArray
    options: DegeneracyOptions
    noise: NoiseModel
    noise_settings: NoiseSettings
    stamp: str

    @property
    def mask(self) -> BoolArray:
        """The bands that are used, shape (60,)."""
        return self.usable & self.options.mask

    @property
    def dust(self) -> DustSettings:
        """The dust law."""
        return self.model.dust

    @property
    def truth(self) -> FloatArray | None:
        """What the sliders say, shape (3,), where it is their population that is looked at."""
        if self.options.source is Source.GALAXY:
            return None
        return np.array([getattr(self.model.population, name) for name in PARAMETERS])

    def shows_the_same(self, other: "Scene") -> bool:
        """Return whether another scene has the same answers."""
        ours, theirs = (
            (one.library, one.filters, one.model, one.redshift, one.options, one.noise_settings)
            for one in (self, other)
        )
        return ours == theirs and all(
            np.array_equal(getattr(self, name), getattr(other, name), equal_nan=True)
            for name in ("flux_nu", "flux_nu_error", "usable")
        )


def scene_of(explorer: Explorer, galaxy: ObservedGalaxies | None, options: DegeneracyOptions) -> Scene:
    """Return what is to be looked at.

    Parameters
    ----------
    galaxy : ObservedGalaxies, optional
        One row, with what the user masked: the galaxy that is selected, if any.

    Raises
    ------
    InputError
        If there is nothing to look at.
    """
    return _of_sliders(explorer, options) if options.source is Source.SLIDERS else _of_galaxy(explorer, galaxy, options)


def _of_sliders(explorer: Explorer, options: DegeneracyOptions) -> Scene:
    state, instrument = explorer.state, explorer.instrument
    population = state.model.population
    sed = instrument.sed(state.model, explorer.library)
    noise = instrument.noise(state.noise)
    longer = with_exposure(noise, options.exposure)
    present, error = (
        one.flux_nu_error(sed.flux_nu, population.magnitude if state.noise.one_magnitude else None)
        for one in (noise, longer)
    )
    usable = sed.mask & (np.nan_to_num(error) > 0)
    magnitude = f"{sed.reference_band} = {population.magnitude:.2f}"
    label = f"{model_label(state.model, explorer.library.title)} · {magnitude} · noise {noise.name}"
    return Scene(
        explorer.library,
        explorer.filters,
        state.model,
        population.redshift,
        sed.flux_nu,
        error,
        present,
        usable,
        options,
        longer,
        state.noise,
        f"{label}{_asked_for(options, usable)}",
    )


def _of_galaxy(explorer: Explorer, galaxy: ObservedGalaxies | None, options: DegeneracyOptions) -> Scene:
    if galaxy is None:
        raise InputError("no observed galaxy is selected: open a catalogue in the tab Observed")
    redshift = float(galaxy.redshift[0])
    if not np.isfinite(redshift):
        raise InputError("the redshift of the observed galaxy is not known: “Redshift…” in the tab Observed takes one")
    state, present = explorer.state, galaxy.flux_nu_error[0]
    return Scene(
        explorer.library,
        explorer.filters,
        Model(explorer.library.name, dust=state.model.dust),
        redshift,
        galaxy.flux_nu[0],
        present / np.sqrt(options.exposure),
        present,
        galaxy.mask[0],
        options,
        with_exposure(explorer.instrument.noise(state.noise), options.exposure),
        state.noise,
        f"{title_of(galaxy, with_bands=False)} · {stands_on(explorer.library, state.model.dust)}"
        f"{_asked_for(options, galaxy.mask[0])}",
    )


def _asked_for(options: DegeneracyOptions, usable: BoolArray) -> str:
    band_set, n_usable = band_set_of(options.bands), int((options.mask & usable).sum())
    bands = f"{len(options.bands)} chosen bands" if band_set is None else band_set.value
    if n_usable < len(options.bands):
        bands += f": {n_usable} of {len(options.bands)} usable"
    return f" · {bands}" + (f" · {options.exposure:g} × the exposure" if options.exposure != 1 else "")
