"""Django's Tasks: one decorator for every backend; here its own database worker."""

from django_tasks import task

from cookbook.evidence.which_queue import program


@task()
def run(name, number):
    getattr(program, name)(number)


@task()
async def pause(number):
    await program.pause(number)


def send(name, number):
    if name == "pause":
        pause.enqueue(number)
    else:
        run.enqueue(name, number)
