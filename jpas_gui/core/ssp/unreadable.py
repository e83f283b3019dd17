"""What is said when some files of a library are bad."""

from jpas_gui.core.errors import InputError


class UnreadableModels(InputError):  # noqa: N818 - the name says what there is to go on without
    """Some files of a folder or archive cannot be used; the others can.

    Parameters
    ----------
    where : str
        The folder or archive.
    unreadable : tuple of (str, str)
        Place of each within the folder or archive, and the reason.
    n_files : int
        How many files there are, bad ones included.
    """

    def __init__(self, where: str, unreadable: tuple[tuple[str, str], ...], n_files: int) -> None:
        self.unreadable = unreadable
        self.n_files = n_files
        (place, reason), *others = unreadable
        one = not others
        super().__init__(
            f"{where}: {len(unreadable)} of {n_files} files cannot be used{': ' if one else ', the first is '}"
            f"{place} ({reason}). The other {n_files - len(unreadable)} can be read without "
            f"{'it' if one else 'them'}"
        )
