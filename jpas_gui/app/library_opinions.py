"""The same population in other libraries, and what they would take it for."""

from dataclasses import dataclass, replace

import numpy as np

from jpas_gui.app.degeneracy_frame import DegeneracyFrame
from jpas_gui.app.exact_shelf import ExactShelf
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.magnitudes import magnitude_of_flux
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.synthesis import synthesize
from jpas_gui.core.populations import LIMITS, StellarPopulation
from jpas_gui.core.ssp.library import SSPLibrary


@dataclass(frozen=True, eq=False)
class LibraryOpinion:
    """What another library says of a population.

    Parameters
    ----------
    library : SSPLibrary
    magnitudes : ndarray, shape (60,)
        Its SED at the same parameters and magnitude minus the present one, in mag; NaN where there is none.
    sigmas : ndarray, shape (60,)
        The same in sigmas of the flux: positive where it is brighter.
    percentiles : ndarray, shape (3, 3)
        16, 50 and 84 of its posterior of the present SED, on the first axis; NaN where there is none.
    chi2 : float
        Of its nearest SED.
    n_bands : int
    remarks : tuple of str
        What it could not meet.
    """

    library: SSPLibrary
    magnitudes: FloatArray
    sigmas: FloatArray
    percentiles: FloatArray
    chi2: float
    n_bands: int
    remarks: tuple[str, ...]


def opinion(frame: DegeneracyFrame, library: SSPLibrary, shelf: ExactShelf) -> LibraryOpinion:
    """Return what a library says of the central population of a frame."""
    n = len(PARAMETERS)
    nothing = np.full(frame.synthetic.size, np.nan)
    found = LibraryOpinion(library, nothing, nothing, np.full((n, n), np.nan), np.nan, 0, ())
    return _judged(frame, _compared(frame, found), shelf)


def _compared(frame: DegeneracyFrame, found: LibraryOpinion) -> LibraryOpinion:
    """Return it with the SED that its library has at the same parameters."""
    scene = frame.scene
    try:
        values = dict(zip(PARAMETERS, map(float, frame.centre), strict=True))
        magnitude = float(np.clip(frame.magnitude, *LIMITS["magnitude"]))
        population = StellarPopulation(**values, redshift=scene.redshift, magnitude=magnitude)
        law = attenuation_law(scene.dust.law)
        sed = synthesize(population, found.library, scene.filters, law, scene.dust.r_v)
    except InputError as error:
        return replace(found, remarks=(*found.remarks, str(error)))
    magnitudes = magnitude_of_flux(sed.flux_nu) - magnitude_of_flux(frame.synthetic)
    sigmas = np.full(sed.flux_nu.shape, np.nan)
    known = np.nan_to_num(scene.flux_nu_error) > 0
    np.divide(sed.flux_nu - frame.synthetic, scene.flux_nu_error, out=sigmas, where=known)
    return replace(found, magnitudes=magnitudes, sigmas=sigmas, remarks=(*found.remarks, *sed.clipped))


def _judged(frame: DegeneracyFrame, found: LibraryOpinion, shelf: ExactShelf) -> LibraryOpinion:
    """Return it with the posterior of the present SED under its library."""
    scene = frame.scene
    try:
        model = shelf.model(found.library, scene.filters, scene.dust, scene.redshift)
        used = scene.mask & model.grid.mask & np.isfinite(frame.synthetic)
        posterior = model.exact(frame.synthetic, scene.flux_nu_error, used)
    except InputError as error:
        return replace(found, remarks=(*found.remarks, str(error)))
    return replace(found, percentiles=posterior.percentiles(), chi2=posterior.chi2, n_bands=posterior.n_bands)
