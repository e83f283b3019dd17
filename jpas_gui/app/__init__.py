"""Controllers: state -> compute -> view. No widgets, no file formats."""
