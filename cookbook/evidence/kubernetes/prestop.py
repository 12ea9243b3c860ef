"""Stop a pod in the order of Kubernetes, without and with a preStop hook.

The grace period of 12 seconds begins with the hook, which takes 11 of them:

>>> from cookbook.evidence.kubernetes.prestop import stop
>>> stop([])
exit code 0
tasks were cut off: False
>>> stop(["sleep", "11"])
tasks begun while the hook ran: True
exit code -9
tasks were cut off: True
"""

import signal
import subprocess
import time

from cookbook.harness import trial

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "queue_limit": 1,
    "timeout": 30,
    "retry": 240,
}
ENQUEUE = """
from django_q.tasks import async_task
for number in range(20):
    async_task("time.sleep", 1.5)
"""


def stop(hook, grace=12):
    """Run the hook, then send SIGTERM, then SIGKILL when the grace period is over."""
    with trial.workspace({"Q_CLUSTER": Q_CLUSTER}) as environment:
        trial.shell(environment, ENQUEUE)
        pod = trial.Cluster(environment).start().wait(90)
        trial.wait_until(lambda: begun(pod), 90, lambda: pod.log)
        end = time.monotonic() + grace
        if hook:
            before = begun(pod)
            subprocess.run(hook, timeout=grace)
            print("tasks begun while the hook ran:", begun(pod) > before)
        pod.process.send_signal(signal.SIGTERM)
        try:
            pod.process.wait(end - time.monotonic())
        except subprocess.TimeoutExpired:
            pod.kill()
        print("exit code", pod.process.returncode)
        print("tasks were cut off:", begun(pod) > pod.log.count("Processed '"))


def begun(pod):
    return pod.log.count(" processing ")
