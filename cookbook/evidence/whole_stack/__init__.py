"""Run web servers and worker from one settings file, and ask them."""
