"""Tasks that wait: behind one that hangs, and for a cluster that was killed."""
