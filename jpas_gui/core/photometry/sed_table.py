"""The table of an SED: what `synth` writes and what the window saves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from astropy.table import Column, Table
from astropy.units import Unit, UnitBase

from jpas_gui import __version__
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.magnitudes import magnitude_error_of_flux, magnitude_of_flux
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.synthesis import SyntheticSED
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
        What the SED was made from, for the table's header; see `provenance_of`.
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


def provenance_of(
    sed: SyntheticSED,
    library: SSPLibrary,
    filters: FilterSet,
    law: str,
    r_v: float | None,
    noise: str,
    seed: int | None,
) -> dict[str, Any]:
    """Return what an SED was made from, in plain values that every table format can keep."""
    source = library.source
    population = sed.population
    return {
        "program": f"jpas-gui {__version__}",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "library": {
            "name": library.name,
            "title": library.title,
            "variant": source.variant,
            "citation": source.citation,
            "licence": source.licence,
            "files": len(source.files),
            "sha256": source.files[0].sha256 if len(source.files) == 1 else "",
        },
        "filters": filters.source,
        "population": {
            "log_age": population.log_age,
            "metallicity": population.metallicity,
            "ebv": population.ebv,
            "redshift": population.redshift,
            "magnitude": population.magnitude,
        },
        "reference_band": sed.reference_band,
        "dust": {"law": law, "r_v": r_v},
        "noise": {"model": noise, "seed": seed},
        "notes": list(sed.clipped),
    }
