import os

Q_CLUSTER |= {"orm": None, "redis": os.environ["REDIS_URL"]}

if os.environ.get("QUEUE") == "old":
    Q_CLUSTER["orm"] = "default"
