"""Results that cannot be found, and hooks that are called too often."""
