"""Who may use a home: its owner by a token of this machine, others by name and password."""
