"""Settings that crash a command, have no effect, or make every task fail."""
