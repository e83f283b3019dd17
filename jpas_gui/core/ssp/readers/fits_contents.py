"""What a FITS file holds, in words, where no reader knows it."""

from jpas_gui.core.errors import InputError
from jpas_gui.core.ssp.model_files import ModelFile
from jpas_gui.core.ssp.readers.fits_spectra import FitsFile, look_into
from jpas_gui.core.ssp.readers.model_parameters import is_age, metallicity_name

_LISTED = 6


def describe_fits(file: ModelFile) -> str:
    """Return what a file holds and what it lacks, e.g. ``"holds an image of 4563 pixels and gives no age"``."""
    try:
        with look_into(file) as hdus:
            held = [text for hdu in range(len(hdus.names())) if (text := _held(hdus, hdu))]
            keys = [key for hdu in range(len(hdus.names())) for key in (*hdus.header(hdu), *hdus.columns(hdu))]
    except InputError as error:
        return f"is {error}" if str(error).startswith(("cut", "not")) else str(error)
    age, metals = next((key for key in keys if is_age(key)), None), metallicity_name(keys)
    missing = " and ".join(word for word, key in (("age (AGE)", age), ("metallicity (Z, MH)", metals)) if not key)
    listed = ", ".join(held[:_LISTED]) or "no data"
    more = f" and {len(held) - _LISTED} more HDUs" if len(held) > _LISTED else ""
    gives = f"gives no {missing}: write it into the header" if missing else f"gives {age} and {metals}"
    return f"holds {listed}{more}, and {gives}"


def _held(hdus: FitsFile, hdu: int) -> str:
    if columns := hdus.columns(hdu):
        return f"a table of {', '.join(columns[:_LISTED])}{' ...' if len(columns) > _LISTED else ''}"
    shape = hdus.shape(hdu)
    return f"an image of {' x '.join(map(str, reversed(shape)))} pixels" if shape else ""
