"""Send the lines that Django-Q2 logs to your own handlers."""
