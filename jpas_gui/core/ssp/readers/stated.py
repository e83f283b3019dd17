"""A number of a file, and what the file says beside it."""

from dataclasses import dataclass


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
