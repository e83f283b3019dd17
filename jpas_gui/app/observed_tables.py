"""One observed galaxy with its answers, as tables to save.

Imports astropy's tables, which take a moment: whoever saves imports this then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from astropy.table import Table

from jpas_gui.app.answer_tables import add_column, answered, column_names, model_provenance, rows_table
from jpas_gui.app.galaxy_answers import Answer, FittedSED
from jpas_gui.app.notes import Note
from jpas_gui.app.observed_frame import SLIDERS, ObservedFrame
from jpas_gui.app.state import DustSettings
from jpas_gui.core.catalogues.opening import ObservedCatalogue
from jpas_gui.core.flags import flag_meanings
from jpas_gui.core.inference.catalogue_model import EXACT
from jpas_gui.core.magnitudes import magnitude_error_of_flux, magnitude_of_flux
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.bands import all_bands
from jpas_gui.core.photometry.filters import FilterSet
from jpas_gui.core.photometry.sed_table import NANOMAGGY_UNIT
from jpas_gui.core.populations import StellarPopulation
from jpas_gui.core.provenance import library_provenance, program_provenance
from jpas_gui.core.ssp.library import SSPLibrary

BANDS, ANSWERS = "BANDS", "ANSWERS"
"""Names of the tables."""

_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon"})
"""FITS has no such letters."""


@dataclass(frozen=True, eq=False)
class ShownGalaxy:
    """All that is known of the galaxy that is shown.

    Parameters
    ----------
    frame : ObservedFrame
    catalogue : ObservedCatalogue
    note : Note
    answers : tuple of Answer
        Those that have arrived.
    on_sliders : FittedSED, optional
        The population on the sliders, where it is shown.
    library : SSPLibrary
        Of the SEDs, and of the exact posterior.
    filters : FilterSet
    dust_of_sliders : DustSettings
    """

    frame: ObservedFrame
    catalogue: ObservedCatalogue
    note: Note
    answers: tuple[Answer, ...]
    on_sliders: FittedSED | None
    library: SSPLibrary
    filters: FilterSet
    dust_of_sliders: DustSettings


def galaxy_tables(shown: ShownGalaxy) -> dict[str, Table]:
    """Return the galaxy: a row for each band, and a row for each answer."""
    seds = {answer.name: answer.fitted for answer in shown.answers}
    if shown.on_sliders is not None:
        seds[SLIDERS] = shown.on_sliders
    names = column_names(list(seds))
    bands = _bands_table(shown)
    for model, sed in seds.items():
        if sed is not None:
            _add_sed(bands, shown, model, names[model], sed)
    bands.meta.update(_provenance(shown))
    rows = [_row(shown, model, names[model], seds[model]) for model in seds]
    return {BANDS: bands} | ({ANSWERS: rows_table(rows, _DESCRIBED)} if rows else {})


def _bands_table(shown: ShownGalaxy) -> Table:
    galaxy = shown.frame.galaxy
    flux, error = galaxy.flux_nu[0], galaxy.flux_nu_error[0]
    table = Table()
    table["band"] = [band.name for band in all_bands()]
    pivot = np.array([curve.pivot for curve in shown.filters.curves])
    add_column(table, "wavelength", pivot, "Angstrom", "pivot wavelength of the band, observed")
    add_column(table, "flux_nu", flux, NANOMAGGY_UNIT, "flux density per unit frequency, AB = 22.5 - 2.5 log10")
    add_column(table, "flux_nu_error", error, NANOMAGGY_UNIT, "1-sigma error of flux_nu")
    add_column(table, "magnitude", magnitude_of_flux(flux), "mag", "AB magnitude")
    error_in_magnitudes = magnitude_error_of_flux(flux, error)
    add_column(table, "magnitude_error", error_in_magnitudes, "mag", "1-sigma error of the magnitude, to first order")
    add_column(table, "mask", galaxy.mask[0], None, "True where the band is used")
    reasons = [reason.text for reason in shown.frame.reason]
    add_column(table, "mask_reason", reasons, None, "why a band is not used")
    lines = [", ".join(names).translate(_GREEK) for names in shown.frame.reached]
    add_column(table, "emission_lines", lines, None, "strong emission lines that reach the band")
    return table


def _add_sed(table: Table, shown: ShownGalaxy, model: str, name: str, sed: FittedSED) -> None:
    galaxy = shown.frame.galaxy
    flux, error = galaxy.flux_nu[0], galaxy.flux_nu_error[0]
    what = f"SED of {shown.library.name} for {model}"
    add_column(table, f"flux_nu_{name}", sed.flux_nu, NANOMAGGY_UNIT, f"{what}, fitted to the galaxy")
    sigmas = (flux - sed.flux_nu) / error
    add_column(table, f"residual_sigma_{name}", sigmas, None, f"(galaxy - {what}) / error, used or not")
    magnitudes = magnitude_of_flux(flux) - magnitude_of_flux(sed.flux_nu)
    add_column(table, f"residual_magnitude_{name}", magnitudes, "mag", f"galaxy - {what}, used or not")


def _row(shown: ShownGalaxy, model: str, name: str, sed: FittedSED | None) -> dict[str, Any]:
    """Return the row of an answer, or of what is on the sliders, which is none."""
    nothing = np.full(3, np.nan)
    answer = next((one for one in shown.answers if one.name == model), Answer(model, nothing, np.full((3, 3), np.nan)))
    clipped = sed.clipped if sed else ()
    row: dict[str, Any] = {"model": model, "column": name}
    row |= answered(answer.point, answer.percentiles)
    row |= {"n_bands": answer.n_bands, "chi2": answer.chi2, "distance": answer.distance, "flag": answer.flag}
    problem = (answer.problem,) if answer.problem else ()
    row |= {"remarks": "; ".join((*problem, *flag_meanings(answer.flag), *clipped))}
    return row | _of_sed(shown, model, sed)


def _of_sed(shown: ShownGalaxy, model: str, sed: FittedSED | None) -> dict[str, Any]:
    """Return what the SED is that belongs to an answer: of the library in use, at or near the answer."""
    dust = shown.dust_of_sliders if model == SLIDERS else DustSettings()
    nan = float("nan")
    population = sed.population if sed else StellarPopulation()
    nearest = shown.library.spectrum(population.log_age, population.metallicity)  # as near to the answer as it comes
    return {
        "sed_library": shown.library.name if sed else "",
        "sed_log_age": nearest.log_age if sed else nan,
        "sed_metallicity": nearest.metallicity if sed else nan,
        "sed_ebv": population.ebv if sed else nan,
        "sed_law": dust.law if sed else "",
        "sed_r_v": (dust.r_v or attenuation_law(dust.law).r_v) if sed else nan,
        "sed_magnitude": sed.magnitude if sed else nan,
        "sed_reference_band": sed.reference_band if sed else "",
        "sed_chi2": sed.chi2 if sed else nan,
        "sed_n_bands": sed.n_bands if sed else 0,
    }


_DESCRIBED: Mapping[str, tuple[str | None, str]] = {
    "model": (None, "name, or folder; exact: the exact posterior; sliders: the population on the sliders, no answer"),
    "column": (None, "end of the names of its columns among the bands"),
    "chi2": (None, "chi2 of the nearest SED that the model knows, over n_bands"),
    "remarks": (None, "why the answer deserves no trust, or why there is none"),
    "sed_library": (None, "library of the SED among the bands, that of the answer or near it"),
    "sed_log_age": (None, "log10 of its age in years (dex)"),
    "sed_metallicity": (None, "its [M/H] (dex)"),
    "sed_ebv": ("mag", "its E(B-V)"),
    "sed_law": (None, "its dust law"),
    "sed_r_v": (None, "R_V of that law"),
    "sed_magnitude": ("mag", "its AB magnitude in sed_reference_band"),
    "sed_reference_band": (None, "reference band"),
    "sed_chi2": (None, "its chi2 in the survey's bands that are used"),
    "sed_n_bands": (None, "number of those bands"),
}


def _provenance(shown: ShownGalaxy) -> dict[str, Any]:
    galaxy, catalogue = shown.frame.galaxy, shown.catalogue
    options = msgspec.to_builtins(catalogue.options)
    del options["hand_masked"]  # of all galaxies of a prediction; here the bands say it
    redshift = float(galaxy.redshift[0])
    asked: Sequence[str] = [answer.name for answer in shown.answers]
    return program_provenance() | {
        "catalogue": {
            "file": str(catalogue.path),
            "sampled_sha256": catalogue.sampled_sha256,
            "kind": catalogue.dialect,
            "unit": catalogue.unit,
            "aperture": catalogue.aperture,
            "read_with": options,
            "notes": list(catalogue.notes),
        },
        "galaxy": {
            "name": str(galaxy.name[0]),
            "row": int(galaxy.row[0]),
            "redshift": redshift if np.isfinite(redshift) else "not known",
            "problem": galaxy.problem[0],
        },
        "note": {"quality": shown.note.quality.value, "text": shown.note.text},
        "library": library_provenance(shown.library),
        "filters": {"source": shown.filters.source, "sha256": shown.filters.sha256},
        "models": model_provenance([name for name in asked if name != EXACT]),
        "pending": [answer.name for answer in shown.frame.answers if answer.name not in asked],
        "warnings": list(shown.frame.warnings),
    }
