"""The one kind of error that a user can cause."""


class InputError(Exception):
    """Something the user gave cannot be used.

    The message is one line: what was wrong, where (the file), and what to do. Commands print it and exit
    with status 2; the window shows it and stays as it was.
    """
