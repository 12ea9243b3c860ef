"""Failed tasks in the admin: the error, the attempts, and who may queue them again."""
