"""Ask two web servers for the work of one worker, all three from one setting."""
