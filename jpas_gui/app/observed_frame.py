"""From one observed galaxy and its answers to what is shown: pure functions and frozen arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.app.corner import Corner
from jpas_gui.app.frame import age_text
from jpas_gui.app.galaxy_answers import Answer, FittedSED
from jpas_gui.app.plot_values import BandSeries, Curve, axis_scale, band_series, spectrum_curve, vertical
from jpas_gui.app.state import ResidualUnit, ViewOptions
from jpas_gui.core.arrays import BoolArray, FloatArray
from jpas_gui.core.catalogues.observed import MaskReason, ObservedGalaxies
from jpas_gui.core.emission_lines import line_groups
from jpas_gui.core.flags import flag_meanings, flag_sentences
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.shipped import model_title
from jpas_gui.core.magnitudes import magnitude_error_of_flux, magnitude_of_flux
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands

SLIDERS = "sliders"
"""The name of the population on the sliders among the models."""

_SMALLEST_SHOWN = 0.01
"""Smaller errors are shown with a digit more."""

_LINE_SIGMAS = 3.0
"""How far a band must lie above the SED for its emission lines to be worth a warning."""


@dataclass(frozen=True, eq=False)
class ShownSED:
    """An SED over the galaxy's, in the units of the axes.

    Parameters
    ----------
    name : str
        Of the model, `EXACT` or `SLIDERS`.
    y : ndarray, shape (60,)
    spectrum : Curve
    residual : ndarray, shape (60,)
        Observed minus SED, in the unit of residuals, wherever there is a number, used or not.
    chi2 : float
    n_bands : int
        Of chi2.
    """

    name: str
    y: FloatArray
    spectrum: Curve
    residual: FloatArray
    chi2: float
    n_bands: int


@dataclass(frozen=True, eq=False)
class ShownAnswer:
    """A row of the table of answers, and its part of the corner plot.

    `cells` are log age, [M/H], E(B−V) and chi2 over the number of bands; `remarks` say why there is no answer or why
    it deserves no trust, and `explained` says what to do about it, too.
    """

    name: str
    cells: tuple[str, ...]
    remarks: tuple[str, ...]
    point: FloatArray
    corner: Corner | None
    explained: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ObservedFrame:
    """All that is shown of one galaxy. Arrays have the 60 bands in the order of `all_bands`.

    Parameters
    ----------
    galaxy : ObservedGalaxies
        One row, with what the user masked.
    view : ViewOptions
    title : str
    x : ndarray, shape (60,)
        Position on the horizontal axis, Angstrom.
    redshift : float
        0 where it is not known.
    series : BandSeries
        Fluxes with 1-sigma bars in the unit of the vertical axis; NaN where there is no number.
    used, masked, missing : ndarray of bool, shape (60,)
        Bands that are drawn as used, as masked although there is a number, and as a mark at the edge.
    line_x : tuple of float
        Where the marks of `emission_lines.line_groups` are.
    reached : tuple of tuple of str
        The lines in each band.
    seds : tuple of ShownSED
    answers : tuple of ShownAnswer
    warnings : tuple of str
        What is wrong with the galaxy, or may be with its catalogue.
    """

    galaxy: ObservedGalaxies
    view: ViewOptions
    title: str
    x: FloatArray
    redshift: float
    series: BandSeries
    used: BoolArray
    masked: BoolArray
    missing: BoolArray
    line_x: tuple[float, ...]
    reached: tuple[tuple[str, ...], ...]
    seds: tuple[ShownSED, ...]
    answers: tuple[ShownAnswer, ...]
    warnings: tuple[str, ...]

    @property
    def reason(self) -> tuple[MaskReason, ...]:
        """Why each band is not used."""
        return tuple(MaskReason(value) for value in self.galaxy.reason[0])


def resolve(
    galaxy: ObservedGalaxies,
    answers: Sequence[Answer],
    on_sliders: FittedSED | None,
    view: ViewOptions,
    pivot: FloatArray,
    reached: tuple[tuple[str, ...], ...],
    pending: Sequence[str] = (),
) -> ObservedFrame:
    """Return what is shown of a galaxy.

    Parameters
    ----------
    galaxy : ObservedGalaxies
        One row, with what the user masked.
    answers : sequence of Answer
        Those that have arrived.
    on_sliders : FittedSED, optional
        The population on the sliders, where it is to be shown.
    pivot : ndarray, shape (60,)
        Pivot wavelengths of the bands, Angstrom.
    reached : tuple of tuple of str
        The emission lines in each band.
    pending : sequence of str
        Models whose answers have not arrived yet.
    """
    redshift = float(np.nan_to_num(galaxy.redshift[0]))
    to_axis = axis_scale(view.frame, redshift)
    flux, error, mask = galaxy.flux_nu[0], galaxy.flux_nu_error[0], galaxy.mask[0]
    drawn = np.array([view.broad_bands or not band.is_broad for band in all_bands()])
    in_file = galaxy.reason[0] != MaskReason.NO_BAND
    has_number = np.isfinite(flux) & np.isfinite(vertical(view.quantity, flux))
    fitted = [(answer.name, answer.fitted) for answer in answers if answer.fitted is not None]
    if on_sliders is not None:
        fitted.append((SLIDERS, on_sliders))
    return ObservedFrame(
        galaxy=galaxy,
        view=view,
        title=title_of(galaxy),
        x=pivot * to_axis,
        redshift=redshift,
        series=band_series(view.quantity, flux, np.nan_to_num(error)),
        used=drawn & mask & has_number,
        masked=drawn & ~mask & has_number,
        missing=drawn & in_file & ~has_number,
        line_x=tuple(line.wavelength * (1 + redshift) * to_axis for line in line_groups()),
        reached=reached,
        seds=tuple(_shown_sed(name, sed, galaxy, view, to_axis) for name, sed in fitted),
        answers=(
            *(_shown_answer(answer) for answer in answers),
            *(_awaited(name) for name in pending),
        ),
        warnings=_warnings(galaxy, answers, reached),
    )


def title_of(galaxy: ObservedGalaxies) -> str:
    """Return a galaxy in a line."""
    redshift, magnitude, snr = (float(v[0]) for v in (galaxy.redshift, galaxy.magnitude, galaxy.snr))
    parts = [
        f"{galaxy.name[0]} (row {galaxy.row[0] + 1})",
        f"z = {redshift:.4f}" if np.isfinite(redshift) else "no redshift",
        f"AB {magnitude:.2f}" if np.isfinite(magnitude) else "no magnitude",
        f"S/N {snr:.1f}" if np.isfinite(snr) else "no S/N",
        f"{int(galaxy.mask[0, :N_SURVEY_BANDS].sum())} of {N_SURVEY_BANDS} bands",
    ]
    return " · ".join(parts)


def readout(frame: ObservedFrame, band: int) -> str:
    """Return the values of a band, by its position, in one line."""
    info, galaxy = all_bands()[band], frame.galaxy
    flux, error = galaxy.flux_nu[:, band], galaxy.flux_nu_error[:, band]
    parts = [info.name, f"λ {info.wavelength:.0f} Å"]
    if np.isfinite(flux[0]):
        spread = f" ± {error[0]:.2g}" if np.isfinite(error[0]) else ""
        parts.append(f"Fν {flux[0]:.4g}{spread} nMgy")
        magnitude, magnitude_error = magnitude_of_flux(flux)[0], magnitude_error_of_flux(flux, error)[0]
        if np.isfinite(magnitude):
            parts.append(f"AB {magnitude:.3f}" + (f" ± {magnitude_error:.3f}" if np.isfinite(magnitude_error) else ""))
        if error[0] > 0:
            parts.append(f"S/N {flux[0] / error[0]:.1f}")
    if frame.reason[band] != MaskReason.USED:
        parts.append(f"masked: {frame.reason[band].text}")
    if frame.reached[band]:
        parts.append(f"reached by {', '.join(frame.reached[band])}")
    unit = "σ" if frame.view.residual_unit is ResidualUnit.SIGMA else " mag"
    parts += [
        f"{model_title(sed.name)} {sed.residual[band]:+.2f}{unit}"
        for sed in frame.seds
        if np.isfinite(sed.residual[band])
    ]
    return "   ".join(parts)


def _shown_sed(name: str, sed: FittedSED, galaxy: ObservedGalaxies, view: ViewOptions, to_axis: float) -> ShownSED:
    flux, error = galaxy.flux_nu[0], galaxy.flux_nu_error[0]
    if view.residual_unit is ResidualUnit.SIGMA:
        residual = (flux - sed.flux_nu) / error
    else:
        residual = magnitude_of_flux(flux) - magnitude_of_flux(sed.flux_nu)
    return ShownSED(
        name,
        vertical(view.quantity, sed.flux_nu),
        spectrum_curve(view.quantity, sed.wavelength, sed.spectrum_nu, to_axis),
        residual,
        sed.chi2,
        sed.n_bands,
    )


def _shown_answer(answer: Answer) -> ShownAnswer:
    cells = [_cell(value, spread) for value, spread in zip(answer.point, answer.percentiles, strict=True)]
    cells.append(f"{answer.fitted.chi2:.4g} / {answer.fitted.n_bands}" if answer.fitted else "")
    problem = (answer.problem,) if answer.problem else ()
    clipped = answer.fitted.clipped if answer.fitted else ()
    remarks, explained = ((*problem, *words(answer.flag), *clipped) for words in (flag_meanings, flag_sentences))
    return ShownAnswer(answer.name, tuple(cells), remarks, answer.point, answer.corner, explained)


def _awaited(name: str) -> ShownAnswer:
    n = len(PARAMETERS)
    return ShownAnswer(name, ("…",) * n + ("",), (), np.full(n, np.nan), None)


def _cell(value: float, percentiles: FloatArray) -> str:
    if not np.isfinite(value):
        return "—"
    if not np.isfinite(percentiles).all():
        return f"{value:.2f}"
    low, median, high = percentiles
    digits = 2 if min(high - median, median - low) >= _SMALLEST_SHOWN else 3
    return f"{median:.{digits}f} +{high - median:.{digits}f} −{median - low:.{digits}f}"


def answer_tooltip(answer: ShownAnswer) -> str:
    """Return an answer in words, and what to do about its flags."""
    if not np.isfinite(answer.point).all():
        return "\n".join(answer.explained)
    age = f"{age_text(float(answer.point[PARAMETERS.index('log_age')]))} old"
    return "\n".join([f"{model_title(answer.name)}: {age}", *answer.explained])


def _warnings(
    galaxy: ObservedGalaxies, answers: Sequence[Answer], reached: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:
    """Return what is wrong with the galaxy itself, one sentence each; what is wrong with an answer is its remark."""
    warnings = [problem for problem in galaxy.problem if problem]
    if not np.isfinite(galaxy.redshift[0]):
        warnings.append("the redshift is not known: “Redshift…” takes a value, or the name of a column")
    fitted = [answer.fitted for answer in answers if answer.fitted is not None]
    if fitted:
        best = min(fitted, key=lambda sed: sed.chi2)
        above = (galaxy.flux_nu[0] - best.flux_nu) / galaxy.flux_nu_error[0]
        strong = np.flatnonzero((galaxy.mask[0] & (above > _LINE_SIGMAS))[:N_SURVEY_BANDS])
        found = [f"{', '.join(reached[i])} in {all_bands()[i].name} ({above[i]:+.1f}σ)" for i in strong if reached[i]]
        if found:
            warnings.append(f"emission lines, which models of stars do not have: {'; '.join(found[:4])}")
    return tuple(warnings)
