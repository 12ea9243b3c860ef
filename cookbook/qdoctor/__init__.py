"""Find the mistakes in a Django-Q2 project before its tasks do."""
