"""Work away from the GUI thread."""
