"""Age and metallicity of a model from numbers of a file, with the units that their keyword and its comment say.

The standard puts the unit of a keyword in brackets into its comment, ``AGE = 8.7 / [log yr]``; most files say it in
words, ``Age in Gyr``, ``log10(age/yr)``. What names a unit that is not understood is refused, never guessed at.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from astropy.io import fits

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import log_age_of, metallicity_of
from jpas_gui.core.ssp.units import FileUnit, parse_unit

LOG_AGES = (4.0, math.log10(25e9))
METALLICITIES = (-6.0, 1.5)
"""What a population may have: log age in yr, [M/H]."""

OLDEST_GYR = 25.0
LARGEST_Z = 0.15
_LARGEST_COMMON_Z = 0.055

_AGE_NAME = re.compile(
    r"(?:log|lg|log10)?_?(?:ssp)?_?t?ages?_?(?:log)?_?(?P<unit>gyr|myr|kyr|yr|years?)?", re.IGNORECASE
)
_LOG_WORD = re.compile(r"(?<![a-z])(log_?10|log|lg|dex)(?![a-z])", re.IGNORECASE)
_TIME_WORD = re.compile(r"(?<![a-z])(?:(giga|mega|kilo)?-?years?|[gmk]?yrs?)(?![a-z])", re.IGNORECASE)
_POWER = re.compile(r"(?:10\s*(?:\^|\*\*)\s*|1(?:\.0*)?e\+?)(\d+)|(billion|million|thousand)", re.IGNORECASE)
_OTHER_UNIT = re.compile(r"\(([^()]+)\)|(?<![a-z])in\s+(?:units?\s+of\s+)?(\S+)", re.IGNORECASE)

_SOLAR_LOGARITHMS = re.compile(
    r"\[\s*(?:M|Z|Fe|Me|m|z)\s*/\s*H\s*\]|log_?(?:10)?\s*\(?\s*\[?\s*Z\s*/\s*Z_?\(?(?:sun|sol|solar|☉|⊙)"
    r"|(?<![a-z])dex(?![a-z])|log_?(?:10)?\s*\(?Z_?\(?(?:solar|sun)",
    re.IGNORECASE,
)
_SOLAR_UNITS = re.compile(
    r"Z\s*/\s*Z_?(?:sun|sol|solar|☉|⊙)|solar\s+units?|(?:in|to)\s+(?:units?\s+of\s+)?(?:the\s+)?(?:solar|sun|Z_?sun)"
    r"|\[\s*(?:solar|Z_?sun)\s*\]",
    re.IGNORECASE,
)
_LOG_OF_Z = re.compile(r"log_?(?:10)?\s*\(?\s*Z\b", re.IGNORECASE)
_PERCENT = re.compile(r"%|per\s?cent|10\*\*-2", re.IGNORECASE)

_DEX_NAMES = {"mh", "zh", "feh", "meh", "moh", "logzsol", "logzzsun", "logzzsol", "zhdex", "mhdex", "metaldex", "dex"}
_Z_NAMES = {
    "z",
    "zmet",
    "zini",
    "zinit",
    "zmetal",
    "zstar",
    "metal",
    "metallic",
    "metallicity",
    "met",
    "metals",
    "zsol",
}
_FRACTION_NAMES = {"z", "zini", "zinit"}


@dataclass(frozen=True)
class Stated:
    """A number of a file.

    Parameters
    ----------
    name : str
        Of its keyword or column.
    value : float
    said : str
        What stands beside it: the comment of a keyword, the unit of a column.
    """

    name: str
    value: float
    said: str = ""

    def __str__(self) -> str:
        return f"{self.name} = {self.value:g}" + (f" ({self.said})" if self.said else "")


def is_age(name: str) -> bool:
    """Whether a keyword or column is called as ages are."""
    return _AGE_NAME.fullmatch(_words(name)) is not None


def _words(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")


def metallicity_name(names: Iterable[str]) -> str | None:
    """Return which of the keywords or columns is the metallicity, None where none is.

    [M/H], [Z/H] and [Fe/H] go before Z, which may be a redshift.
    """
    plain = {_letters(name).removesuffix("dex"): name for name in reversed(list(names))}
    return next((plain[name] for names in (_DEX_NAMES, _Z_NAMES, {"logz"}) for name in plain if name in names), None)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def parameters_of_header(headers: Sequence[fits.Header]) -> tuple[Stated, Stated]:
    """Return age and metallicity as the headers of a file give them.

    Raises
    ------
    InputError
        If they do not, with the reason alone.
    """
    keys = [key for header in headers for key in header]
    age, metals = next((key for key in keys if is_age(key)), None), metallicity_name(keys)
    if not age or not metals:
        missing = " and ".join(word for word, key in (("age (AGE)", age), ("metallicity (Z, MH)", metals)) if not key)
        raise InputError(f"its header does not give {missing}")
    return _stated(headers, age), _stated(headers, metals)


def _stated(headers: Sequence[fits.Header], key: str) -> Stated:
    header = next(header for header in headers if key in header)
    try:
        value, comment = header[key], header.comments[key]
        number = re.match(r"\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)(.*)", str(value))
        if isinstance(value, bool) or not number:
            raise ValueError
        return Stated(key, float(number[1]), f"{number[2]} {comment}".strip())
    except (TypeError, ValueError, fits.VerifyError) as error:
        raise InputError(f"its header does not give age and metallicity: {key} is no number") from error


def log_age(stated: Stated) -> tuple[float, str]:
    """Return log10(age / yr), and what had to be assumed, "" where nothing.

    Raises
    ------
    InputError
        If the unit is not understood, or no population is of that age, with the reason alone.
    """
    name = _AGE_NAME.fullmatch(_words(stated.name))
    of_name, of_comment = _time_unit(name["unit"] or "" if name else ""), _time_unit(stated.said)
    is_log = bool(_LOG_WORD.search(stated.said) or re.match(r"(log|lg)|.*_log", stated.name, re.IGNORECASE))
    years = of_comment or of_name
    if of_name and of_comment and of_name != of_comment:
        raise InputError(f"its {stated} gives two units of age: mend one of them")
    if years is None and not is_log and (unit := _other_unit(stated.said)):
        years = _in_years(unit)
    if is_log:
        value = stated.value + math.log10(years or _years_of_logarithm(stated.value))
        assumed = "" if years else f"{stated.name} is log10 of {'yr' if stated.value > 2 else 'Gyr'} (no unit)"
    elif not stated.value > 0:
        raise InputError(f"its {stated}: an age must be a positive number")
    elif years is None and stated.value > OLDEST_GYR:
        raise InputError(f"its {stated} has no unit and is no age in Gyr: {_WANTED_AGE}")
    else:
        value = log_age_of(stated.value * (years or 1e9))
        assumed = "" if years else f"{stated.name} is in Gyr (no unit)"
    if not LOG_AGES[0] <= value <= LOG_AGES[1]:
        raise InputError(f"its {stated} is no age of stars: {_WANTED_AGE}")
    return round(value, 5), assumed


_WANTED_AGE = "write its unit in brackets into the comment of the keyword, such as [Gyr], [Myr], [yr] or [log yr]"


def _years_of_logarithm(value: float) -> float:
    return 1.0 if value > 2 else 1e9


def _time_unit(text: str) -> float | None:
    """Return the one unit of time in a text in yr, None where there is none."""
    bracket = re.search(r"\[([^\]]*)\]", text)
    if bracket and (unit := _parsed(bracket[1])):
        return _in_years(unit)
    if bracket:
        text = bracket[1]
    factors = {_WORD_YEARS[re.sub(r"[^a-z]", "", match[0].lower()).rstrip("s")] for match in _TIME_WORD.finditer(text)}
    power = _POWER.search(text)
    if power and factors == {1.0}:
        factors = {float(_NUMBERS.get((power[2] or "").lower(), 0) or 10.0 ** int(power[1] or 0))}
    if len(factors) > 1:
        raise InputError(f"'{text.strip()}' names several units of age: name one")
    if bracket and not factors and not _LOG_WORD.fullmatch(text.strip()):
        raise InputError(f"'[{text}]' is no unit of age: {_WANTED_AGE}")
    return factors.pop() if factors else None


_WORD_YEARS = {
    "yr": 1.0, "year": 1.0, "kyr": 1e3, "kiloyear": 1e3, "myr": 1e6, "megayear": 1e6, "gyr": 1e9, "gigayear": 1e9,
}  # fmt: skip
_NUMBERS = {"billion": 1e9, "million": 1e6, "thousand": 1e3}


def _parsed(text: str) -> FileUnit | None:
    try:
        return parse_unit(text)
    except InputError:
        return None


def _in_years(unit: FileUnit) -> float:
    from astropy import units as u

    try:
        return float(unit.unit.to(u.yr))
    except u.UnitConversionError as error:
        raise InputError(f"its age has the unit {unit.unit}: {_WANTED_AGE}") from error


def _other_unit(text: str) -> FileUnit | None:
    """Return what a comment calls the unit in other words, where it is one that is known."""
    words = ((match[1] or match[2]).strip() for match in _OTHER_UNIT.finditer(text))
    return next((unit for word in words if (unit := _parsed(word))), None)


def metallicities(stated: Sequence[Stated], solar_metallicity: float) -> tuple[list[float], str]:
    """Return [M/H] of numbers under one name, and what had to be assumed, "" where nothing.

    Where one of them is negative, which Z is not, all are [M/H]; where several lie between 0 and 0.055, all are Z.

    Raises
    ------
    InputError
        As `metallicity`.
    """
    is_plain = not any(one.said for one in stated) and _letters(stated[0].name) != "logz" if stated else False
    if is_plain and min(one.value for one in stated) < 0:
        assumed = f"{stated[0].name} is [M/H] (no unit)"
        found = [metallicity(replace(one, said="[M/H]"), solar_metallicity)[0] for one in stated]
        return found, "" if _letters(stated[0].name) in _DEX_NAMES else assumed
    is_unnamed = is_plain and _letters(stated[0].name) not in _DEX_NAMES | _FRACTION_NAMES
    if is_unnamed and are_mass_fractions(one.value for one in stated):
        found = [metallicity(replace(one, said="mass fraction"), solar_metallicity)[0] for one in stated]
        return found, f"{stated[0].name} is a mass fraction (no unit)"
    pairs = [metallicity(one, solar_metallicity) for one in stated]
    return [value for value, _ in pairs], next((text for _, text in pairs if text), "")


def are_mass_fractions(values: Iterable[float]) -> bool:
    """Whether metallicities can be nothing but mass fractions: no library has several [M/H] that are so alike."""
    found = set(values)
    return len(found) > 1 and min(found) > 0 and max(found) < _LARGEST_COMMON_Z


def metallicity(stated: Stated, solar_metallicity: float) -> tuple[float, str]:
    """Return [M/H], and what had to be assumed, "" where nothing.

    Raises
    ------
    InputError
        If it is not clear whether the number is [M/H] or Z, or no population has it, with the reason alone.
    """
    name, said = _letters(stated.name), stated.said
    assumed = ""
    is_fraction = "fraction" in said.lower()
    if not is_fraction and (name in _DEX_NAMES or name.endswith("dex") or _SOLAR_LOGARITHMS.search(said)):
        value = stated.value + 0.0
        if name == "feh":
            assumed = "[M/H] is taken to be [Fe/H]"
    elif _LOG_OF_Z.search(said):
        value = metallicity_of(10.0**stated.value, solar_metallicity)
    elif _PERCENT.search(said):
        value = metallicity_of(stated.value / 100, solar_metallicity)
    elif _SOLAR_UNITS.search(said) or name == "zsol":
        value = metallicity_of(stated.value, 1.0)
    elif (bracket := re.search(r"\[([^\]]*)\]", said)) and bracket[1].strip() not in ("", "-", "1"):
        raise InputError(
            f"its {stated} has the unit '{bracket[0]}', which is none of metallicity: {_WANTED_METALLICITY}"
        )
    elif name in _FRACTION_NAMES or is_fraction:
        if not 0 < stated.value <= LARGEST_Z:
            raise InputError(f"its {stated} is no mass fraction of metals: {_WANTED_METALLICITY}")
        value = metallicity_of(stated.value, solar_metallicity)
    elif stated.value < 0 and name != "logz":
        value, assumed = stated.value, f"{stated.name} is [M/H] (no unit)"
    else:
        raise InputError(f"its {stated} may be Z or [M/H]: {_WANTED_METALLICITY}")
    if not METALLICITIES[0] <= value <= METALLICITIES[1]:
        raise InputError(f"its {stated} is no metallicity of stars: {_WANTED_METALLICITY}")
    return value, assumed


_WANTED_METALLICITY = "call it Z (mass fraction) or MH ([M/H]), or say which it is in its comment"
