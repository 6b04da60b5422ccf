"""Browser journeys through the real app: real process, real training, real Chromium."""
