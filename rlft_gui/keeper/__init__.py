"""The keeper: the one process per home that starts queued runs, takes in what they report and settles those that ended."""
