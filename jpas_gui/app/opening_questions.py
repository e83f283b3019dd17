"""What is asked about a catalogue that does not say it, with what the file shows of it, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jpas_gui.app.column_guess import templates
from jpas_gui.core.catalogues.column_map import BAND
from jpas_gui.core.catalogues.column_summary import ColumnSummary
from jpas_gui.core.catalogues.galactic_extinction import LARGEST_EBV
from jpas_gui.core.catalogues.opening import ObservedCatalogue, OpeningOptions
from jpas_gui.core.catalogues.redshifts import LARGEST_REDSHIFT
from jpas_gui.core.catalogues.unit_sample import PLAUSIBLE_MAGNITUDES, UnitSample, magnitude_in
from jpas_gui.core.catalogues.units import UNIT_CHOICES
from jpas_gui.core.errors import InputError
from jpas_gui.core.near_names import near_names

REST_FRAME = "Rest frame: the photometry is at redshift 0"
REDSHIFT_COLUMN = "Observed: the redshift of each galaxy is in the column"
ONE_REDSHIFT = "Observed: all galaxies have the redshift"
UNKNOWN_REDSHIFT = "Not known: galaxies are shown, and not fitted"
NO_EXTINCTION = "None"
EXTINCTION_COLUMN = "That of each galaxy, with E(B−V) from the column"
ONE_EXTINCTION = "That of one E(B−V), in mag, for all galaxies"

PLAUSIBLE = "✓ {:g} to {:g} mag".format(*PLAUSIBLE_MAGNITUDES)

_REDSHIFT_NAMES = ("redshift", "z", "zspec", "z_spec", "specz", "zsp", "photoz", "photo_z", "zphot", "z_phot")
_EXTINCTION_NAMES = ("ebv", "e_bv", "ebv_sfd", "eb_v", "ax_bv")

_UNIT_WORDS = {
    "mag": "AB magnitude",
    "1e-19 erg s-1 cm-2 A-1": "Fλ of the J-PAS archive",
    "1e-30 erg s-1 cm-2 Hz-1": "Fν of the J-PAS archive",
    "erg s-1 cm-2 A-1": "Fλ in cgs",
    "erg s-1 cm-2 Hz-1": "Fν in cgs",
    "nanomaggy": "Fν, 22.5 mag is 1",
    "Jy": "Fν",
    "uJy": "Fν, 23.9 mag is 1",
}


@dataclass(frozen=True)
class UnitReading:
    """A unit, and the AB magnitudes that it gives to the values that are shown; empty where it gives none.

    Parameters
    ----------
    unit, words : str
        As the program writes it, and what it is.
    first, median : str
    is_plausible : bool
        Whether galaxies have such magnitudes.
    """

    unit: str
    words: str
    first: str
    median: str
    is_plausible: bool


@dataclass(frozen=True)
class UnitQuestion:
    """In which unit some values are.

    Parameters
    ----------
    text : str
    sample : UnitSample
    readings : tuple of UnitReading
    chosen : int
        The reading that is proposed.
    """

    text: str
    sample: UnitSample
    readings: tuple[UnitReading, ...]
    chosen: int


@dataclass(frozen=True)
class Given:
    """An answer: the name of a column, a number, or None for neither."""

    value: str | float | None


@dataclass(frozen=True)
class ValueQuestion:
    """Where a number of each galaxy comes from: a column, one for all, or neither.

    Parameters
    ----------
    title, text : str
    fixed : mapping of str to float or None
        Answers that need nothing more, by their words; in front of the others but for None.
    column_words, number_words : str
        Words of the answers that need a column, or a number.
    columns : tuple of ColumnSummary
        Those that are proposed, the likely ones first.
    largest : float
        Of the numbers.
    present : Given, optional
        The answer that is proposed.
    """

    title: str
    text: str
    fixed: dict[str, float | None]
    column_words: str
    number_words: str
    columns: tuple[ColumnSummary, ...]
    largest: float
    present: Given | None = None


@dataclass(frozen=True)
class ColumnsQuestion:
    """Which columns hold the photometry."""

    text: str
    columns: tuple[ColumnSummary, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the file."""
        return tuple(column.name for column in self.columns)


def columns_question(name: str, columns: Sequence[ColumnSummary], reason: str) -> ColumnsQuestion:
    """Return the question for the columns of a file; `reason` says what is wrong with those that are nearly known."""
    said = f"{name} has no columns that are known to hold photometry of J-PAS and its errors"
    return ColumnsQuestion(f"{said}{reason and f' ({reason})'}. Which columns do?", tuple(columns))


def unit_reading(unit: str, sample: UnitSample) -> UnitReading:
    """Return what a unit would make of some values.

    Raises
    ------
    InputError
        If it is no unit of flux density or magnitude.
    """
    first, median = (magnitude_in(unit, value, sample.band) for value in (sample.first, sample.median))
    brightest, faintest = PLAUSIBLE_MAGNITUDES
    plausible = brightest <= median <= faintest
    return UnitReading(unit, _UNIT_WORDS.get(unit, ""), _magnitude(first), _magnitude(median), plausible)


def unit_question(name: str, sample: UnitSample, present: str | None = None) -> UnitQuestion:
    """Return the question for the unit of a file; the present unit is proposed, or the only one that is plausible."""
    units = dict.fromkeys((*UNIT_CHOICES, *([present] if present else [])))
    readings = tuple(unit_reading(unit, sample) for unit in units)
    plausible = [place for place, reading in enumerate(readings) if reading.is_plausible]
    if present:
        chosen, said = [reading.unit for reading in readings].index(present), f"{name} is read in {present}."
    else:
        chosen, said = (plausible or [0])[0], f"{name} does not say the unit of its photometry."
    shown = f"{sample.column}: the first value is {sample.first:.4g}, the median {sample.median:.4g}"
    shown = shown if np.isfinite(sample.median) else f"{sample.column} has no value in its first rows"
    return UnitQuestion(f"{said} In which unit is it?\n{shown}.", sample, readings, chosen)


def redshift_question(
    name: str, columns: Sequence[ColumnSummary], likely: Sequence[str] = (), present: Given | None = None
) -> ValueQuestion:
    """Return the question for redshift and frame of a file.

    Parameters
    ----------
    name : str
        Of the file.
    columns : sequence of ColumnSummary
    likely : sequence of str
        Those that are known to be redshifts.
    present : Given, optional
        How it is read now; None where it is not yet open.
    """
    likely = [*likely, *_REDSHIFT_NAMES]
    offered = _arranged(columns, likely)
    has_column = bool(offered) and offered[0].name.casefold() in {name.casefold() for name in likely}
    said = f"{name} does not say its redshifts" if not has_column else f"{name} may be read in several ways"
    said = "" if present else f"{said}. "
    fixed: dict[str, float | None] = {REST_FRAME: 0.0, UNKNOWN_REDSHIFT: None}
    if has_column:
        present, fixed = present or Given(offered[0].name), {REST_FRAME: 0.0}
    return ValueQuestion(
        title="Rest frame or observed?",
        text=f"{said}What redshift do its galaxies have?",
        fixed=fixed,
        column_words=REDSHIFT_COLUMN,
        number_words=ONE_REDSHIFT,
        columns=offered,
        largest=LARGEST_REDSHIFT,
        present=present,
    )


def extinction_question(name: str, columns: Sequence[ColumnSummary], present: Given) -> ValueQuestion:
    """Return the question for the extinction by the Milky Way."""
    return ValueQuestion(
        title="Extinction by the Milky Way",
        text=f"Which extinction by the Milky Way is to be removed from the photometry of {name}?",
        fixed={NO_EXTINCTION: None},
        column_words=EXTINCTION_COLUMN,
        number_words=ONE_EXTINCTION,
        columns=_arranged(columns, _EXTINCTION_NAMES),
        largest=LARGEST_EBV,
        present=present,
    )


def column_named(text: str, names: Sequence[str]) -> str:
    """Return the column that a user names, in any case.

    Raises
    ------
    InputError
        If there is none; it names those near it.
    """
    wanted = text.strip()
    if not wanted:
        raise InputError("choose a column")
    found = next((name for name in names if name == wanted), None) or next(
        (name for name in names if name.casefold() == wanted.casefold()), None
    )
    if found is not None:
        return found
    near = near_names(wanted, names)
    raise InputError(f"there is no column {wanted!r}" + (f": did you mean {' or '.join(near)}?" if near else ""))


def columns_named(text: str, names: Sequence[str]) -> str:
    """Return the column that a user names, or a pattern such as ``"FLUX_{band}"`` that columns follow.

    Raises
    ------
    InputError
        If there is none; it names those near it.
    """
    before, band, after = text.strip().partition(BAND)
    if not band:
        return column_named(text, names)
    if any(name.startswith(before) and name.endswith(after) and len(name) > len(before + after) for name in names):
        return text.strip()
    near = near_names(text, templates(names))
    raise InputError(f"no column follows {text.strip()!r}" + (f": did you mean {' or '.join(near)}?" if near else ""))


def column_or_number(text: str, names: Sequence[str], largest: float) -> str | float | None:
    """Return the column or the number that a user wrote; None for nothing.

    Raises
    ------
    InputError
        If it is neither.
    """
    if not text.strip():
        return None
    try:
        float(text.replace(",", "."))
    except ValueError:
        return column_named(text, names)
    return number_of(text, largest)


def number_of(text: str, largest: float) -> float:
    """Return the number that a user wrote.

    Raises
    ------
    InputError
        If it is none, or outside 0 to `largest`.
    """
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        raise InputError(f"{text.strip()!r} is no number" if text.strip() else "write a number") from None
    if not 0 <= number <= largest:
        raise InputError(f"{number:g} is outside 0 to {largest:g}")
    return number


def reading_text(catalogue: ObservedCatalogue) -> str:
    """Return in few words how a catalogue is read, such as "nanomaggy, rest frame"."""
    options, redshift = catalogue.options, catalogue.redshift
    parts = [catalogue.unit]
    if redshift is None:
        parts.append("redshift not known")
    elif isinstance(redshift, str):
        parts.append(f"redshift from column {redshift}")
    else:
        parts.append("rest frame" if redshift == 0 else f"redshift {redshift:g} for all")
    if options.extinction is not None:
        parts.append(f"E(B−V) {_named(options.extinction)} removed")
    return ", ".join(parts)


def has_answers(options: OpeningOptions) -> bool:
    """Return whether a user said anything of a catalogue."""
    return options != OpeningOptions()


def _named(value: str | float) -> str:
    return f"from column {value}" if isinstance(value, str) else f"{value:g}"


def _arranged(columns: Sequence[ColumnSummary], likely: Sequence[str]) -> tuple[ColumnSummary, ...]:
    names = [name.casefold() for name in likely]

    def rank(column: ColumnSummary) -> int:
        plain = column.name.casefold()
        return names.index(plain) if plain in names else len(names)

    return tuple(sorted(columns, key=rank))


def _magnitude(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else ""
