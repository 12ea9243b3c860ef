"""Run tasks with valid arguments only, and store errors that give nothing away."""
