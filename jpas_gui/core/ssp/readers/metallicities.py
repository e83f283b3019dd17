"""Metallicities of models: whether a number is [M/H] or Z, as its name and what stands beside it say."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.grid import metallicity_of
from jpas_gui.core.ssp.readers.stated import Stated

METALLICITIES = (-6.0, 1.5)
"""[M/H] that a population may have."""

LARGEST_Z = 0.15
_LARGEST_COMMON_Z = 0.055

_SOLAR_LOGARITHMS = re.compile(
    r"\[\s*(?:M|Z|Fe|Me)\s*/\s*H\s*\](?!\s*[=:])|log_?(?:10)?\s*\(?\s*\[?\s*Z\s*/\s*Z_?\(?(?:sun|sol|[o0](?!\w)|☉|⊙)"
    r"|(?<![a-z])dex(?![a-z])|log_?(?:10)?\s*\(?Z_?\(?(?:solar|sun)",
    re.IGNORECASE,
)
_SOLAR_UNITS = re.compile(
    r"Z\s*/\s*Z_?(?:sun|sol|[o0](?!\w)|☉|⊙)|solar\s+units?|(?:in|to)\s+(?:units?\s+of\s+)?(?:the\s+)?(?:solar|sun|Z_?sun)"
    r"|\[\s*(?:solar|Z_?sun)\s*\]",
    re.IGNORECASE,
)
_LOG_OF_Z = re.compile(r"log_?(?:10)?\s*\(?\s*Z\b", re.IGNORECASE)
_PERCENT_OF_SOLAR = re.compile(r"(?:%|per\s?cent)\s*(?:of\s+)?(?:the\s+)?(?:solar|sun|Z_?sun)", re.IGNORECASE)
_PERCENT = re.compile(r"%|per\s?cent|10\*\*-2", re.IGNORECASE)

_FRACTION_NAMES = {"z", "zini", "zinit"}
_UNCLEAR_NAMES = {"zmet", "zmetal", "zstar", "metal", "metallic", "metallicity", "met", "metals"}
_SOLAR_NAMES = {"zsol"}
_DEX_NAMES = {"mh", "zh", "feh", "meh", "moh", "logzsol", "logzzsun", "logzzsol", "dex"}

_NAMES = (_DEX_NAMES, _FRACTION_NAMES, _UNCLEAR_NAMES, _SOLAR_NAMES, {"logz"})
"""The likeliest first."""

_WANTED = "call it Z (mass fraction) or MH ([M/H]), or say which it is in its comment"


def metallicity_name(names: Iterable[str]) -> str | None:
    """Return which of the keywords or columns is the metallicity, None where none is.

    [M/H], [Z/H] and [Fe/H] go before Z, which may be a redshift.
    """
    plain = {_letters(name).removesuffix("dex"): name for name in reversed(list(names))}
    return next((plain[name] for names in _NAMES for name in plain if name in names), None)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def metallicities(stated: Sequence[Stated], solar_metallicity: float) -> tuple[list[float], str]:
    """Return [M/H] of numbers under one name, and what had to be assumed, "" where nothing.

    Where one of them is negative, which Z is not, all are [M/H]; where several lie between 0 and 0.055, all are Z.

    Raises
    ------
    InputError
        As `metallicity`.
    """
    names = {one.name for one in stated if not one.said}
    if len(names) == 1 and _letters(*names) in _UNCLEAR_NAMES:
        values = [one.value for one in stated]
        said = "[M/H]" if min(values) < 0 else "mass fraction" if are_mass_fractions(values) else ""
        found = [metallicity(replace(one, said=said), solar_metallicity)[0] for one in stated]
        return found, f"{stated[0].name} is {said} (no unit)"
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
        unit = 1.0 if _SOLAR_UNITS.search(said) else solar_metallicity
        value = metallicity_of(10.0 ** min(stated.value, 9.0), unit)
    elif _PERCENT_OF_SOLAR.search(said):
        value = metallicity_of(stated.value / 100, 1.0)
    elif _PERCENT.search(said):
        value = metallicity_of(stated.value / 100, solar_metallicity)
    elif _SOLAR_UNITS.search(said) or name in _SOLAR_NAMES:
        value = metallicity_of(stated.value, 1.0)
    elif (bracket := re.search(r"\[([^\]]*)\](?!\s*[=:])", said)) and bracket[1].strip() not in ("", "-", "1"):
        raise InputError(f"its {stated} has the unit '{bracket[0]}', which is none of metallicity: {_WANTED}")
    elif name in _FRACTION_NAMES or is_fraction:
        if not 0 < stated.value <= LARGEST_Z:
            raise InputError(f"its {stated} is no mass fraction of metals: {_WANTED}")
        value = metallicity_of(stated.value, solar_metallicity)
    elif stated.value < 0 and name != "logz":
        value, assumed = stated.value, f"{stated.name} is [M/H] (no unit)"
    else:
        raise InputError(f"its {stated} may be Z or [M/H]: {_WANTED}")
    if not METALLICITIES[0] <= value <= METALLICITIES[1]:
        raise InputError(f"its {stated} is no metallicity of stars: {_WANTED}")
    return value, assumed
