"""Science of the program: no Qt, no torch outside `inference`."""
