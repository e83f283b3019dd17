"""Which columns of a table are wavelengths and spectra."""

import re
from collections.abc import Sequence

WAVELENGTH = re.compile(
    r"(log_?)?(wave|wavelengths?|waves|lambda|lam|lams|wl|wlen|loglam|frequency|freq|nu)(_?(air|vac|vacuum|aa|ang|nm|um))?",
    re.IGNORECASE,
)
SPECTRUM = re.compile(
    r"flux(es)?|flam|fnu|f_?(lambda|lam|nu)|l_?(lambda|lam|nu)|flux_?(lambda|lam|nu|density)|lumin(osity)?|lum|"
    r"spec|spectr(um|a)|seds?|ssps?|spec_flux",
    re.IGNORECASE,
)


def find_column(names: Sequence[str], pattern: re.Pattern[str]) -> str | None:
    """Return the first name that a pattern fits as a whole, None where there is none."""
    return next((name for name in names if pattern.fullmatch(name.strip())), None)


def medium_of_name(name: str) -> str:
    """Return "air" or "vacuum" where the name of a column of wavelengths or frequencies says it, "" where not."""
    words = re.split(r"[^a-z]+", name.lower())
    if "air" in words:
        return "air"
    return "vacuum" if {"vac", "vacuum", "frequency", "freq", "nu"} & set(words) else ""
