"""``python -m jpas_gui`` is the command ``jpas-gui``."""

import sys

from jpas_gui.cli import main

if __name__ == "__main__":
    sys.exit(main())
