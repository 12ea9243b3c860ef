"""What the examples of the page run under; they call the scheduler themselves."""

Q_CLUSTER = {
    "name": "shop",
    "orm": "default",
    "workers": 1,
    "timeout": 30,
    "retry": 60,
    "scheduler": False,
}
TIME_ZONE = "Europe/Berlin"
DATABASES = {"default": {"OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20}}}
