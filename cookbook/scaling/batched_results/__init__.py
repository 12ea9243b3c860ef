"""Write the results of many tasks with one statement."""
