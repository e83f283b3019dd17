"""jpas-gui: stellar populations through the 56 bands of J-PAS."""

__version__ = "0.1.0"
