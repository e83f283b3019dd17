"""Flags of predictions in words; `core.inference.domain.Flag` defines them, and its import costs seconds."""

FLAG_WORDS = {
    1: "too few usable bands, or one that the model needs is missing",
    2: "outside the redshifts that the model was trained on",
    4: "brighter or fainter than what the model was trained on",
    8: "no SED of the libraries is near (chi2)",
    16: "its colours are unlike those of the mocks (feature distance)",
}
"""By bit."""

_SHORT = {1: "bands", 2: "z", 4: "mag", 8: "χ²", 16: "colours"}


def flag_words(flag: int) -> tuple[str, ...]:
    """Return what a flag says, one clause for each bit."""
    return tuple(words for bit, words in FLAG_WORDS.items() if flag & bit)


def short_flag(flag: int) -> str:
    """Return a flag in a word or two, for a column of a table."""
    return " ".join(word for bit, word in _SHORT.items() if flag & bit)
