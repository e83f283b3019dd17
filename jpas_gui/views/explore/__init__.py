"""The explorer: sliders, SED, differences and library coverage."""
