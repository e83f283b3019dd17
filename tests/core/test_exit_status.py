"""Exit statuses in words."""

import pytest

from jpas_gui.core.exit_status import exit_text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (1, "ended with exit status 1"),
        (-9, "ended by signal 9 (SIGKILL): was the memory full, or did somebody kill it?"),
        (-11, "ended by signal 11 (SIGSEGV): a fault in a library, or in the machine"),
        (-15, "ended by signal 15 (SIGTERM)"),
        (-99, "ended by signal 99"),
    ],
)
def test_how_a_program_ended(status, text):
    assert exit_text(status) == text
