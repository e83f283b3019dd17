"""What the explorer shows, as tables to save.

Imports astropy's tables, which take a moment: whoever saves imports this then.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from astropy.table import Table

from jpas_gui.app.answer_tables import add_column, answered, column_names, model_provenance, rows_table
from jpas_gui.app.frame import ExplorerFrame
from jpas_gui.app.instrument import Instrument
from jpas_gui.app.live_frame import Cloud, LiveFrame, ModelCloud
from jpas_gui.app.state import DustSettings
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.attenuation import attenuation_law
from jpas_gui.core.photometry.sed_table import NANOMAGGY_UNIT, sed_provenance, sed_table
from jpas_gui.core.provenance import library_provenance
from jpas_gui.core.ssp.library import SSPLibrary

BANDS, PINS, PREDICTIONS = "BANDS", "PINS", "PREDICTIONS"
"""Names of the tables."""


def explorer_tables(
    frame: ExplorerFrame,
    instrument: Instrument,
    libraries: Mapping[str, SSPLibrary],
    live: LiveFrame | None = None,
    cloud: Cloud | None = None,
) -> dict[str, Table]:
    """Return what is shown: a row for each band, and where there are any a row for each pin and each model.

    Parameters
    ----------
    frame : ExplorerFrame
    instrument : Instrument
    libraries : mapping of str to SSPLibrary
        Those of the present population and of the pins, by name.
    live : LiveFrame, optional
        What the models say of the frame.
    cloud : Cloud, optional
        What they say of many draws.
    """
    state, filters, library = frame.state, instrument.filters, libraries[frame.state.model.library]
    dust, sed = state.model.dust, instrument.sed(state.model, library)
    made_from = sed_provenance(sed, library, filters, dust.law, dust.r_v, state.noise, state.seed)
    bands = sed_table(sed, filters, frame.flux_nu_error, frame.flux_nu_noisy, made_from)
    tables = {BANDS: bands}
    for member in frame.fan:
        name, what = f"{member.magnitude:g}".replace(".", "p"), f"with {sed.reference_band} = {member.magnitude:g}"
        draw = f"flux_nu of one noisy draw {what}"
        add_column(bands, f"flux_nu_noisy_at_{name}", member.flux_nu_noisy, NANOMAGGY_UNIT, draw)
        error = f"1-sigma error of that draw {what}"
        add_column(bands, f"flux_nu_error_at_{name}", member.flux_nu_error, NANOMAGGY_UNIT, error)
    for pinned in frame.pins:
        number = pinned.pin.number
        add_column(bands, f"flux_nu_pin_{number}", pinned.flux_nu, NANOMAGGY_UNIT, f"flux_nu of pin {number}")
    if frame.pins:
        tables[PINS] = _pins_table(frame)
        used = {pinned.pin.model.library for pinned in frame.pins}
        bands.meta["libraries_of_pins"] = [library_provenance(libraries[name]) for name in sorted(used)]
    if live is not None:
        models = [answer.model for answer in live.answers]
        _add_predicted(bands, live)
        tables[PREDICTIONS] = _predictions_table(live, cloud)
        bands.meta["models"] = model_provenance(models)
    return tables


def _pins_table(frame: ExplorerFrame) -> Table:
    rows = [
        {"pin": one.pin.number, "library": one.pin.model.library}
        | asdict(one.pin.model.population)
        | _dust(one.pin.model.dust)
        for one in frame.pins
    ]
    described: Mapping[str, tuple[str | None, str]] = {
        "pin": (None, "number of the pin, at the end of its column's name"),
        "magnitude": ("mag", "AB magnitude in the reference band"),
        "law": (None, "dust law"),
        "redshift": (None, "redshift of the galaxy"),
    }
    return rows_table(rows, described)


def _dust(dust: DustSettings) -> dict[str, Any]:
    return {"law": dust.law, "r_v": attenuation_law(dust.law).r_v if dust.r_v is None else dust.r_v}


def _add_predicted(bands: Table, live: LiveFrame) -> None:
    names = column_names([answer.model for answer in live.answers])
    for answer in live.answers:
        name, fit = names[answer.model], answer.comparison
        what = f"SED of the library at the answer of {answer.model}"
        add_column(bands, f"flux_nu_{name}", answer.flux_nu, NANOMAGGY_UNIT, f"{what}, fitted to the noisy draw")
        sigmas = f"(noisy draw - {what}) / error"
        add_column(bands, f"residual_sigma_{name}", fit.sigmas, None, sigmas)
        magnitudes = f"noisy draw - {what}"
        add_column(bands, f"residual_magnitude_{name}", fit.magnitudes, "mag", magnitudes)


def _predictions_table(live: LiveFrame, cloud: Cloud | None) -> Table:
    names = column_names([answer.model for answer in live.answers])
    drawn = {one.model: one for one in cloud.clouds} if cloud is not None else {}
    rows: list[dict[str, Any]] = []
    for answer in live.answers:
        row: dict[str, Any] = {"model": answer.model, "column": names[answer.model]}
        row |= answered(answer.point, answer.percentiles)
        row |= {"n_bands": answer.comparison.n_bands, "chi2": answer.comparison.chi2}
        row |= {"remarks": "; ".join(answer.remarks)}
        rows.append(row | (_of_draws(drawn[answer.model]) if drawn else {}))
    described: dict[str, tuple[str | None, str]] = {
        "model": (None, "name, or folder"),
        "column": (None, "end of the names of its columns"),
        "chi2": (None, "chi2 of the library's SED at the answer, over n_bands"),
        "remarks": (None, "why the answer deserves no trust, or why there is none"),
        "n_draws": (None, "draws of the noise of which bias and scatter are"),
    }
    for name in PARAMETERS:
        described[f"{name}_bias"] = (None, f"mean of predicted minus true {name} over the draws")
        described[f"{name}_scatter"] = (None, f"standard deviation of predicted minus true {name} over the draws")
    return rows_table(rows, described)


def _of_draws(cloud: ModelCloud) -> dict[str, float]:
    values: dict[str, float] = {"n_draws": len(cloud.points)}
    for name, bias, scatter in zip(PARAMETERS, cloud.bias, cloud.scatter, strict=True):
        values |= {f"{name}_bias": float(bias), f"{name}_scatter": float(scatter)}
    return values
