"""Ages of models, in the units that a keyword or column, or what stands beside it, says.

The standard puts the unit of a keyword in brackets into its comment, ``AGE = 8.7 / [log yr]``; most files say it in
words, ``Age in Gyr``, ``log10(age/yr)``. What names a unit that is not understood is refused, never guessed at.
"""

import math
import re

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import log_age_of
from jpas_gui.core.ssp.readers.stated import Stated
from jpas_gui.core.ssp.units import FileUnit, parse_unit

LOG_AGES = (4.0, math.log10(25e9))
"""log age in yr that a population may have."""

OLDEST_GYR = 25.0

_NAME = re.compile(
    r"(?P<log>log|lg|log10|ln)?_?(?:ssp)?_?t?ages?_?(?P<log_after>log|ln)?_?(?P<unit>gyr|myr|kyr|yr|years?)?",
    re.IGNORECASE,
)
_LOG = re.compile(
    r"(?<![a-z])(?:ln|log_?e|natural\W+log(?:arithm)?|log_?10|log(?:arithm(?:ic)?)?|lg|dex)(?![a-z])"
    r"(?!\W*(?:spac|sampl|grid|bin|step|file))",
    re.IGNORECASE,
)
_NATURAL = re.compile(r"ln|log_?e|natural", re.IGNORECASE)
_TIME = re.compile(
    r"(?:(?:10\s*(?:\^|\*\*)\s*|1(?:\.0*)?e\+?)(?P<power>\d+)|(?P<number>billion|million|thousand)s?(?:\s+of)?)?[\s*-]*"
    r"(?<![a-z])(?P<word>(?:giga|mega|kilo)?-?years?|[gmk]?yrs?)(?![a-z])",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\[([^\]]*)\]")
_OTHER_UNIT = re.compile(r"\(([^()]+)\)|(?<![a-z])in\s+(?:units?\s+of\s+)?(\S+)", re.IGNORECASE)

_WORDS = {
    "yr": 1.0, "year": 1.0, "kyr": 1e3, "kiloyear": 1e3, "myr": 1e6, "megayear": 1e6, "gyr": 1e9, "gigayear": 1e9,
}  # fmt: skip
_NUMBERS = {"billion": 1e9, "million": 1e6, "thousand": 1e3}

_WANTED = "write its unit in brackets into the comment of the keyword, such as [Gyr], [Myr], [yr] or [log yr]"


def is_age(name: str) -> bool:
    """Whether a keyword or column is called as ages are."""
    return _parts(name) is not None


def _parts(name: str) -> re.Match[str] | None:
    return _NAME.fullmatch(re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_"))


def log_age(stated: Stated) -> tuple[float, str]:
    """Return log10(age / yr), and what had to be assumed, "" where nothing.

    Raises
    ------
    InputError
        If the unit is not understood, or no population is of that age, with the reason alone.
    """
    years, base = _unit(stated)
    if base:
        exponent = stated.value * math.log10(base)
        unit = years or (1.0 if exponent > 2 else 1e9)
        value = exponent + math.log10(unit)
        word = "ln" if base == math.e else "log10"
        assumed = "" if years else f"{stated.name} is {word} of {'yr' if unit == 1 else 'Gyr'} (no unit)"
    elif not stated.value > 0:
        raise InputError(f"its {stated}: an age must be a positive number")
    elif years is None and stated.value > OLDEST_GYR:
        raise InputError(f"its {stated} has no unit and is no age in Gyr: {_WANTED}")
    else:
        value = log_age_of(stated.value * (years or 1e9))
        assumed = "" if years else f"{stated.name} is in Gyr (no unit)"
    if not LOG_AGES[0] <= value <= LOG_AGES[1]:
        raise InputError(f"its {stated} is no age of stars: {_WANTED}")
    return round(value, 5), assumed


def _unit(stated: Stated) -> tuple[float | None, float | None]:
    """Return the unit in yr and of which base the number is a logarithm, None where the file says of none."""
    name, said = _parts(stated.name), stated.said
    of_name = _years_in_words(name["unit"] or "") if name else None
    bracket = _BRACKET.search(said)
    years = _years_in_bracket(bracket[1]) if bracket else _years_in_words(said)
    if of_name and years and of_name != years:
        raise InputError(f"its {stated} gives two units of age: mend one of them")
    of_log = ((name["log"] or name["log_after"]) if name else "") or _logarithm(said, bracket)
    base = (math.e if _NATURAL.match(of_log) else 10.0) if of_log else None
    years = years or of_name
    if years is None and not base and (unit := _other_unit(said)):
        years = _in_years(unit)
    return years, base


def _logarithm(said: str, bracket: re.Match[str] | None) -> str:
    """Return the word for the logarithm that a text says the number is, "" where it says of none."""
    log, unit = _LOG.search(said), bracket or _TIME.search(said)
    # "[log yr]" and "log age in yr" are; "Gyr, one file per log age" is not.
    return log[0] if log and (unit is None or log.start() < unit.end()) else ""


def _years_in_bracket(text: str) -> float | None:
    if unit := _parsed(text):
        return _in_years(unit)
    years = _years_in_words(text)
    if years is None and not _LOG.fullmatch(text.strip()):
        raise InputError(f"'[{text}]' is no unit of age: {_WANTED}")
    return years


def _years_in_words(text: str) -> float | None:
    """Return the one unit of time in a text in yr, None where there is none."""
    found = set()
    for match in _TIME.finditer(text):
        years = _WORDS[re.sub(r"[^a-z]", "", match["word"].lower()).rstrip("s")]
        if match["power"]:
            years *= 10.0 ** min(int(match["power"]), 99)
        found.add(years * _NUMBERS.get((match["number"] or "").lower(), 1.0))
    if len(found) > 1:
        raise InputError(f"'{text.strip()}' names several units of age: name one")
    return found.pop() if found else None


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
        raise InputError(f"its age has the unit {unit.unit}: {_WANTED}") from error


def _other_unit(text: str) -> FileUnit | None:
    """Return what a comment calls the unit in other words, where it is one that is known."""
    words = ((match[1] or match[2]).strip() for match in _OTHER_UNIT.finditer(text))
    # A letter alone is a word ("in a galaxy") as often as a unit.
    return next((unit for word in words if (len(word) > 1 or word == "s") and (unit := _parsed(word))), None)
