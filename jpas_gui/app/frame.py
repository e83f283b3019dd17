"""From the state to what is shown: pure functions and frozen arrays.

`resolve` is called at every step of a drag; it takes about a millisecond.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.app.plot_values import BandSeries, Curve, axis_scale, band_series, spectrum_curve, vertical
from jpas_gui.app.state import FAN_MAGNITUDES, DustSettings, ExplorerState, Model, Pin, Quantity, ViewOptions
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.magnitudes import flux_of_magnitude
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.bands import Band
from jpas_gui.core.photometry.noise import DepthNoise, NoiseModel, draw_noise
from jpas_gui.core.photometry.synthesis import SyntheticSED
from jpas_gui.core.ssp.library import SSPLibrary


@dataclass(frozen=True, eq=False)
class FanMember:
    """A noisy draw of the present population at another magnitude.

    `flux_nu_noisy` and `flux_nu_error` (n_bands,) are in nanomaggies. In `series` a flux is scaled to the present
    magnitude, so that the growing noise can be compared.
    """

    magnitude: float
    flux_nu_noisy: FloatArray
    flux_nu_error: FloatArray
    series: BandSeries


@dataclass(frozen=True, eq=False)
class PinnedSED:
    """A pinned SED.

    `flux_nu` (n_bands,) is in nanomaggies, `x`, `y` are in the units of the axes, `difference` is (pinned - present) in
    sigmas of the present noise.
    """

    pin: Pin
    label: str
    flux_nu: FloatArray
    x: FloatArray
    y: FloatArray
    difference: FloatArray


@dataclass(frozen=True, eq=False)
class ExplorerFrame:
    """All that the explorer shows at one moment.

    Parameters
    ----------
    state, view
        What it was made from.
    bands : tuple of Band
        All bands, in the order of the arrays of shape (n_bands,).
    shown : ndarray of bool, shape (n_bands,)
        The bands to draw: without the broad ones unless asked for.
    mask : ndarray of bool, shape (n_bands,)
        True where the library covers the band.
    x : ndarray, shape (n_bands,)
        Position of the bands on the horizontal axis, Angstrom.
    shift : float
        Position of a rest-frame wavelength on that axis, over that wavelength.
    flux_nu, flux_nu_error, flux_nu_noisy : ndarray, shape (n_bands,)
        Nanomaggies.
    synthetic : ndarray, shape (n_bands,)
        The SED without noise, in the units of the vertical axis.
    noisy : BandSeries
        The noisy draw with its 1-sigma bars.
    difference : ndarray, shape (n_bands,)
        (noisy - synthetic) / sigma.
    spectrum : Curve
        The spectrum behind the bands.
    notes : tuple of str
        What the library or the noise model could not meet.
    stamp : str
        Library and parameters, for titles and exported figures.
    """

    state: ExplorerState
    view: ViewOptions
    bands: tuple[Band, ...]
    shown: BoolArray
    mask: BoolArray
    x: FloatArray
    shift: float
    flux_nu: FloatArray
    flux_nu_error: FloatArray
    flux_nu_noisy: FloatArray
    synthetic: FloatArray
    noisy: BandSeries
    difference: FloatArray
    spectrum: Curve
    fan: tuple[FanMember, ...]
    pins: tuple[PinnedSED, ...]
    notes: tuple[str, ...]
    stamp: str


def resolve(
    state: ExplorerState,
    view: ViewOptions,
    bands: tuple[Band, ...],
    pivot: FloatArray,
    noise: NoiseModel,
    sed_of: Callable[[Model], SyntheticSED],
    title_of: Callable[[str], str],
) -> ExplorerFrame:
    """Return what is shown in this state.

    Parameters
    ----------
    bands : tuple of Band
        The bands of the filter set, in its order.
    pivot : ndarray, shape (n_bands,)
        Their pivot wavelengths, Angstrom: where flux_nu lies on the spectrum.
    noise : NoiseModel
        Of these bands.
    sed_of : callable
        Synthesis of a model.
    title_of : callable
        Title of a library, by its name.
    """
    sed = sed_of(state.model)
    population = state.model.population
    one_magnitude = population.magnitude if state.noise.one_magnitude else None
    shown = np.array([view.broad_bands or not band.is_broad for band in bands])
    error = noise.flux_nu_error(sed.flux_nu, one_magnitude)
    noisy = draw_noise(sed.flux_nu, error, state.seed)
    to_axis = axis_scale(view.frame, population.redshift)
    return ExplorerFrame(
        state=state,
        view=view,
        bands=bands,
        shown=shown,
        mask=sed.mask,
        x=pivot * to_axis,
        shift=(1 + population.redshift) * to_axis,
        flux_nu=sed.flux_nu,
        flux_nu_error=error,
        flux_nu_noisy=noisy,
        synthetic=vertical(view.quantity, sed.flux_nu),
        noisy=band_series(view.quantity, noisy, error),
        difference=(noisy - sed.flux_nu) / error,
        spectrum=spectrum_curve(view.quantity, sed.wavelength, sed.spectrum_nu, to_axis),
        fan=_fan(state, view, sed, noise) if view.fan else (),
        pins=tuple(
            _pinned(pin, sed_of(pin.model), title_of(pin.model.library), view, pivot, sed.flux_nu, error)
            for pin in state.pins
        ),
        notes=_notes(sed, bands, shown, error),
        stamp=_stamp(state, title_of(state.model.library), sed, noise),
    )


def model_label(model: Model, title: str) -> str:
    """Return a model in a few words, with the title of its library."""
    p = model.population
    r_v = "" if model.dust.r_v is None else f", R_V {model.dust.r_v:g}"
    return (
        f"{title} · {age_text(p.log_age)} · [M/H] {p.metallicity:+.2f} · "
        f"E(B−V) {p.ebv:.2f} ({attenuation_law(model.dust.law).label}{r_v}) · z {p.redshift:.3f}"
    )


def stands_on(library: SSPLibrary, dust: DustSettings | None = None) -> str:
    """Return the library and the dust law that an exact posterior or an SED stands on, by default that of Calzetti."""
    dust = dust or DustSettings()
    r_v = "" if dust.r_v is None else f", R_V {dust.r_v:g}"
    return f"{library.title}, {attenuation_law(dust.law).label}{r_v}"


def age_text(log_age: float) -> str:
    """Return an age in the unit that people would use."""
    age = 10**log_age
    if age >= 1e9:
        return f"{age / 1e9:.3g} Gyr"
    return f"{age / 1e6:.3g} Myr"


def _stamp(state: ExplorerState, title: str, sed: SyntheticSED, noise: NoiseModel) -> str:
    text = f"{model_label(state.model, title)} · {sed.reference_band} = {state.model.population.magnitude:.2f}"
    settings = state.noise
    parts = [noise.name]
    if isinstance(noise, DepthNoise):
        parts[0] += f" ×{settings.aperture_factor:g}"
    if settings.zero_point:
        parts.append("zero point")
    if settings.one_magnitude:
        parts.append("one magnitude")
    return f"{text} · noise {', '.join(parts)}, seed {state.seed}"


def _notes(sed: SyntheticSED, bands: Sequence[Band], shown: BoolArray, error: FloatArray) -> tuple[str, ...]:
    """Return what the library or the noise model could not meet, one sentence each."""
    notes = list(sed.clipped)
    missing = [band.name for band, is_missing in zip(bands, shown & ~sed.mask, strict=True) if is_missing]
    if missing:
        notes.append(f"outside the library (✕): {_listed(missing)}")
    unknown = shown & sed.mask & ~np.isfinite(error)
    if unknown.any():
        notes.append(f"no error known: {_listed([band.name for band, no in zip(bands, unknown, strict=True) if no])}")
    return tuple(notes)


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"{len(names)} bands, {names[0]} to {names[-1]}"


def _fan(
    state: ExplorerState,
    view: ViewOptions,
    sed: SyntheticSED,
    noise: NoiseModel,
    magnitudes: Sequence[float] = FAN_MAGNITUDES,
) -> tuple[FanMember, ...]:
    present = state.model.population.magnitude
    members = []
    for magnitude in magnitudes:
        fainter = flux_of_magnitude(magnitude) / flux_of_magnitude(present)
        flux_nu = sed.flux_nu * fainter
        error = noise.flux_nu_error(flux_nu, magnitude if state.noise.one_magnitude else None)
        noisy = draw_noise(flux_nu, error, state.seed)
        scale = 1.0 if view.quantity is Quantity.MAGNITUDE else 1.0 / fainter
        series = band_series(view.quantity, noisy * scale, error * scale)
        members.append(FanMember(magnitude, noisy, error, series))
    return tuple(members)


def _pinned(
    pin: Pin,
    sed: SyntheticSED,
    title: str,
    view: ViewOptions,
    pivot: FloatArray,
    flux_nu: FloatArray,
    error: FloatArray,
) -> PinnedSED:
    magnitude = f"{sed.reference_band} {pin.model.population.magnitude:.2f}"
    return PinnedSED(
        pin=pin,
        label=f"{pin.number}: {model_label(pin.model, title)} · {magnitude}",
        flux_nu=sed.flux_nu,
        x=pivot * axis_scale(view.frame, pin.model.population.redshift),
        y=vertical(view.quantity, sed.flux_nu),
        difference=(sed.flux_nu - flux_nu) / error,
    )
