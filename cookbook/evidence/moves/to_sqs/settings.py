import os

Q_CLUSTER["sqs"] = {
    "aws_region": "eu-central-1",
    "receive_message_wait_time_seconds": 20,
}

if os.environ.get("QUEUE") == "old":
    Q_CLUSTER["sqs"] = None
