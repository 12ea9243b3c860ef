"""The parts of the site that are neither page nor proof: theme, search, pictures."""
