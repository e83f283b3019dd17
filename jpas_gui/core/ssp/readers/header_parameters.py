"""Age and metallicity of a model as the headers of its file give them."""

import re
from collections.abc import Sequence

from astropy.io import fits

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.readers.ages import is_age
from jpas_gui.core.ssp.readers.metallicities import metallicity_name
from jpas_gui.core.ssp.readers.stated import Stated


def parameters_of_header(headers: Sequence[fits.Header]) -> tuple[Stated, Stated]:
    """Return age and metallicity as the headers of a file give them.

    Raises
    ------
    InputError
        If they do not, with the reason alone.
    """
    keys = [key for header in headers for key in header if not _is_redshift(header, key)]
    age, metals = next((key for key in keys if is_age(key)), None), metallicity_name(keys)
    if not age or not metals:
        missing = " and ".join(word for word, key in (("age (AGE)", age), ("metallicity (Z, MH)", metals)) if not key)
        raise InputError(f"its header does not give {missing}")
    return _stated(headers, age), _stated(headers, metals)


def _is_redshift(header: fits.Header, key: str) -> bool:
    try:
        return key == "Z" and "redshift" in header.comments[key].lower()
    except fits.VerifyError:
        return False


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
