"""The exact posterior of a galaxy under one library."""
