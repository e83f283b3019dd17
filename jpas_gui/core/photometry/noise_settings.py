"""Which noise, as a user chooses it: depths on record, or errors measured in a catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path
from jpas_gui.core.photometry.noise import TYPICAL_APERTURE_FACTOR, DepthNoise, NoiseModel
from jpas_gui.core.resources import resource_rows

ZERO_POINT_ERROR = 0.04
"""mag: ERRZPT of every tile and filter of mini-JPAS (minijpas.TileImage); catalogue errors leave it out."""


@dataclass(frozen=True)
class NoiseSettings:
    """Which noise, as a user chooses it.

    Parameters
    ----------
    survey : str
        A column of the depths table, e.g. ``"mini-JPAS"``, or the path of a file that ``noise calibrate`` wrote.
    aperture_factor : float
        For depths: sqrt(aperture area / area of 3 arcsec).
    zero_point : bool
        Add the zero-point error.
    one_magnitude : bool
        The paper's simpler reading: every band has the relative error of the reference magnitude.
    """

    survey: str = "mini-JPAS"
    aperture_factor: float = TYPICAL_APERTURE_FACTOR
    zero_point: bool = False
    one_magnitude: bool = False


@cache
def _depths() -> dict[str, dict[str, float]]:
    """Return the depth of each band, for each survey on record."""
    rows = resource_rows("depths.ecsv")
    surveys = [name for name in rows[0] if name != "band"]
    return {survey: {row["band"]: float(row[survey]) for row in rows} for survey in surveys}


def survey_names() -> tuple[str, ...]:
    """Return the names of the depths on record: mini-JPAS (mean of its tiles), each tile, J-NEP."""
    return tuple(_depths())


def noise_problem(survey: str) -> str:
    """Return why there is no noise of this name or path; nothing where there is, whatever the file holds."""
    if survey in survey_names() or user_path(survey).is_file():
        return ""
    what = f"no noise model {survey!r}" if survey.strip() else "no noise model is named"
    return f"{what}: choose one of {', '.join(survey_names())}, or a file written by 'jpas-gui noise calibrate'"


def noise_model(settings: NoiseSettings, bands: Sequence[str]) -> NoiseModel:
    """Return the noise model of these settings.

    Parameters
    ----------
    settings : NoiseSettings
    bands : sequence of str
        Names of the bands whose errors are wanted; a band that the depths or the file do not have gets NaN.

    Raises
    ------
    InputError
        If the survey is unknown, or the file cannot be used.
    """
    zero_point_error = ZERO_POINT_ERROR if settings.zero_point else 0.0
    if settings.survey in survey_names():
        depth_of = _depths()[settings.survey]
        depth = np.array([depth_of.get(band, np.nan) for band in bands])
        return DepthNoise(settings.survey, depth, settings.aperture_factor, zero_point_error)
    if problem := noise_problem(settings.survey):
        raise InputError(problem)
    # Imported when first needed: reading tables costs a quarter of a second of every start.
    from jpas_gui.core.photometry.noise_files import read_measured_noise

    return read_measured_noise(user_path(settings.survey), bands, zero_point_error)
