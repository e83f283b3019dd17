"""From one observed galaxy and its answers to what is shown: pure functions and frozen arrays."""

from collections.abc import Iterator, Sequence
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
from jpas_gui.core.evaluation.labels import LABELS
from jpas_gui.core.flags import FLAGS, Flag, is_poor_fit
from jpas_gui.core.inference.catalogue_model import EXACT
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.prior_edges import EDGE_ADVICE
from jpas_gui.core.inference.shipped import model_title
from jpas_gui.core.magnitudes import magnitude_error_of_flux, magnitude_of_flux
from jpas_gui.core.photometry.bands import N_SURVEY_BANDS, all_bands

SLIDERS = "sliders"
"""The name of the population on the sliders among the models."""

_SAME_FIT = 14.2
"""By so much chi2 may differ where three parameters leave the 99.7% that the data allow."""

_LONGEST_NAME = 24

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
    title : str
        What people call it, with library and dust law where its numbers stand on them.
    y : ndarray, shape (60,)
    spectrum : Curve
    residual : ndarray, shape (60,)
        Observed minus SED, in the unit of residuals, wherever there is a number, used or not.
    chi2 : float
    n_bands : int
        Of chi2.
    is_poor : bool
        Whether noise alone hardly makes chi2 as large.
    """

    name: str
    title: str
    y: FloatArray
    spectrum: Curve
    residual: FloatArray
    chi2: float
    n_bands: int
    is_poor: bool


@dataclass(frozen=True, eq=False)
class ShownAnswer:
    """A row of the table of answers, and its part of the corner plot.

    `cells` are log age, [M/H], E(B−V) and chi2 over the number of bands; `remarks` say why there is no answer or why
    it deserves no trust, and `explained` says what to do about it, too; `notes` say of which population the SED is,
    where it is not that of the numbers.
    """

    name: str
    title: str
    cells: tuple[str, ...]
    remarks: tuple[str, ...]
    point: FloatArray
    corner: Corner | None
    explained: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ObservedFrame:
    """All that is shown of one galaxy. Arrays have the 60 bands in the order of `all_bands`.

    Parameters
    ----------
    galaxy : ObservedGalaxies
        One row, with what the user masked.
    view : ViewOptions
    title : str
    stands_on : str
        Library and dust law of the exact posterior and of the SEDs of all answers.
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
    stands_on: str
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
    stands_on: str = "",
    sliders_stand_on: str = "",
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
    stands_on, sliders_stand_on : str
        Library and dust law of the answers, and of the population on the sliders.
    """
    redshift = float(np.nan_to_num(galaxy.redshift[0]))
    to_axis = axis_scale(view.frame, redshift)
    flux, error, mask = galaxy.flux_nu[0], galaxy.flux_nu_error[0], galaxy.mask[0]
    drawn = np.array([view.broad_bands or not band.is_broad for band in all_bands()])
    in_file = galaxy.reason[0] != MaskReason.NO_BAND
    has_number = np.isfinite(flux) & np.isfinite(vertical(view.quantity, flux))
    fitted = [(answer.name, stands_on, answer.fitted) for answer in answers if answer.fitted is not None]
    if on_sliders is not None:
        fitted.append((SLIDERS, sliders_stand_on, on_sliders))
    return ObservedFrame(
        galaxy=galaxy,
        view=view,
        title=title_of(galaxy),
        stands_on=stands_on,
        x=pivot * to_axis,
        redshift=redshift,
        series=band_series(view.quantity, flux, np.nan_to_num(error)),
        used=drawn & mask & has_number,
        masked=drawn & ~mask & has_number,
        missing=drawn & in_file & ~has_number,
        line_x=tuple(line.wavelength * (1 + redshift) * to_axis for line in line_groups()),
        reached=reached,
        seds=tuple(_shown_sed(name, answer_title(name, on), sed, galaxy, view, to_axis) for name, on, sed in fitted),
        answers=(
            *(_shown_answer(answer, answer_title(answer.name, stands_on)) for answer in answers),
            *(_awaited(name, answer_title(name, stands_on)) for name in pending),
        ),
        warnings=_warnings(galaxy, answers, reached),
    )


def answer_title(name: str, stands_on: str = "") -> str:
    """Return what people call a model, the exact posterior or the sliders, with library and dust law."""
    if name not in (EXACT, SLIDERS):
        return model_title(name)
    plain = {EXACT: "exact", SLIDERS: "sliders"}[name]
    return f"{plain} ({stands_on})" if stands_on else plain


def _shortened(name: str) -> str:
    """Return a name with its middle left out where it is very long: what tells names apart is at either end."""
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME // 2 - 1]}…{name[-_LONGEST_NAME // 2 :]}"


def title_of(galaxy: ObservedGalaxies, with_bands: bool = True) -> str:
    """Return a galaxy in a line, with how many of the survey's bands are usable."""
    redshift, magnitude, snr = (float(v[0]) for v in (galaxy.redshift, galaxy.magnitude, galaxy.snr))
    parts = [
        f"{_shortened(str(galaxy.name[0]))} (row {galaxy.row[0] + 1})",
        f"z = {signed(redshift, 4)}" if np.isfinite(redshift) else "no redshift",
        f"AB {signed(magnitude)}" if np.isfinite(magnitude) else "no magnitude",
        f"S/N {signed(snr, 1)}" if np.isfinite(snr) else "no S/N",
    ]
    if with_bands:
        parts.append(f"{int(galaxy.mask[0, :N_SURVEY_BANDS].sum())} of {N_SURVEY_BANDS} bands")
    return " · ".join(parts)


def readout(frame: ObservedFrame, band: int) -> str:
    """Return the values of a band, by its position, in one line."""
    info, galaxy = all_bands()[band], frame.galaxy
    flux, error = galaxy.flux_nu[:, band], galaxy.flux_nu_error[:, band]
    parts = [info.name, f"λ {info.wavelength:.0f} Å"]
    if np.isfinite(flux[0]):
        spread = f" ± {error[0]:.2g}" if np.isfinite(error[0]) else ""
        parts.append(f"Fν {flux[0]:.4g}{spread} nMgy".replace("-", "−"))
        magnitude, magnitude_error = magnitude_of_flux(flux)[0], magnitude_error_of_flux(flux, error)[0]
        if np.isfinite(magnitude):
            parts.append(
                f"AB {signed(magnitude, 3)}" + (f" ± {magnitude_error:.3f}" if np.isfinite(magnitude_error) else "")
            )
        if error[0] > 0:
            parts.append(f"S/N {signed(flux[0] / error[0], 1)}")
    if frame.reason[band] != MaskReason.USED:
        parts.append(f"masked: {frame.reason[band].text}")
    if frame.reached[band]:
        parts.append(f"reached by {', '.join(frame.reached[band])}")
    unit = "σ" if frame.view.residual_unit is ResidualUnit.SIGMA else " mag"
    parts += [
        f"{sed.title} {signed(sed.residual[band], sign='+')}{unit}"
        for sed in frame.seds
        if np.isfinite(sed.residual[band])
    ]
    return "   ".join(parts)


def _shown_sed(
    name: str, title: str, sed: FittedSED, galaxy: ObservedGalaxies, view: ViewOptions, to_axis: float
) -> ShownSED:
    flux, error = galaxy.flux_nu[0], galaxy.flux_nu_error[0]
    if view.residual_unit is ResidualUnit.SIGMA:
        residual = (flux - sed.flux_nu) / error
    else:
        residual = magnitude_of_flux(flux) - magnitude_of_flux(sed.flux_nu)
    return ShownSED(
        name,
        title,
        vertical(view.quantity, sed.flux_nu),
        spectrum_curve(view.quantity, sed.wavelength, sed.spectrum_nu, to_axis),
        residual,
        sed.chi2,
        sed.n_bands,
        bool(is_poor_fit(sed.chi2, sed.n_bands)),
    )


def _shown_answer(answer: Answer, title: str) -> ShownAnswer:
    cells = [_cell(value, spread) for value, spread in zip(answer.point, answer.percentiles, strict=True)]
    cells.append(f"{_chi2_text(answer.fitted.chi2)} / {answer.fitted.n_bands}" if answer.fitted else "")
    clauses = list(_clauses(answer))
    return ShownAnswer(
        answer.name,
        title,
        tuple(cells),
        tuple(clause for clause, _ in clauses),
        answer.point,
        answer.corner,
        tuple(f"{clause}; {advice}" if advice else clause for clause, advice in clauses),
        _notes(answer),
    )


def _clauses(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield why there is no answer, or why it deserves no trust, and what to do about each."""
    if answer.problem:
        yield answer.problem, ""
    if answer.why_not:
        yield from ((clause, FLAGS[_refused(answer.flag)].advice) for clause in answer.why_not)
    for bit, words in FLAGS.items():
        if answer.flag & bit and not (answer.why_not and bit in (Flag.BANDS, Flag.REDSHIFT)):
            yield words.meaning, words.advice
    yield from ((clause, EDGE_ADVICE) for clause in answer.edges)
    fitted = answer.fitted
    if fitted is not None:
        if not answer.flag & Flag.CHI2 and is_poor_fit(fitted.chi2, fitted.n_bands):
            errors = ": the errors of the answer mean nothing" if np.isfinite(answer.percentiles).all() else ""
            yield f"its SED does not fit the photometry{errors}", "compare with the exact posterior"
        yield from ((clause, "") for clause in fitted.clipped)


def _refused(flag: int) -> Flag:
    return Flag.BANDS if flag & Flag.BANDS else Flag.REDSHIFT


def _notes(answer: Answer) -> tuple[str, ...]:
    """Return of which population the SED is, where the medians of the parameters are together no solution."""
    fitted = answer.fitted
    if fitted is None or not answer.at_medians - fitted.chi2 > _SAME_FIT:
        return ()
    values = (getattr(fitted.population, name) for name in PARAMETERS)
    best = ", ".join(f"{LABELS[name].symbol} {signed(value)}" for name, value in zip(PARAMETERS, values, strict=True))
    return (
        f"the medians together fit badly (χ² {answer.at_medians:.4g}): "
        f"the SED is that of the most probable population, {best}",
    )


def _awaited(name: str, title: str) -> ShownAnswer:
    n = len(PARAMETERS)
    return ShownAnswer(name, title, ("…",) * n + ("",), (), np.full(n, np.nan), None)


def _cell(value: float, percentiles: FloatArray) -> str:
    if not np.isfinite(value):
        return "—"
    if not np.isfinite(percentiles).all():
        return signed(value)
    low, median, high = percentiles
    digits = 2 if min(high - median, median - low) >= _SMALLEST_SHOWN else 3
    return f"{signed(median, digits)} +{high - median:.{digits}f} −{median - low:.{digits}f}"


def _chi2_text(chi2: float) -> str:
    return f"{chi2:.1f}" if chi2 < 1000 else f"{chi2:.0f}"


def signed(value: float, digits: int = 2, sign: str = "") -> str:
    """Return a number with a minus as wide as a plus, and none before a zero."""
    return f"{round(value, digits) + 0.0:{sign}.{digits}f}".replace("-", "−")


def answer_tooltip(answer: ShownAnswer) -> str:
    """Return an answer in words, and what to do about its flags."""
    if not np.isfinite(answer.point).all():
        return "\n".join(answer.explained)
    age = f"{age_text(float(answer.point[PARAMETERS.index('log_age')]))} old"
    return "\n".join([f"{answer.title}: {age}", *answer.explained, *answer.notes])


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
        found = [
            f"{', '.join(reached[i])} in {all_bands()[i].name} ({signed(above[i], 1, '+')}σ)"
            for i in strong
            if reached[i]
        ]
        if found:
            warnings.append(f"emission lines, which models of stars do not have: {'; '.join(found[:4])}")
    return tuple(warnings)
