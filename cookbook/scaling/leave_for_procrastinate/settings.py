"""Two queues side by side; a line of MOVE_TO_PROCRASTINATE says where new tasks go."""

INSTALLED_APPS = ["procrastinate.contrib.django"]

# False: the worker of Procrastinate knows the task. True: new tasks go there.
MOVE_TO_PROCRASTINATE = {"django.core.mail.send_mail": False}

PROCRASTINATE_IMPORT_PATHS = ["cookbook.scaling.leave_for_procrastinate.tasks"]
