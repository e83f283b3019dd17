"""What the degeneracy explorer shows, as tables to save. astropy's tables are imported when one is made."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from jpas_gui.app.corner import PAIRS
from jpas_gui.app.degeneracy_frame import DegeneracyFrame
from jpas_gui.app.degeneracy_words import twin_title
from jpas_gui.app.library_opinions import LibraryOpinion
from jpas_gui.app.limits_frame import MAGNITUDES, ErrorCurve, MapFrame
from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.photometry.bands import all_bands

if TYPE_CHECKING:
    from astropy.table import Table

_UNITS = {"ebv": "mag"}
"""No standard of units has the dex."""


def posterior_table(frame: DegeneracyFrame) -> "Table":
    """Return the maps of the posterior: a row for each bin of each pair of parameters, the largest density 1.

    Columns `x` and `y` are the centres of the bins in the parameters that `parameter_x` and `parameter_y` name.
    """
    columns: dict[str, list[Any]] = {"parameter_x": [], "parameter_y": [], "x": [], "y": [], "density": []}
    corner = frame.corner
    for (first, second), density in zip(PAIRS, corner.maps, strict=True):
        x, y = np.meshgrid(corner.marginals[first].x, corner.marginals[second].x, indexing="ij")
        columns["parameter_x"] += [PARAMETERS[first]] * density.size
        columns["parameter_y"] += [PARAMETERS[second]] * density.size
        for name, values in (("x", x), ("y", y), ("density", density)):
            columns[name].extend(values.ravel())
    return _table(columns, {}, frame)


def bands_table(frame: DegeneracyFrame) -> "Table":
    """Return photometry and information: a row for each band."""
    scene = frame.scene
    columns: dict[str, Any] = {
        "band": [band.name for band in all_bands()],
        "wavelength": [curve.pivot for curve in scene.filters.curves],
        "flux_nu": scene.flux_nu,
        "flux_nu_error": scene.flux_nu_error,
        "used": scene.mask,
    }
    units = {"wavelength": "Angstrom"}
    for number, name in enumerate(PARAMETERS):
        columns[f"information_{name}"] = frame.information.share[:, number]
    return _table(columns, units, frame)


def twins_table(frame: DegeneracyFrame) -> "Table":
    """Return twins: a row for each, with its difference from the present SED in every band, in sigmas."""
    twins = frame.twins
    if not twins:
        raise InputError("there are no twins to save yet")
    columns: dict[str, Any] = {"twin": [twin_title(twin) for twin in twins]}
    for number, name in enumerate(PARAMETERS):
        columns[name] = [float(twin.parameters[number]) for twin in twins]
    columns["delta_chi2"] = [twin.delta_chi2 for twin in twins]
    for place, band in enumerate(all_bands()):
        columns[f"sigmas_{band.name}"] = [float(twin.difference[place]) for twin in twins]
    return _table(columns, _UNITS, frame)


def curve_table(frame: DegeneracyFrame, curve: ErrorCurve | None) -> "Table":
    """Return errors against magnitude: a row for each magnitude."""
    if curve is None:
        raise InputError("the errors against magnitude are not known yet")
    columns: dict[str, Any] = {"magnitude": MAGNITUDES}
    units = {"magnitude": "mag"}
    for number, name in enumerate(PARAMETERS):
        for kind, values in (("fisher", curve.fisher), ("exact", curve.exact)):
            columns[f"{name}_error_{kind}"] = values[:, number]
            units[f"{name}_error_{kind}"] = _UNITS.get(name, "")
    return _table(columns, units, frame)


def map_table(frame: DegeneracyFrame, shown: MapFrame | None) -> "Table":
    """Return a map: a row for each age and metallicity."""
    if shown is None or shown.grid is None:
        raise InputError("the map is not known yet")
    grid = shown.grid
    log_age, metallicity = np.meshgrid(grid.log_age, grid.metallicity, indexing="ij")
    columns: dict[str, Any] = {"log_age": log_age.ravel(), "metallicity": metallicity.ravel()}
    for number, name in enumerate(PARAMETERS):
        columns[f"{name}_error"] = grid.error[..., number].ravel()
        columns[f"{name}_difference"] = grid.bias[..., number].ravel()
    about = {
        "ebv": shown.ebv,
        "magnitude": shown.magnitude,
        "answering_library": shown.answering.title,
        "nodes_known": f"{grid.n_known} of {grid.n_nodes}, coarse ones first",
    }
    return _table(columns, {}, frame, about)


def opinions_table(frame: DegeneracyFrame, opinions: tuple[LibraryOpinion, ...]) -> "Table":
    """Return what other libraries say: a row for each library and band."""
    if not opinions:
        raise InputError("there is no other library to compare with: open one first")
    bands, n = [band.name for band in all_bands()], len(all_bands())
    columns: dict[str, Any] = {
        "library": [opinion.library.title for opinion in opinions for _ in bands],
        "band": bands * len(opinions),
        "difference_mag": np.concatenate([opinion.magnitudes for opinion in opinions]),
        "difference_sigma": np.concatenate([opinion.sigmas for opinion in opinions]),
    }
    for number, name in enumerate(PARAMETERS):
        for place, percent in enumerate((16, 50, 84)):
            columns[f"{name}_p{percent}"] = _repeated(opinions, place, number, n)
    return _table(columns, {"difference_mag": "mag"}, frame)


def _repeated(opinions: tuple[LibraryOpinion, ...], place: int, number: int, n: int) -> FloatArray:
    return np.repeat([opinion.percentiles[place, number] for opinion in opinions], n)


def _table(
    columns: Mapping[str, Any],
    units: Mapping[str, str],
    frame: DegeneracyFrame,
    about: Mapping[str, Any] | None = None,
) -> "Table":
    from astropy.table import Table

    from jpas_gui.core.provenance import library_provenance, program_provenance

    table = Table(dict(columns))
    for name, unit in units.items():
        if unit and name in table.colnames:
            table[name].unit = unit
    scene = frame.scene
    table.meta.update(
        program_provenance()
        | {"library": library_provenance(scene.library), "filters": scene.filters.source, "of": scene.stamp}
        | dict(about or {})
    )
    return table
