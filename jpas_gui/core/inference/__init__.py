"""From photometry to populations: mock samples, networks and their training, and the exact posterior.

The only part of the core that imports torch, and only in the modules that need it.
"""
