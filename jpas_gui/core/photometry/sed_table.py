"""The table of an SED: what `synth` writes and what the window saves."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from astropy.table import Column, Table
from astropy.units import Unit, UnitBase

from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.magnitudes import magnitude_error_of_flux, magnitude_of_flux
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.noise_settings import NoiseSettings
from jpas_gui.core.photometry.synthesis import SyntheticSED
from jpas_gui.core.provenance import library_provenance, program_provenance
from jpas_gui.core.ssp.library import SSPLibrary

NANOMAGGY_UNIT = Unit("nanomaggy", parse_strict="silent")
"""As SDSS writes it. astropy's own ``nmgy`` is not allowed in FITS and VOTable."""


def sed_table(
    sed: SyntheticSED,
    filters: FilterSet,
    flux_nu_error: FloatArray,
    flux_nu_noisy: FloatArray | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Table:
    """Return an SED as a table with one row per band.

    Parameters
    ----------
    flux_nu_error : ndarray, shape (n_bands,)
        Nanomaggies.
    flux_nu_noisy : ndarray, shape (n_bands,), optional
        A noisy draw; adds the columns ``magnitude_noisy`` and ``flux_nu_noisy``.
    provenance : mapping, optional
        What the SED was made from, for the table's header; see `sed_provenance`.
    """
    table = Table()
    table["band"] = list(sed.bands)
    _add(table, "wavelength", np.array([c.pivot for c in filters.curves]), "Angstrom", "pivot wavelength of the band")
    _add(table, "flux_nu", sed.flux_nu, NANOMAGGY_UNIT, "flux density per unit frequency, AB = 22.5 - 2.5 log10")
    _add(table, "magnitude", magnitude_of_flux(sed.flux_nu), "mag", "AB magnitude without noise")
    error = magnitude_error_of_flux(sed.flux_nu, flux_nu_error)
    _add(table, "magnitude_error", error, "mag", "1-sigma error of the magnitude, to first order")
    if flux_nu_noisy is not None:
        _add(table, "magnitude_noisy", magnitude_of_flux(flux_nu_noisy), "mag", "AB magnitude of one noisy draw")
    _add(table, "flux_nu_error", flux_nu_error, NANOMAGGY_UNIT, "1-sigma error of flux_nu")
    if flux_nu_noisy is not None:
        _add(table, "flux_nu_noisy", flux_nu_noisy, NANOMAGGY_UNIT, "flux_nu of one noisy draw")
    _add(table, "mask", sed.mask, None, "True where the library covers the band")
    table.meta.update(provenance or {})
    return table


def _add(
    table: Table, name: str, values: FloatArray | BoolArray, unit: str | UnitBase | None, description: str
) -> None:
    table[name] = Column(values, unit=unit, description=description)


def sed_provenance(
    sed: SyntheticSED,
    library: SSPLibrary,
    filters: FilterSet,
    law: str,
    r_v: float | None,
    noise: NoiseSettings,
    seed: int | None,
    command_line: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what an SED was made from, in plain values that every table format can keep.

    Parameters
    ----------
    r_v : float, optional
        None for the law's own.
    seed : int, optional
        Of the noisy draw; None where there is none.
    command_line : sequence of str, optional
        The command that made it.
    """
    return program_provenance(command_line) | {
        "library": library_provenance(library),
        "filters": filters.source,
        "population": asdict(sed.population),
        "reference_band": sed.reference_band,
        "dust": {"law": law, "r_v": attenuation_law(law).r_v if r_v is None else r_v},
        "noise": asdict(noise) | {"seed": seed},
        "notes": [*filters.notes, *sed.clipped],
    }
