"""Run a long async workflow in the background and watch its progress."""
