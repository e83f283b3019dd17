"""The libraries, models and filter curves that the program knows."""
